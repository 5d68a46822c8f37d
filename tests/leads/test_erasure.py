"""Erasing a person leaves no trace of who it was, keeps the numbers true, and no door brings the person back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.audit import AuditFilter, entries
from background.models import JobRun
from handoff.actions import log_contact, reject_handoff
from handoff.actions.giving import give_to_sales
from handoff.actions.todos import add_todo
from handoff.errors import RefusedError
from handoff.models import Handoff, HandoffStep, RejectReason, Todo
from intake.actions.doors import take_in_activities
from intake.enums import DoorKind
from intake.imports.uploads import map_file
from intake.incoming import DoorName
from intake.models import ImportRow, LeadImport
from leads.actions.addresses import add_address
from leads.actions.callers import leave_message
from leads.actions.decisions import add_note, nurture_lead
from leads.actions.erasure import erase_lead, readmit_addresses
from leads.actions.exclusions import exclude_activities
from leads.actions.leads import create_lead, update_lead
from leads.actions.merge import merge_leads, undo_merge
from leads.enums import ErasureReason, ForbiddingFact, NurtureReason
from leads.errors import MergeRefusedError, PersonErasedError
from leads.models import Activity, ActivityType, AttributeDefinition, Erasure, Lead, LeadExport, SavedFilter, Visitor
from leads.queries.erased import GivenPerson, was_erased
from notices.actions import deliver_due
from notices.models import Notice
from scoring.actions import score_all_dirty
from scoring.actions.judgement import CriterionAnswer, adjust_score, answer_criteria
from scoring.models import Criterion, LeadScore, Option, ScoringModel
from scoring.queries.backtest import decisions_made_anew
from tests.clients import as_
from tests.factories import CompanyFactory, LeadFactory, activity
from tests.handoff.world import claimed_by
from tests.intake.importing import counts, imported, received, report, undone, work
from tests.published import document, mail_rule

EMAIL, SECOND, NAME, KANA = "hanako@yamada.example", "h.yamada@home.example", "山田 花子", "ヤマダ ハナコ"
PHONE, NUMBER, CRM_ID, BROWSER = "03-5555-0123", "0355550123", "CRM-77123", "browser-of-hanako"
TRACES = (EMAIL, SECOND, "山田", "ヤマダ", PHONE, NUMBER, CRM_ID, BROWSER, "赤い車")
SECRET = "山田 花子（赤い車）は hanako@yamada.example か 03-5555-0123 へ"


@pytest.fixture
def hanako(now, admin, rep, marketer, team) -> Lead:
    """A person of whom every table knows something."""
    lead = LeadFactory(
        email=EMAIL, other_emails=[SECOND], name=NAME, kana=KANA, phone=PHONE, external_id=CRM_ID, owner=rep, team=team,
        title="赤い車の部長", department="赤い車部", company=CompanyFactory(name="Acme"),
        custom={"private": PHONE, "hobby": "赤い車", "size": "large"},
    )  # fmt: skip
    for code, kind, is_contact in (("private", "text", True), ("hobby", "text", False), ("size", "choice", False)):
        AttributeDefinition.objects.create(
            code=code, type=kind, label_en=code, label_ja=code, is_contact_data=is_contact, choices=["large"]
        )
    before = now - timedelta(days=9)
    Visitor.objects.create(key=BROWSER, lead=lead)
    kind = ActivityType.objects.get(code="form_submit")
    ActivityType.objects.filter(pk=kind.pk).update(property_types={"seats": "number"})
    for place, text in enumerate((SECRET, "見積をお願いします。山田")):
        row = {
            "lead": {"email": EMAIL}, "type": "form_submit", "occurred_at": before.isoformat(),
            "key": f"form-{place}:{EMAIL}", "object": f"/contact?mail={EMAIL}",
            "properties": {"message": text, "seats": 12, "who": NAME, "tel": NUMBER},
        }  # fmt: skip
        faulty = row | {"key": f"no-type-{place}:{EMAIL}", "type": EMAIL}
        take_in_activities([row, faulty], door=DoorName(kind=DoorKind.API, source="api:1", name="CRM"), now=before)
    done = activity(lead, "email_click", before, object=f"mail to {NAME}", properties={"to": EMAIL})
    assert done is not None
    exclude_activities(lead=lead, activities=[done], by=rep, note=SECRET, now=before)
    add_note(lead=lead, by=rep, text=SECRET, topic="general", now=before)
    leave_message(lead=lead, by=marketer, text=SECRET, now=before)
    nurture_lead(lead=lead, by=rep, reason=NurtureReason.TOO_EARLY, note=SECRET, now=before)
    SavedFilter.objects.create(user=rep, name="Mine", query=f"q={EMAIL.replace('@', '%40')}")
    LeadExport.objects.create(query="q=%E5%B1%B1%E7%94%B0+%E8%8A%B1%E5%AD%90", columns=["email"], rows=1, by=rep)
    JobRun.objects.create(kind="rescore", state="failed", error=f"Key (email)=({EMAIL}) already exists.")
    handoff = claimed_by(rep, lead=lead)
    log_contact(handoff=handoff, by=rep, at=handoff.queued_at, channel="phone", note=SECRET, now=handoff.queued_at)
    add_todo(lead=lead, by=rep, kind="call", text=SECRET, due_at=now, owner=rep, now=before)
    _judged(lead, rep, before)
    _in_files(admin, before)
    merged = LeadFactory(name="山田花子", email="old.hanako@yamada.example", phone="+81 3 5555 0123")
    merge_leads(kept=lead, merged=merged, by=admin, now=before)
    update_lead(lead=lead, values={"title": "赤い車の社長"}, by=admin)
    deliver_due(now=now)
    return Lead.objects.get(pk=lead.pk)


def _judged(lead: Lead, rep: Any, at: Any) -> None:
    criterion = Criterion.objects.filter(options__isnull=False).first()
    assert criterion is not None
    option = Option.objects.filter(criterion=criterion).first()
    assert option is not None
    answer_criteria(lead=lead, answers=[CriterionAnswer(criterion=criterion, option=option, evidence=SECRET)], by=rep,
                    now=at)  # fmt: skip
    model = ScoringModel.objects.get(name="Default")
    adjust_score(lead=lead, model=model, points=500, reason=SECRET, until=None, by=rep, now=at)


def _in_files(admin: Any, at: Any) -> None:
    """One file that told of the person, with rows that stayed out, and one that waits to come in."""
    rows = f"{EMAIL},{NAME},Buyer,2026-01-01\n,{NAME},,\nnot-an-address,Somebody,{PHONE},\nother@example.com,Other,,\n"
    columns = {"mail": "lead.email", "name": "lead.name", "role": "lead.department", "on": "lead.planned_on"}
    imported(f"mail,name,role,on\n{rows}", {"identity": "email", "columns": columns}, admin, at)
    received(f"mail,name,role,on\n{rows}", admin, at)


def texts(skipped: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    """Table and column with all of its words, for every column of every table that can hold a text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY')"
        )
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT string_agg("{column}"::text, $$ $$) FROM {table}')
            yield f"{table}.{column}", cursor.fetchone()[0] or ""


