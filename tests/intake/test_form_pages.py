"""What a visitor sends by a form becomes a lead with an activity, consent and its evidence, through the one intake."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from intake.models import BatchReceipt, FormCount, FormSighting, Site, Submission, WebForm
from intake.webforms.guards import test_mark as mark_of_test
from leads.models import Activity, Lead
from leads.models import Visitor as Browser
from tests.factories import LeadFactory
from tests.intake.form_visits import PERSON, Visitor, asked, published_form, question

pytestmark = pytest.mark.django_db
PAGE = "https://www.example.com"


@pytest.fixture(autouse=True)
def no_limits() -> None:
    cache.clear()


@pytest.fixture
def site() -> Site:
    return Site.objects.create(name="Main", allowed_origins=[PAGE, "https://*.shop.example"], needs_consent=False)


@pytest.fixture
def form(marketer: User, site: Site) -> WebForm:
    return published_form(marketer, site=site)


def states() -> list[tuple[str, str]]:
    return list(Submission.objects.order_by("pk").values_list("state", "caught"))


def test_a_submission_becomes_a_named_lead_with_company_reading_consent_and_activity(form: WebForm) -> None:
    answer = Visitor(form).send()
    assert (answer.status_code, "送信しました" in answer.content.decode()) == (200, True)
    lead = Lead.objects.get()
    assert (lead.name, lead.kana, lead.email) == ("佐藤 花子", "サトウ ハナコ", "hanako@example.jp")
    assert (lead.company.name, lead.consent, lead.is_anonymous) == ("アクメ株式会社", True, False)
    activity = Activity.objects.get()
    assert (activity.type.code, activity.object, activity.source) == ("form_submit", "資料請求", form.source)
    submission = Submission.objects.get()
    assert (submission.state, submission.lead_id, submission.activity_id) == ("taken", lead.pk, activity.pk)
    assert submission.consent["given"] is True
    assert submission.consent["text"].startswith("入力した内容を")
    receipt = BatchReceipt.objects.get()
    assert (receipt.door.kind, receipt.received, receipt.taken) == ("form", 1, 1)


def test_the_page_works_without_a_session_and_nothing_from_elsewhere(form: WebForm) -> None:
    answer = Visitor(form).open()
    assert answer.cookies == {}
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert policy.endswith(f"frame-ancestors {PAGE} https://*.shop.example")
    assert "X-Frame-Options" not in answer.headers


def test_one_language_a_page(form: WebForm) -> None:
    japanese = Visitor(form).open().content.decode()
    english = Visitor(form, lang="en").open().content.decode()
    assert ('lang="ja"' in japanese, "セイ" in japanese or "フリガナ" in japanese or "required" not in japanese) == (
        True,
        True,
    )
    assert "I agree that you use what I entered" in english
    assert "必須" not in english


def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(form: WebForm) -> None:
    answer = Visitor(form).send(**{"q-email": "hanako@", "q-person-family_kana": "佐藤", "q-consent": ""})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="hanako@"' in page
    assert 'value="アクメ株式会社"' in page
    assert page.count('class="error" id="error-email" aria-live="polite">“hanako@”') or "hanako@" in page
    assert not Lead.objects.exists()
    assert set(FormCount.objects.filter(errors=1).values_list("field", flat=True)) == {"email", "person", "consent"}


def test_the_same_page_sent_twice_is_one_submission(form: WebForm) -> None:
    visitor = Visitor(form)
    token = visitor.token()
    for _time in range(3):
        assert visitor.send(token).status_code == 200
    assert (Submission.objects.count(), Activity.objects.count(), Lead.objects.count()) == (1, 1, 1)
    assert [(row.taken, row.twice) for row in BatchReceipt.objects.order_by("pk")] == [(1, 0), (0, 1), (0, 1)]


def test_earlier_visits_of_the_browser_and_its_source_come_along(form: WebForm) -> None:
    anonymous = Lead.objects.create(is_anonymous=True)
    Browser.objects.create(key="visitor-1", lead=anonymous)
    Visitor(form).send(
        visitor="visitor-1", url=f"{PAGE}/pricing?utm_source=google&utm_medium=cpc&utm_campaign=spring", referrer=""
    )
    lead = Lead.objects.get(merged_into=None)
    assert (lead.pk, lead.name, lead.is_anonymous) == (anonymous.pk, "佐藤 花子", False)
    assert (lead.source.code if lead.source else None, lead.campaign) == ("paid_search", "spring")
    submission = Submission.objects.get()
    assert (submission.page, submission.touch["campaign"]) == ("www.example.com/pricing", "spring")
    assert FormSighting.objects.get().host == "www.example.com"


def test_two_people_on_one_browser_stay_two(form: WebForm) -> None:
    Visitor(form).send(visitor="visitor-1")
    Visitor(form).send(visitor="visitor-1", **{"q-email": "ichiro@example.jp", "q-person-given": "一郎"})
    assert sorted(Lead.objects.filter(merged_into=None).values_list("name", flat=True)) == ["佐藤 一郎", "佐藤 花子"]


def test_without_an_address_the_telephone_and_the_name_say_who_it_is(marketer: User, site: Site) -> None:
    form = published_form(marketer, asked("lead.phone", required=True), site=site)
    version = form.published
    assert version is not None
    fields = [each | {"required": False} if each["code"] == "email" else each for each in version.document["fields"]]
    type(version).objects.filter(pk=version.pk).update(document=version.document | {"fields": fields})
    Browser.objects.create(key="visitor-1", lead=Lead.objects.create(is_anonymous=True))
    Visitor(form).send(visitor="visitor-1", **{"q-email": "", "q-phone": "０３－１２３４－５６７８"})
    Visitor(form).send(**{"q-email": "", "q-phone": "03(1234)5678"})
    Visitor(form).send(**{"q-email": "", "q-phone": "03-1234-5678", "q-person-given": "一郎"})
    named = Lead.objects.filter(merged_into=None)
    assert sorted(named.values_list("name", "phone", "is_anonymous")) == [
        ("佐藤 一郎", "03-1234-5678", False),
        ("佐藤 花子", "03-1234-5678", False),
    ]
    assert Browser.objects.get(key="visitor-1").lead.name == "佐藤 花子"


def test_who_types_an_address_of_somebody_else_changes_nothing_that_is_known(form: WebForm) -> None:
    LeadFactory(email="hanako@example.jp", name="鈴木 花子", consent=False)
    Visitor(form).send()
    lead = Lead.objects.get()
    assert (lead.name, lead.consent, lead.company.name if lead.company else "") == (
        "鈴木 花子",
        False,
        lead.company.name if lead.company else "",
    )


def test_a_question_becomes_a_property_and_the_enquiry_is_read(marketer: User, site: Site) -> None:
    more = (question("timing", "now", "later"), asked("lead.enquiry"))
    form = published_form(marketer, *more, site=site)
    refused = Visitor(form).send(**{"q-timing": "never"})
    assert refused.status_code == 422
    Visitor(form).send(**{"q-timing": "now", "q-enquiry": "50名で使いたいので見積もりをお願いします。"})
    properties = Activity.objects.get().properties
    assert (properties["timing"], properties["reading_quote"], properties["consent"]) == ("now", True, True)


def test_the_post_code_fills_in_the_address_with_and_without_a_script(marketer: User, site: Site) -> None:
    form = published_form(marketer, asked("lead.address"), site=site)
    found = Client().get("/f/postcode", {"code": "１０５－００１１"}).json()
    assert found == {"region": "東京都", "line": "港区芝公園"}
    assert Client().get("/f/postcode", {"code": "' OR 1=1"}).json() == {}
    filled = Visitor(form).send(fill="address", **{"q-address-postcode": "1050011"}).content.decode()
    assert ('value="東京都"' in filled, Lead.objects.exists()) == (True, False)
    Visitor(form).send(**{"q-address-postcode": "105-0011", "q-address-line": "港区芝公園4-2-8"})
    assert Lead.objects.get().region == "東京都"
    assert Activity.objects.get().properties["address"] == "港区芝公園4-2-8"


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"website_url": "http://spam.example"}, "honeypot"),
        ({"agent": "python-requests/2.32"}, "program"),
        ({"waits": "0"}, "fast"),
    ],
)
def test_what_looks_like_a_program_is_caught_and_counted_and_makes_nobody(
    form: WebForm, how: dict[str, str], reason: str
) -> None:
    visitor = Visitor(form, **({"agent": how["agent"]} if "agent" in how else {}))
    token = visitor.token(waits=timedelta(0) if "waits" in how else timedelta(minutes=1))
    answer = visitor.send(token, **{name: how[name] for name in how.keys() & {"website_url"}})
    assert answer.status_code == 200
    assert (states(), Lead.objects.exists()) == ([("caught", reason)], False)
    receipt = BatchReceipt.objects.get()
    assert (receipt.received, receipt.filtered) == (1, 1)


def test_many_from_one_address_are_caught_and_far_too_many_refused(form: WebForm) -> None:
    visitor = Visitor(form)
    for number in range(7):
        visitor.send(**{"q-email": f"a{number}@example.jp"})
    assert [caught for _state, caught in states()] == ["", "", "", "", "", "rate", "rate"]
    for _time in range(194):
        Client().post("/nowhere")
    assert Visitor(form, address="192.0.2.9").send(**{"q-email": "b@example.jp"}).status_code == 200


def test_a_test_is_kept_as_a_test_and_scores_nobody(form: WebForm) -> None:
    visitor = Visitor(form, test=mark_of_test(form))
    assert "This is a test" in Visitor(form, test=mark_of_test(form), lang="en").open().content.decode()
    assert visitor.send().status_code == 200
    submission = Submission.objects.get()
    assert (submission.state, submission.is_test, Lead.objects.exists()) == ("test", True, False)


def test_a_foreign_page_may_not_send(form: WebForm) -> None:
    assert Visitor(form).send(origin="https://evil.example").status_code == 403
    assert Visitor(form).send(origin="null").status_code == 403
    assert not Submission.objects.exists()


def test_a_page_that_is_not_ours_or_too_old_is_asked_again_with_what_was_typed(form: WebForm) -> None:
    for token in ("forged", Visitor(form).token(waits=timedelta(hours=25))):
        answer = Visitor(form).send(token)
        assert (answer.status_code, 'value="アクメ株式会社"' in answer.content.decode()) == (422, True)
    assert not Submission.objects.exists()


def test_leaving_a_field_tells_what_is_wrong_with_it_alone(form: WebForm) -> None:
    answer = Client().post(f"/f/{form.key}/check", {"left": "email", "q-email": "x", "language": "en"}).json()
    assert answer["error"].startswith("“x” isn’t an email address.")
    assert answer["hidden"] == []


def test_steps_are_counted_by_field_without_a_cookie(form: WebForm) -> None:
    told = {"reached": ["email", "person", "shoe"], "returned": ["person"], "last": "person"}
    url = f"/f/{form.key}/steps"
    agent = Visitor(form).headers
    assert Client().post(url, json.dumps(told), content_type="text/plain", headers=agent).status_code == 204
    rows = FormCount.objects.order_by("field").values_list("field", "reached", "left", "returned")
    assert list(rows) == [("", 1, 0, 0), ("email", 1, 0, 0), ("person", 1, 1, 1)]


HOSTILE = [
    "\0\ud800", "👍\u202e" * 10, "x" * 1_000_000, "<script>alert(1)</script>", "=1+1", "a@b.c\r\nBcc: x@y.z",
    "１" * 400,
]  # fmt: skip
INPUTS = ["q-company_name", "q-email", "q-person-family", "q-consent", "language", "token", "url"]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("name", INPUTS)
def test_hostile_input_is_refused_or_harmless(form: WebForm, name: str, value: str) -> None:
    visitor = Visitor(form)
    token = visitor.token()
    body: Any = PERSON | {"token": token, name: value.encode("utf-8", "surrogatepass")}
    answer = visitor.client.post(visitor.url, body, headers=visitor.headers)
    assert answer.status_code in (200, 403, 413, 422)
    assert "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("body", [b"", b"[]", b'{"reached": 1}', b"[" * 9_000, b'{"reached": [{}, 1e400]}', b"\xff"])
def test_hostile_steps_are_refused_or_count_nothing(form: WebForm, body: bytes) -> None:
    answer = Client().post(f"/f/{form.key}/steps", body, content_type="text/plain")
    assert answer.status_code in (204, 400)
    assert not FormCount.objects.exists()


def test_a_form_that_is_not_there_not_published_or_off_is_closed(form: WebForm, marketer: User) -> None:
    assert Client().get("/f/nothing").status_code == 404
    WebForm.objects.update(is_active=False)
    assert Client().get(f"/f/{form.key}").status_code == 404
    assert Client().post(f"/f/{form.key}", PERSON).status_code == 404
