"""A caller is found, whoever's lead it is, and their enquiry reaches whoever looks after them."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from leads.models import Activity, Lead
from leads.models.search_text import PhoneKey
from leads.queries.search import searched
from notices.actions import deliver_due
from notices.models import Notice
from tests.factories import CompanyFactory, LeadFactory
from web.cleaning import phone_key

SPELLINGS = [
    "03-1234-5678", "+81 3 1234 5678", "+81-3-1234-5678", "０３（１２３４）５６７８ 内線12", "+81 (0)3-1234-5678",
    "0312345678 ext. 44", "03ー1234ー5678", "0081 3 1234 5678", "(03)1234-5678",
]  # fmt: skip
PART = {"HX-Request": "true"}


@pytest.fixture
def held(outsider: User) -> Lead:
    """A lead of another team's rep."""
    return LeadFactory(
        name="佐藤　一郎", kana="サトウ イチロウ", email="ichiro@acme.example", phone="０３（１２３４）５６７８",
        company=CompanyFactory(name="株式会社アクメ"), owner=outsider, team=outsider.team,
    )  # fmt: skip


def typed(client: Client, words: str) -> str:
    """What stands under the search field while somebody types."""
    shown = client.get(reverse("leads:search"), {"q": words}, headers=PART).content.decode()
    return shown.replace(words, "") if len(words) > 1 else shown


def found(client: Client, words: str) -> list[str]:
    """The names of the leads that are found."""
    answer = client.get(reverse("leads:search"), {"q": words}, headers=PART)
    return [lead.name for lead in [*answer.context["found"].leads, *answer.context["found"].held]]


@pytest.mark.django_db
@pytest.mark.parametrize("stored", SPELLINGS)
def test_a_number_has_one_key_in_any_spelling(stored: str) -> None:
    lead = LeadFactory(phone=stored[:40])
    in_database = Lead.objects.filter(pk=lead.pk).values_list(PhoneKey("phone"), flat=True).get()
    assert (in_database, phone_key(stored)) == ("0312345678", "0312345678")


@pytest.mark.parametrize(("words", "key"), [("Sato", ""), ("12", ""), ("a@b.example", ""), ("1234-5678", "12345678")])
def test_what_is_no_number_has_no_key(words: str, key: str) -> None:
    assert phone_key(words) == key


WORDS = [
    "佐藤一郎",
    "佐藤 一郎",
    "一郎",
    "さとう",
    "ｻﾄｳ",
    "サトウイチロウ",
    "アクメ",
    "ｱｸﾒ 佐藤",
    "ICHIRO@acme.example",
    *SPELLINGS,
]


@pytest.mark.parametrize("words", WORDS)
def test_a_rep_finds_anybodys_lead_and_who_has_it(client: Client, rep: User, held: Lead, words: str) -> None:
    client.force_login(rep)
    shown = typed(client, words).split(reverse("leads:new"))[0]
    told = [found(client, words) == [held.name], *(word in shown for word in ("Osamu Outsider", "Osaka"))]
    hidden = [word in shown for word in ("ichiro@", "5678", "５６７８", held.get_absolute_url() + '"')]
    assert (told, hidden) == ([True, True, True], [False, False, False, False])


@pytest.mark.parametrize("words", ["ichiro@acme", "acme.exampl", "1234-5678", "03123456", "ich"])
def test_a_part_of_an_address_finds_nothing_of_other_owners(client: Client, rep: User, held: Lead, words: str) -> None:
    client.force_login(rep)
    assert found(client, words) == []


@pytest.mark.parametrize("words", [*WORDS, "1234-5678", "ichiro@"])
def test_ones_own_lead_is_found_by_any_part_and_opens(client: Client, rep: User, held: Lead, words: str) -> None:
    Lead.objects.filter(pk=held.pk).update(owner=rep, team=rep.team)
    client.force_login(rep)
    assert f'href="{held.get_absolute_url()}"' in typed(client, words)