def traces() -> set[str]:
    """Where something still says who the person was."""
    return {where for where, words in texts() if any(trace in words for trace in TRACES)}


def erased(lead: Lead, by: Any, now: Any, **rest: Any) -> Erasure:
    return erase_lead(lead=lead, by=by, reason=ErasureReason.ASKED, now=now, **rest)


def test_no_table_says_who_the_person_was(hanako, admin, now):
    assert len(traces()) > 30
    erased(hanako, admin, now)
    assert traces() == set()


def test_what_is_counted_stays(hanako, admin, now):
    kept = [Activity.objects.count(), HandoffStep.objects.count(), ImportRow.objects.count()]
    erased(hanako, admin, now)
    hanako.refresh_from_db()
    assert [Activity.objects.count(), HandoffStep.objects.count() - 1, ImportRow.objects.count()] == kept
    assert (hanako.company.name, hanako.stage, hanako.custom) == ("Acme", "mql", {"size": "large"})
    form = Activity.objects.filter(type__code="form_submit").first()
    assert (form.object, form.properties["seats"], "message" in form.properties) == ("/contact", 12, False)
    assert form.properties["reading_kind"]


def test_the_person_is_never_hot_and_never_handed_over_again(hanako, admin, rep, now):
    erased(hanako, admin, now)
    assert hanako.forbidding == [ForbiddingFact.ERASED]
    assert list(Handoff.objects.filter(lead=hanako).values_list("state", flat=True)) == ["closed"]
    assert not Todo.objects.filter(lead=hanako, done_at=None).exists()
    with pytest.raises(RefusedError):
        give_to_sales(lead=hanako, by=admin, reason="anyway", now=now)


