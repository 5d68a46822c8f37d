"""Publishing as people do it: heard of by everybody, agreed to by sales where it has to, read, and undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.languages import as_read_by
from accounts.models import User
from notices.actions import deliver_due
from notices.models import Notice, OutboxMessage
from notices.wording import NoticeWords, words_of
from scoring.actions import publish_version, run_rescores, score_all_dirty
from scoring.enums import Side
from scoring.models import ScoringModel, Version
from studio.actions.approval import (
    DecidedError,
    NobodyToApproveError,
    OwnProposalError,
    approve,
    ask_approval,
    send_back,
)
from studio.actions.publication import go_back, publish_draft
from studio.actions.sign_off import BothSidesError, sign
from studio.draft.store import draft_token, save_draft, start_model
from studio.models import Proposal, VersionNumbers
from studio.queries.definition import agreements
from studio.queries.readers import readers_of
from tests.clients import as_
from tests.factories import LeadFactory, UserFactory, activity
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def words_for(user: User, kind: str, params: dict[str, Any]) -> NoticeWords:
    """A notice as its receiver reads it."""
    with as_read_by(user):
        return words_of(kind, params)


def post(user: User, page: str, /, *args: Any, **typed: Any) -> Any:
    return as_(user).post(reverse(f"studio:{page}", args=args), typed)


def fresh(model: ScoringModel) -> ScoringModel:
    return ScoringModel.objects.select_related("current_version").get(pk=model.pk)


def draft(model: ScoringModel, by: User, now: datetime, **rule: Any) -> ScoringModel:
    current = fresh(model)
    raw = document(mail_rule(**rule))
    return save_draft(model=current, document=raw, revision=current.draft_revision, by=by, now=now)


@pytest.fixture
def model(admin: User, now: datetime) -> ScoringModel:
    """Version 1 in force, and a draft that raises the points of its rule to 8."""
    made = start_model(name="Default", document=document(mail_rule()), by=admin, now=now)
    publish_version(model=made, by=admin, note="first", now=now)
    return draft(made, admin, now, points=8)


def score(now: datetime) -> None:
    run_rescores(now=now)
    score_all_dirty(now=now)


# --- heard of and read -----------------------------------------------------------------------------------------------


def test_everybody_who_works_with_the_model_hears_of_a_version_and_says_that_they_read_it(
    model: ScoringModel, marketer: User, rep: User, manager: User, helper: User, admin: User, now: datetime
) -> None:
    version = publish_draft(model=model, by=marketer, note="Mails say more", now=now, revision=model.draft_revision)
    deliver_due(now=now)
    told = {notice.user: words_for(notice.user, notice.kind, notice.params) for notice in Notice.objects.all()}
    assert told.keys() == {rep, manager, admin}
    assert (told[rep].line, told[rep].body) == ("Default: version 2 published", "Mika Marketer: Mails say more")
    assert [(reader.user, reader.at) for reader in readers_of(version)] == [
        (admin, None),
        (manager, None),
        (rep, None),
        (marketer, now),
    ]
    for _press in range(2):
        assert post(rep, "read", model.pk, 2).status_code == 200
    page = as_(rep).get(version.get_absolute_url())
    assert (page.context["unread"], page.context["may_confirm"]) == (2, False)
    assert as_(manager).get(version.get_absolute_url()).context["may_confirm"] is True


@pytest.mark.parametrize(
    ("language", "line"),
    [("en", "Default: version 2 published"), ("ja", "「Default」のバージョン2を公開しました")],
)
def test_the_news_of_a_version_is_told_in_the_language_of_whoever_reads_it(
    model: ScoringModel, marketer: User, rep: User, now: datetime, language: str, line: str
) -> None:
    User.objects.filter(pk=rep.pk).update(language=language)
    publish_draft(model=model, by=marketer, note="why", now=now, revision=model.draft_revision)
    deliver_due(now=now)
    notice = Notice.objects.get(user=rep)
    assert words_for(User.objects.get(pk=rep.pk), notice.kind, notice.params).line == line


def test_of_an_older_version_nobody_is_missed_who_came_later(
    model: ScoringModel, marketer: User, rep: User, now: datetime
) -> None:
    publish_draft(model=model, by=marketer, note="second", now=now, revision=model.draft_revision)
    User.objects.update(created_at=now + DAY)
    first, second = Version.objects.order_by("number").select_related("model__current_version")
    assert [reader.user for reader in readers_of(first)] == []
    assert rep in [reader.user for reader in readers_of(second)]


# --- conflicts -------------------------------------------------------------------------------------------------------


def test_a_draft_that_somebody_changed_a_second_ago_is_refused_with_what_changed_and_the_note_is_kept(
    model: ScoringModel, marketer: User, admin: User, now: datetime
) -> None:
    looked = draft_token(model)
    draft(model, admin, now, points=3)
    page = post(marketer, "publish", model.pk, seen=looked, note="Mails say more")
    [change] = page.context["meanwhile"]
    assert (page.status_code, Version.objects.count()) == (409, 1)
    assert (change.before, change.after) == ("+8 · For each email open", "+3 · For each email open")
    assert page.context["form"]["note"].value() == "Mails say more"
    again = post(marketer, "publish", model.pk, seen=page.context["seen"], note="Mails say more")
    assert (again.status_code, Version.objects.count()) == (303, 2)


def test_a_draft_that_somebody_published_meanwhile_is_not_published_twice(
    model: ScoringModel, marketer: User, admin: User, now: datetime
) -> None:
    looked = draft_token(model)
    publish_draft(model=model, by=admin, note="mine", now=now, revision=model.draft_revision)
    page = post(marketer, "publish", model.pk, seen=looked, note="Keep this")
    assert (page.status_code, Version.objects.count()) == (409, 2)
    assert "Keep this" in page.content.decode()


def test_nonsense_for_what_was_seen_is_a_conflict(model: ScoringModel, marketer: User) -> None:
    page = post(marketer, "publish", model.pk, seen="²²²", note="x")
    assert (page.status_code, page.context["meanwhile"]) == (409, page.context["meanwhile"])
    assert Version.objects.count() == 1


# --- the numbers of the day ------------------------------------------------------------------------------------------


def test_a_version_keeps_the_numbers_of_its_day_and_going_back_brings_the_old_ones(
    publish: Publish, admin: User, now: datetime
) -> None:
    leads = [LeadFactory() for _ in range(3)]
    for lead, mails in zip(leads, (0, 1, 2), strict=True):
        for number in range(mails):
            activity(lead, "email_open", now - DAY, object=str(number))
    model = publish(document(mail_rule(points=40)))
    later = draft(model, admin, now, points=10)
    an_hour, two = now + timedelta(hours=1), now + timedelta(hours=2)
    publish_draft(model=later, by=admin, note="less", now=an_hour, revision=later.draft_revision)
    score(an_hour)
    go_back(version=model.current_version, by=admin, note="back", now=two)
    score(two)
    fields = (
        "version__number",
        "scored",
        "hot",
        "band_hot",
        "band_warm",
        "band_cold",
        "became_hot",
        "stopped_hot",
        "differing",
    )
    assert list(VersionNumbers.objects.order_by("version__number").values_list(*fields)) == [
        (1, 3, 1, 1, 1, 1, 1, 0, None),
        (2, 3, 0, 0, 0, 3, 0, 1, 0),
        (3, 3, 1, 1, 1, 1, 1, 0, 0),
    ]
    rows = as_(admin).get(reverse("studio:versions", args=[model.pk])).context["rows"]
    assert [(row.version.number, row.predicted, row.is_as_predicted) for row in rows] == [
        (3, {"entering": 1, "leaving": 0}, True),
        (2, {"entering": 0, "leaving": 1}, True),
        (1, None, None),
    ]


def test_a_lead_that_acts_before_it_is_scored_is_told_as_different(
    publish: Publish, admin: User, now: datetime
) -> None:
    """One was to become hot and does; another does so by an act of its own; a third is deleted: nobody."""
    becoming, gone, acting = LeadFactory(), LeadFactory(), LeadFactory()
    for lead in (becoming, gone):
        activity(lead, "email_open", now - DAY, object="1")
    model = publish(document(mail_rule(points=40)))
    later, then = draft(model, admin, now, points=70), now + timedelta(minutes=1)
    publish_draft(model=later, by=admin, note="more", now=then, revision=later.draft_revision)
    activity(acting, "email_open", then, object="1")
    gone.delete()
    score(then + timedelta(minutes=1))
    numbers = VersionNumbers.objects.get(version__number=2)
    assert (numbers.became_hot, numbers.stopped_hot, numbers.differing) == (2, 0, 1)
    row = as_(admin).get(reverse("studio:versions", args=[model.pk])).context["rows"][0]
    assert row.is_as_predicted is False


def test_numbers_stay_those_of_the_day(publish: Publish, now: datetime) -> None:
    lead = LeadFactory()
    publish(document(mail_rule(points=40)))
    activity(lead, "email_open", now, object="1")
    activity(lead, "email_open", now, object="2")
    score_all_dirty(now=now)
    assert VersionNumbers.objects.get().hot == 0


def test_a_version_that_another_one_overtook_has_no_numbers(model: ScoringModel, marketer: User, now: datetime) -> None:
    publish_draft(model=model, by=marketer, note="quick", now=now, revision=model.draft_revision)
    score(now)
    page = as_(marketer).get(reverse("studio:version", args=[model.pk, 1]))
    assert page.context["numbers"] is None
    assert "The next version was published before" in page.content.decode()
    assert VersionNumbers.objects.get().version.number == 2


def test_the_consequence_of_going_back_is_counted_first_and_is_what_happens(
    publish: Publish, admin: User, now: datetime
) -> None:
    for _ in range(2):
        lead = LeadFactory()
        for number in range(2):
            activity(lead, "email_open", now - DAY, object=str(number))
    model = publish(document(mail_rule(points=40)))
    publish(document(mail_rule(points=10)))
    found = as_(admin).get(reverse("studio:consequence", args=[model.pk, 1])).context["found"]
    assert (found.leads, found.entering, found.leaving, found.rebanded) == (2, 2, 0, 2)
    asked = post(admin, "roll_back", model.pk, 1, note="back")
    assert (asked.status_code, asked.context["question"].leads) == (422, 2)
    assert post(admin, "roll_back", model.pk, 1, note="back", handoffs="2").status_code == 303
    score(now)
    assert VersionNumbers.objects.get(version__number=3).became_hot == 2


def test_any_two_versions_are_compared_in_words(model: ScoringModel, marketer: User, now: datetime) -> None:
    publish_draft(model=model, by=marketer, note="more", now=now, revision=model.draft_revision)
    url = reverse("studio:compare", args=[model.pk])
    page = as_(marketer).get(url, {"one": 2, "other": 1})
    assert [(each.before, each.after) for each in page.context["changes"]] == [
        ("+8 · For each email open", "+5 · For each email open")
    ]
    assert as_(marketer).get(url, {"one": 9, "other": "x"}).status_code == 422


def test_the_list_of_versions_costs_the_same_queries_for_one_version_and_for_three(
    model: ScoringModel, marketer: User, now: datetime
) -> None:
    client, url, counts = as_(marketer), reverse("studio:versions", args=[model.pk]), []
    for points in (6, 7, 9):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
        changed = draft(model, marketer, now, points=points)
        publish_draft(model=changed, by=marketer, note="n", now=now, revision=changed.draft_revision)
        score(now)
        client.get(url)
    assert counts[1] == counts[2]


def test_versions_are_read_page_by_page_and_the_last_of_a_page_still_says_what_it_changed(
    model: ScoringModel, marketer: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.queries.versions.PAGE_SIZE", 2)
    for points in (6, 7):
        changed = draft(model, marketer, now, points=points)
        publish_draft(model=changed, by=marketer, note="n", now=now, revision=changed.draft_revision)
    client, url = as_(marketer), reverse("studio:versions", args=[model.pk])
    first = client.get(url).context
    assert [(row.version.number, len(row.changes)) for row in first["rows"]] == [(3, 1), (2, 1)]
    second = client.get(url, {"after": first["page"].after}).context
    assert [row.version.number for row in second["rows"]] == [1]
    assert len(second["form"].fields["one"].choices) == 3
    back = client.get(url, {"before": second["page"].before}).context
    assert [row.version.number for row in back["rows"]] == [3, 2]
    assert client.get(url, {"after": "not ours"}).context["rows"][0].version.number == 3


# --- the approval of sales -------------------------------------------------------------------------------------------


@pytest.fixture
def guarded(model: ScoringModel, admin: User) -> ScoringModel:
    """The same model; publishing needs the approval of sales."""
    post(admin, "approval", model.pk, needed="yes")
    return fresh(model)


def test_publishing_waits_for_sales_and_the_manager_publishes_by_agreeing(
    guarded: ScoringModel, marketer: User, manager: User, now: datetime
) -> None:
    answer = post(marketer, "publish", guarded.pk, seen=draft_token(guarded), note="Mails say more")
    asked = Proposal.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, asked.get_absolute_url())
    assert Version.objects.count() == 1
    assert OutboxMessage.objects.filter(user=manager, kind="scoring.approval_wanted").exists()
    assert post(manager, "decide", guarded.pk, asked.pk).status_code == 303
    version, asked = Version.objects.get(number=2), Proposal.objects.get()
    assert (version.published_by, version.note) == (marketer, "Mails say more")
    assert (asked.state, asked.decided_by, asked.version) == ("approved", manager, version)


def test_sending_back_needs_a_reason_and_leaves_the_draft(
    guarded: ScoringModel, marketer: User, manager: User, now: datetime
) -> None:
    asked = ask_approval(model=guarded, by=marketer, note="n", now=now, revision=guarded.draft_revision)
    assert post(manager, "decide", guarded.pk, asked.pk, send_back="yes", reason=" ").status_code == 422
    assert post(manager, "decide", guarded.pk, asked.pk, send_back="yes", reason="Too many").status_code == 303
    deliver_due(now=timezone.now())
    notice = Notice.objects.get(user=marketer)
    assert words_for(marketer, notice.kind, notice.params).body == "Too many"
    assert (Version.objects.count(), fresh(guarded).draft) == (1, guarded.draft)


def test_a_request_is_about_one_state_of_the_draft(
    guarded: ScoringModel, marketer: User, manager: User, now: datetime
) -> None:
    asked = ask_approval(model=guarded, by=marketer, note="n", now=now, revision=guarded.draft_revision)
    draft(guarded, marketer, now, points=9)
    assert post(manager, "decide", guarded.pk, asked.pk).status_code == 422
    assert (Version.objects.count(), Proposal.objects.get().state) == (1, "waiting")
    changed = fresh(guarded)
    ask_approval(model=changed, by=marketer, note="n", now=now, revision=changed.draft_revision)
    assert sorted(Proposal.objects.values_list("state", flat=True)) == ["replaced", "waiting"]
    with pytest.raises(DecidedError):
        approve(proposal=asked, by=manager, now=now)


def test_where_everybody_who_could_approve_has_left_or_lost_the_role_the_request_says_so_and_what_to_do(
    guarded: ScoringModel, marketer: User, manager: User, admin: User, now: datetime
) -> None:
    User.objects.filter(pk=manager.pk).update(is_active=False)
    asked = ask_approval(model=guarded, by=marketer, note="n", now=now, revision=guarded.draft_revision)
    told = OutboxMessage.objects.filter(kind="scoring.approval_wanted", channel="in_app")
    assert [message.user for message in told] == [admin]
    answer = post(admin, "publish", guarded.pk, seen=draft_token(guarded), note="Mails say more")
    assert answer.status_code == 422
    assert "Make someone a sales manager or administrator first." in answer.content.decode()
    assert [proposal.pk for proposal in Proposal.objects.filter(state="waiting")] == [asked.pk]
    User.objects.filter(pk=manager.pk).update(is_active=True, role="rep")
    with pytest.raises(NobodyToApproveError):
        ask_approval(model=guarded, by=admin, note="n", now=now, revision=guarded.draft_revision)


def test_what_became_of_a_request_of_somebody_who_left_is_told_to_the_other_marketers_else_the_administrators(
    guarded: ScoringModel, marketer: User, manager: User, admin: User, now: datetime
) -> None:
    for demoted in ({"is_active": False}, {"role": "rep"}):
        asked = ask_approval(model=guarded, by=marketer, note="n", now=now, revision=guarded.draft_revision)
        colleague = UserFactory(role="marketer")
        User.objects.filter(pk=marketer.pk).update(is_active=False)
        send_back(proposal=asked, by=manager, reason="Too many", now=now)
        User.objects.filter(pk=colleague.pk).update(**demoted)
        send_back(proposal=_asked_again(asked), by=manager, reason="Still", now=now)
        told = OutboxMessage.objects.filter(kind="scoring.sent_back", channel="in_app").order_by("pk")
        assert [message.user for message in told] == [colleague, admin]
        told.delete()
        User.objects.filter(pk=marketer.pk).update(is_active=True)


def _asked_again(asked: Proposal) -> Proposal:
    return Proposal.objects.create(
        model=asked.model, revision=asked.revision, note=asked.note, by=asked.by, at=asked.at
    )  # fmt: skip


def test_nobody_approves_their_own_request_and_an_administrator_needs_approval_too(
    guarded: ScoringModel, admin: User, manager: User, now: datetime
) -> None:
    post(admin, "publish", guarded.pk, seen=draft_token(guarded), note="quickly")
    asked = Proposal.objects.get()
    with pytest.raises(OwnProposalError):
        approve(proposal=asked, by=admin, now=now)
    assert post(admin, "decide", guarded.pk, asked.pk).status_code == 403
    assert Version.objects.count() == 1


# --- the definition --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("en", "For each email open"), ("ja", "メール開封ごとに")])
def test_the_definition_says_every_rule_in_the_language_asked_for(
    model: ScoringModel, rep: User, language: str, words: str
) -> None:
    page = as_(rep).get(reverse("studio:definition"), {"language": language})
    assert words in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()
    assert page.context["definitions"][0]["definition"].version.number == 1


@pytest.mark.parametrize(("language", "words"), [("en", "First contact"), ("ja", "初回")])
def test_the_definition_hosts_what_sales_promises(model: ScoringModel, rep: User, language: str, words: str) -> None:
    page = as_(rep).get(reverse("studio:definition"), {"language": language}).content.decode()
    part = reverse("handoff:sla_words") + f"?language={language}"
    assert f'hx-get="{part}"' in page
    assert words.lower() in as_(rep).get(part).content.decode().lower()


def test_both_departments_agree_to_a_version_and_a_newer_one_is_not_agreed_to(
    model: ScoringModel, marketer: User, manager: User, now: datetime
) -> None:
    for user, side in ((marketer, "marketing"), (manager, "sales")):
        assert post(user, "sign_off", model.pk, 1, side=side, comment="Fine").status_code == 303
    first = Version.objects.get(number=1)
    assert [(each.signed.by, each.signed.comment, each.is_stale) for each in agreements(first) if each.signed] == [
        (marketer, "Fine", False),
        (manager, "Fine", False),
    ]
    publish_draft(model=model, by=marketer, note="more", now=now, revision=model.draft_revision)
    second = Version.objects.get(number=2)
    assert [(each.signed, each.older.by, each.is_stale) for each in agreements(second) if each.older] == [
        (None, marketer, True),
        (None, manager, True),
    ]
    page = as_(manager).get(reverse("studio:definition"))
    assert page.context["definitions"][0]["open_to"] == {"sales"}
    assert "Version 1 signed off" in page.content.decode()


def test_a_department_signs_for_itself_only(model: ScoringModel, marketer: User, manager: User, rep: User) -> None:
    refused = [(marketer, "sales"), (manager, "marketing"), (rep, "sales")]
    assert [post(user, "sign_off", model.pk, 1, side=side).status_code for user, side in refused] == [403, 403, 403]
    assert post(marketer, "sign_off", model.pk, 1, side="nobody").status_code == 303
    assert [each.signed for each in agreements(Version.objects.get())] == [None, None]


def test_one_person_does_not_sign_for_both(model: ScoringModel, admin: User, now: datetime) -> None:
    version = Version.objects.get()
    sign(version=version, side=Side.SALES, by=admin, comment="", now=now)
    with pytest.raises(BothSidesError):
        sign(version=version, side=Side.MARKETING, by=admin, comment="", now=now)


def test_a_sign_off_is_in_the_audit_trail(model: ScoringModel, admin: User, marketer: User) -> None:
    post(marketer, "sign_off", model.pk, 1, side="marketing", comment="Fine")
    page = as_(admin).get(reverse("accounts:audit"), {"kind": "signoff"})
    assert "Fine" in page.content.decode()


def test_without_a_version_the_definition_says_so(rep: User) -> None:
    assert "No published version yet" in as_(rep).get(reverse("studio:definition")).content.decode()