def test_companies_are_found_in_any_spelling(client: Client, rep: User, held: Lead) -> None:
    Lead.objects.filter(pk=held.pk).update(owner=rep, team=rep.team)
    client.force_login(rep)
    address = reverse("leads:company", args=[held.company_id])
    assert [address in typed(client, words) for words in ("アクメ", "ｱｸﾒ", "あくめ", "株式会社アクメ")] == [True] * 4


def test_external_staff_find_nobody_elses_leads(client: Client, helper: User, held: Lead) -> None:
    client.force_login(helper)
    assert [found(client, words) for words in ("佐藤", "アクメ", "03-1234-5678")] == [[]] * 3


def test_the_owner_is_left_a_message(client: Client, rep: User, outsider: User, held: Lead, now) -> None:
    client.force_login(rep)
    answer = client.post(reverse("leads:message", args=[held.pk]), {"text": "Please call back at 3"})
    deliver_due(now=now)
    while deliver_due(now=Notice._meta.get_field("created_at").get_default()):
        pass
    notice = Notice.objects.get(user=outsider)
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("leads:search"))
    assert (notice.kind, notice.params["text"], notice.params["by"]) == (
        "leads.message", "Please call back at 3", "Ren Rep",
    )  # fmt: skip
    assert held.notes.get().text == "Please call back at 3"


def test_the_enquiry_of_a_caller_is_attached_to_their_lead(
    client: Client, rep: User, outsider: User, held: Lead
) -> None:
    client.force_login(rep)
    form = {"enquiry": "30名での導入を検討中です", "enquiry_type": "phone_call"}
    client.post(reverse("leads:enquiry", args=[held.pk]), form)
    while deliver_due(now=Notice._meta.get_field("created_at").get_default()):
        pass
    activity = Activity.objects.get(lead=held)
    assert (activity.type.code, activity.properties["text"], activity.source) == (
        "phone_call", "30名での導入を検討中です", f"person:{rep.pk}",
    )  # fmt: skip
    assert Notice.objects.get(user=outsider).kind == "leads.enquiry"


@pytest.mark.parametrize("whose", ["inactive owner", "nobody"])
def test_a_message_reaches_somebody_whoever_is_gone(
    client: Client, rep: User, outsider: User, admin: User, held: Lead, whose: str
) -> None:
    User.objects.filter(pk=outsider.pk).update(is_active=False)
    if whose == "nobody":
        Lead.objects.filter(pk=held.pk).update(owner=None)
    client.force_login(rep)
    client.post(reverse("leads:message", args=[held.pk]), {"text": "Call back"})
    while deliver_due(now=Notice._meta.get_field("created_at").get_default()):
        pass
    assert [notice.user for notice in Notice.objects.all()] == [admin]


@pytest.mark.parametrize(
    ("words", "field"), [("090-1111-2222", "phone"), ("neu@neu.example", "email"), ("Nakano", "name")]
)
def test_an_unknown_caller_is_entered_with_what_was_typed(client: Client, rep: User, words: str, field: str) -> None:
    client.force_login(rep)
    shown = client.get(reverse("leads:search"), {"q": words}, headers=PART).content.decode()
    assert f"{reverse('leads:new')}?{field}={quote(words)}" in shown
    form = client.get(reverse("leads:new"), {field: words}).context["form"]
    assert form[field].value() == words


def test_who_refused_contact_is_marked_where_somebody_could_call(client: Client, rep: User, held: Lead) -> None:
    Lead.objects.filter(pk=held.pk).update(consent=False)
    client.force_login(rep)
    assert "want to be contacted" in typed(client, "佐藤")


@pytest.mark.parametrize("words", ["%", "_", "\\", "'", "\x00", "[", "a" * 300])
def test_no_character_means_another_one(client: Client, rep: User, held: Lead, words: str) -> None:
    client.force_login(rep)
    assert found(client, words) == []
    assert list(searched(Lead.objects.all(), words.replace("\x00", "%"), rep)) == []