def test_who_erases_twice_gets_the_first_erasure(hanako, admin, now):
    first = erased(hanako, admin, now)
    assert erased(hanako, admin, now + timedelta(hours=1)) == first
    assert Erasure.objects.count() == 1


@pytest.mark.parametrize("role", ["marketer", "manager", "rep", "helper"])
def test_only_administrators_erase(request, db, now, role):
    lead = LeadFactory()
    with pytest.raises(PermissionDenied):
        erased(lead, request.getfixturevalue(role), now)
    lead.refresh_from_db()
    assert lead.email


def test_the_audit_log_tells_who_erased_and_names_nobody(hanako, admin, now):
    erased(hanako, admin, now, reference="R-12")
    found, _more = entries(AuditFilter(), size=500)
    said = [entry for entry in found if entry.kind == "Erasure of personal data"]
    assert [(entry.who, entry.what) for entry in said] == [(admin, f"#{hanako.pk}")]
    assert {change.field: change.after for change in said[0].changes}["Reference number"] == "R-12"
    assert not any(trace in str(entry) for entry in found for trace in TRACES)


def test_nothing_written_later_fills_an_erased_lead(hanako, admin, now):
    erased(hanako, admin, now)
    Lead.objects.filter(pk=hanako.pk).update(email=EMAIL, name=NAME, phone=PHONE, consent=True, erased_at=None)
    hanako.refresh_from_db()
    assert (hanako.email, hanako.name, hanako.phone, hanako.consent) == ("", "", "", False)
    assert hanako.erased_at == now


@pytest.mark.parametrize("door", ["field", "note", "adjust", "todo"])
def test_whoever_would_write_later_hears_that_the_data_was_erased(hanako, admin, now, door):
    erased(hanako, admin, now)
    addresses = {
        "field": reverse("leads:field", args=[hanako.pk, "name"]),
        "note": reverse("leads:note", args=[hanako.pk]),
        "adjust": reverse("scoring:adjust", args=[hanako.pk]),
        "todo": reverse("handoff:todo_add", args=[hanako.pk]),
    }
    answer = as_(admin).get(addresses[door], headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert (
        "The personal data of this lead was erased. Nothing can be changed or added any more."
        in answer.content.decode()
    )
    assert "administrator" not in answer.content.decode()


def test_a_merge_with_an_erased_lead_is_neither_made_nor_undone(hanako, admin, now):
    merge = hanako.merges.get()
    erased(hanako, admin, now)
    for kept, merged in ((hanako, LeadFactory()), (LeadFactory(), hanako)):
        with pytest.raises(MergeRefusedError):
            merge_leads(kept=kept, merged=merged, by=admin, now=now)
    with pytest.raises(MergeRefusedError):
        undo_merge(merge=merge, by=admin, now=now)


def test_a_lead_that_parted_from_another_is_erased_there_too(admin, now):
    kept, merged = LeadFactory(name="Somebody Else", phone=""), LeadFactory(name=NAME, email=EMAIL, phone=PHONE)
    merge = merge_leads(kept=kept, merged=merged, by=admin, now=now)
    undo_merge(merge=merge, by=admin, now=now)
    erased(Lead.objects.get(pk=merged.pk), admin, now)
    kept.refresh_from_db()
    assert traces() == set()
    assert kept.name == "Somebody Else"


def test_an_import_that_is_undone_leaves_the_erased_lead_and_says_why(admin, now):
    found = imported(
        f"mail,name\n{EMAIL},{NAME}\n",
        {"identity": "email", "columns": {"mail": "lead.email", "name": "lead.name"}}, admin, now,
    )  # fmt: skip
    lead = Lead.objects.get(email=EMAIL)
    erased(lead, admin, now)
    undone(found, admin, now)
    assert Lead.objects.filter(pk=lead.pk, email="").exists()
    assert traces() == set()


# ---- the doors ----


def test_a_form_is_told_that_the_person_was_erased(hanako, admin, now):
    erased(hanako, admin, now)
    client = Client()
    client.force_login(admin)
    answer = client.post(reverse("leads:new"), {"name": "Hanako", "email": EMAIL.upper(), "country": ""})
    assert answer.status_code == 422
    assert "data was erased" in answer.content.decode()
    for values in ({"email": SECOND}, {"external_id": CRM_ID}, {"name": "山田花子", "phone": "+81 3-5555-0123"}):
        with pytest.raises(PersonErasedError):
            create_lead(by=admin, values=values, now=now)
    other = LeadFactory(name="Other", phone=PHONE)
    with pytest.raises(PersonErasedError):
        add_address(lead=other, address=EMAIL, by=admin)
    with pytest.raises(PersonErasedError):
        update_lead(lead=other, values={"email": EMAIL}, by=admin)
    assert not Lead.objects.filter(email=EMAIL).exists()


def test_a_colleague_with_the_same_switchboard_is_welcome(hanako, admin, now):
    erased(hanako, admin, now)
    assert not was_erased(GivenPerson(phone=PHONE, name="佐藤 一郎"))
    assert was_erased(GivenPerson(phone=PHONE))
    assert create_lead(by=admin, values={"name": "佐藤 一郎", "phone": PHONE}, now=now).pk


def test_a_number_that_others_have_too_is_no_reason_to_refuse(hanako, admin, now):
    LeadFactory(name="Colleague", phone="03 5555 0123")
    erased(hanako, admin, now)
    assert not was_erased(GivenPerson(phone=PHONE))
    assert was_erased(GivenPerson(phone=PHONE, name="山田花子"))


def test_a_row_of_a_file_stays_out_with_a_remark_and_its_cells_are_not_kept(hanako, admin, now):
    erased(hanako, admin, now)
    text = (
        f"no,mail,name,tel\n,{EMAIL},Hanako,\n,new@example.com,{NAME},{PHONE}\n{hanako.pk},,{NAME},\n"
        ",fine@example.com,Fine,03-1111-2222\n"
    )
    columns = {"no": "lead.id", "mail": "lead.email", "name": "lead.name", "tel": "lead.phone"}
    found = imported(text, {"identity": "email", "columns": columns}, admin, now)
    assert counts(found) == (1, 0, 0, 3)
    said = "The person’s data was erased. The row stays out, and its cells are not kept."
    assert [row[2] for row in report(found)] == [[said], [said], [said], []]
    assert traces() == set()


def test_a_file_of_activities_says_nothing_of_an_erased_person(hanako, admin, now):
    erased(hanako, admin, now)
    columns = {"mail": "lead.email", "type": "activity.type", "at": "activity.occurred_at"}
    text = f"mail,type,at\n{EMAIL},email_click,2026-11-01 10:00\n"
    found = imported(text, {"identity": "email", "columns": columns}, admin, now, kind="activities")
    assert counts(found) == (0, 0, 0, 1)
    assert traces() == set()


def test_the_api_refuses_activities_of_an_erased_person_and_takes_the_others(hanako, admin, now, send):
    erased(hanako, admin, now)
    one = {"key": "1", "lead": {"email": EMAIL}, "type": "page_view", "occurred_at": "2026-11-01T10:00:00Z"}
    alone = send("post", "/api/v1/activities", one)
    assert alone.status_code == 400
    assert alone.json()["problems"][0] | {"text": ""} == {"where": "lead", "code": "erased", "text": ""}
    other = one | {"key": "2", "lead": {"email": "fine@example.com"}}
    named = one | {"key": "3", "lead": {"anonymous_id": "new-browser", "external_id": CRM_ID}}
    both = send("post", "/api/v1/activities", {"activities": [one, other, named]}).json()
    assert (both["accepted"], both["duplicates"]) == (1, 0)
    assert [(row["index"], row["problems"][0]["where"]) for row in both["rejected"]] == [
        (0, "activities[0].lead"), (2, "activities[2].lead")
    ]  # fmt: skip
    assert not Visitor.objects.filter(key="new-browser").exists()
    assert traces() == set()


def test_the_api_does_not_add_an_erased_person_again(hanako, admin, now, send):
    erased(hanako, admin, now)
    for given in ({"email": EMAIL}, {"external_id": CRM_ID}, {"email": "n@example.com", "other_emails": [SECOND]},
                  {"email": "n@example.com", "name": NAME, "phone": PHONE}):  # fmt: skip
        answer = send("put", "/api/v1/leads", given)
        assert (answer.status_code, answer.json()["problems"][0]["code"]) == (409, "erased")
    assert not Lead.objects.filter(email="n@example.com").exists()


def test_an_administrator_lets_the_addresses_in_again_with_a_reason(hanako, admin, marketer, now):
    erased(hanako, admin, now)
    with pytest.raises(PermissionDenied):
        readmit_addresses(lead=hanako, by=marketer, reason="wants offers again", now=now)
    assert readmit_addresses(lead=hanako, by=admin, reason="wants offers again", now=now)
    assert not readmit_addresses(lead=hanako, by=admin, reason="wants offers again", now=now)
    assert create_lead(by=admin, values={"email": EMAIL, "name": NAME}, now=now).pk != hanako.pk
    hanako.refresh_from_db()
    assert hanako.email == ""


def test_a_former_secret_still_knows_who_was_erased(hanako, admin, now, settings):
    erased(hanako, admin, now)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret" * 5
    assert was_erased(GivenPerson(emails=[EMAIL]))
    settings.SECRET_KEY_FALLBACKS = []
    assert not was_erased(GivenPerson(emails=[EMAIL]))


# ---- what else asks ----


def test_the_page_erases_with_a_reason_and_the_number_typed(hanako, admin, marketer):
    client, page = Client(), reverse("leads:erase", args=[hanako.pk])
    client.force_login(admin)
    shown = client.get(page).content.decode()
    assert "This can’t be undone" in shown
    assert NAME in shown
    wrong = client.post(page, {"reason": "asked", "confirmation": "1"})
    assert wrong.status_code == 422
    assert Lead.objects.get(pk=hanako.pk).email == EMAIL
    done = client.post(page, {"reason": "asked", "reference": "R-7", "confirmation": f"#{hanako.pk}"}, follow=True)
    assert "The personal data was erased." in done.content.decode()
    assert Erasure.objects.get().reference == "R-7"
    assert "Edit all fields" not in client.get(hanako.get_absolute_url()).content.decode()
    for name, given in (("leads:edit", {"name": NAME}), ("leads:note", {"text": NAME, "topic": "general"}),
                        ("handoff:todo_add", {"kind": "call", "due_at": "2026-12-24T10:00"})):  # fmt: skip
        assert client.post(reverse(name, args=[hanako.pk]), given).status_code == 403
    client.post(reverse("handoff:todo_reopen", args=[Todo.objects.get(lead=hanako).pk]))
    assert Todo.objects.get(lead=hanako).done_at is not None
    client.force_login(marketer)
    assert client.get(page).status_code == 403


def test_a_reference_may_not_be_a_name(hanako, admin):
    client = Client()
    client.force_login(admin)
    given = {"reason": "asked", "reference": "山田さん", "confirmation": str(hanako.pk)}
    assert client.post(reverse("leads:erase", args=[hanako.pk]), given).status_code == 422


def test_another_system_erases_a_lead_by_the_api(hanako, send):
    path = f"/api/v1/leads/{hanako.pk}/erase"
    assert send("post", path, {"reason": "because"}).status_code == 400
    first = send("post", path, {"reason": "asked", "reference": "T-1"})
    assert (first.status_code, first.json()["id"], first.json()["emptied"]["notes"]) == (200, str(hanako.pk), 2)
    assert send("post", path, {"reason": "asked"}).json() == first.json()
    assert send("post", "/api/v1/leads/999999/erase", {"reason": "asked"}).status_code == 404


def test_the_command_erases_only_with_yes_and_by_an_administrator(hanako, admin, marketer):
    given = {"reason": "asked", "by": admin.email}
    with pytest.raises(CommandError, match="--yes"):
        call_command("erase_lead", EMAIL, **given)
    with pytest.raises(CommandError, match="no administrator"):
        call_command("erase_lead", EMAIL, yes=True, **given | {"by": marketer.email})
    out = StringIO()
    call_command("erase_lead", EMAIL, yes=True, json=True, stdout=out, **given)
    assert json.loads(out.getvalue())["id"] == str(hanako.pk)
    assert traces() == set()


# ---- the proofs ----


def _written_at(instant: Any) -> None:
    """The history of leads is written by the clock of the database, which is not that of the tests."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE leads_leadevent SET pgh_created_at = %s WHERE erased_at IS NOT NULL", [instant])
        cursor.execute("SET LOCAL session_replication_role = origin")


def test_scores_come_out_again_after_an_erasure(publish, admin, now, monkeypatch):
    lead, other = LeadFactory(name=NAME, email=EMAIL), LeadFactory()
    for one in (lead, other):
        for days in (1, 2, 3):
            activity(one, "email_open", now - timedelta(days=days), properties={"plan": "赤い車"})
    said = {"activity": "email_open", "where": {"field": "properties.plan", "op": "=", "value": "赤い車"}}
    hot = [{"name": "Hot lead", "when": {"score": "total", "op": ">=", "value": 25}, "exit": {"total": 20}}]
    publish(document(mail_rule(each=said, points=10), hot=hot), at=now - timedelta(hours=1))
    assert LeadScore.objects.get(lead=lead).is_hot
    erased(lead, admin, now)
    _written_at(now)
    later = now + timedelta(minutes=5)
    score_all_dirty(now=later)
    assert [LeadScore.objects.get(lead=one).is_hot for one in (lead, other)] == [False, True]
    moments = list(decisions_made_anew(since=now - timedelta(days=1), until=later))
    assert [missed for moment in moments for missed in moment.missed] == []
    assert sum(moment.erased for moment in moments) == 1
    assert sum(moment.decisions for moment in moments) > 0
    monkeypatch.setattr("django.utils.timezone.now", lambda: later + timedelta(hours=1))
    out = StringIO()
    call_command("verify", "--days", "2", stdout=out)
    assert "since personal data was erased: 1." in out.getvalue()


def test_what_was_on_its_way_while_the_data_was_erased_is_not_kept(hanako, admin, now):
    erased(hanako, admin, now)
    known = Activity.objects.count()
    activity(hanako, "form_submit", now, properties={"message": SECRET})
    score_all_dirty(now=now)
    assert Activity.objects.count() == known
    assert traces() == set()


def test_two_imports_of_the_same_file_find_the_person_erased(hanako, admin, now):
    """The file that waits was uploaded before the erasure; its sample was emptied, and its row stays out."""
    erased(hanako, admin, now)
    waiting = LeadImport.objects.latest("pk")
    columns = {"mail": "lead.email", "name": "lead.name"}
    map_file(lead_import=waiting, data={"identity": "email", "columns": columns}, by=admin, now=now)
    work(now)
    waiting.refresh_from_db()
    assert waiting.summary["found"]["counts"]["rejected"] == 3
    assert not any(EMAIL in words for _where, words in texts())


def test_a_rejection_can_no_longer_be_taken_back(hanako, admin, rep, now):
    handoff = Handoff.objects.get(lead=hanako)
    reason = RejectReason.objects.first()
    reject_handoff(handoff=handoff, by=rep, reason=reason, comment=SECRET, now=now)
    erased(hanako, admin, now)
    assert not HandoffStep.objects.filter(handoff=handoff, params__has_key="undo").exists()
    assert traces() == set()


def test_a_namesake_keeps_their_notices_and_what_their_import_can_undo(admin, marketer, now):
    text = "mail,name\nother@example.com,山田 花子\n"
    columns = {"mail": "lead.email", "name": "lead.name"}
    namesake = LeadFactory(email="other@example.com", name="Before", owner=admin)
    file = imported(text, {"identity": "email", "columns": columns}, admin, now)
    namesake.refresh_from_db()
    leave_message(lead=namesake, by=marketer, text="please call", now=now)
    deliver_due(now=now)
    erased(LeadFactory(name="山田花子", email=EMAIL, phone=PHONE), admin, now)
    told = Notice.objects.get(kind="leads.message").params
    assert (told["lead"], told["text"]) == ("山田 花子", "please call")
    undone(file, admin, now)
    namesake.refresh_from_db()
    assert namesake.name == "Before"


def test_where_nobody_was_erased_nobody_is_refused(db):
    assert not was_erased(GivenPerson(name=NAME, phone=PHONE, emails=[EMAIL]))
