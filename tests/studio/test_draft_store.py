"""Steps back and forth in a draft, and two people who edit it at once: nobody's change is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from accounts.enums import Role
from accounts.models import User
from scoring.actions.versions import DraftConflictError
from scoring.models import ScoringModel
from studio.draft.store import (
    STEPS_KEPT,
    NothingToUndoError,
    discard_draft,
    draft_token,
    open_draft,
    redo_edit,
    save_edit,
    start_model,
    undo_edit,
)
from studio.models import DraftStep
from tests.factories import UserFactory
from tests.published import Publish, document, mail_rule

pytestmark = pytest.mark.django_db


def fresh(model: ScoringModel) -> ScoringModel:
    return ScoringModel.objects.get(pk=model.pk)


def edit(model: ScoringModel, raw: dict[str, Any], by: User, now: datetime, sitting: str = "") -> ScoringModel:
    return save_edit(open_draft(fresh(model)), raw, by=by, now=now, sitting=sitting)


@pytest.fixture
def model(marketer: User, now: datetime) -> ScoringModel:
    return start_model(name="Default", document=document(mail_rule()), by=marketer, now=now)


def test_several_steps_go_back_and_forth(marketer: User, model: ScoringModel, now: datetime) -> None:
    states = [document(mail_rule(points=points)) for points in (5, 6, 7, 8)]
    for state in states[1:]:
        edit(model, state, marketer, now)
    for state in reversed(states[:-1]):
        assert undo_edit(model=model, by=marketer, now=now).draft == state
    with pytest.raises(NothingToUndoError):
        undo_edit(model=model, by=marketer, now=now)
    for state in states[1:]:
        assert redo_edit(model=model, by=marketer, now=now).draft == state
    with pytest.raises(NothingToUndoError):
        redo_edit(model=model, by=marketer, now=now)


def test_another_edit_ends_what_could_be_done_again(marketer: User, model: ScoringModel, now: datetime) -> None:
    edit(model, document(mail_rule(points=6)), marketer, now)
    undo_edit(model=model, by=marketer, now=now)
    edit(model, document(mail_rule(points=7)), marketer, now)
    with pytest.raises(NothingToUndoError):
        redo_edit(model=model, by=marketer, now=now)


def test_undo_takes_back_only_my_own_edit(marketer: User, admin: User, model: ScoringModel, now: datetime) -> None:
    other = mail_rule(name="Other")
    edit(model, document(mail_rule(points=6), other), marketer, now)
    edit(model, document(mail_rule(points=6), other | {"points": 9}), admin, now)
    undone = undo_edit(model=model, by=admin, now=now)
    assert undone.draft == document(mail_rule(points=6), other)
    redo_edit(model=model, by=admin, now=now)
    with pytest.raises(DraftConflictError):
        undo_edit(model=model, by=marketer, now=now)
    assert fresh(model).draft == document(mail_rule(points=6), other | {"points": 9})


def test_undo_of_the_first_edit_leaves_no_draft(marketer: User, publish: Publish, now: datetime) -> None:
    model = publish(document(mail_rule()), score=False)
    edit(model, document(mail_rule(points=6)), marketer, now)
    assert undo_edit(model=model, by=marketer, now=now).draft is None
    assert redo_edit(model=model, by=marketer, now=now).draft == document(mail_rule(points=6))
    discard_draft(open_draft(fresh(model)), by=marketer, now=now)
    assert fresh(model).draft is None
    assert undo_edit(model=model, by=marketer, now=now).draft == document(mail_rule(points=6))


def test_a_published_draft_is_not_undone_by_steps(marketer: User, publish: Publish, now: datetime) -> None:
    model = publish(document(mail_rule()), score=False)
    edit(model, document(mail_rule(points=6)), marketer, now)
    publish(document(mail_rule(points=6)), score=False)
    with pytest.raises(NothingToUndoError):
        undo_edit(model=model, by=marketer, now=now)


def test_what_saved_itself_while_typing_is_one_step(marketer: User, model: ScoringModel, now: datetime) -> None:
    for points in (6, 7, 8):
        edit(model, document(mail_rule(points=points)), marketer, now, sitting="one")
    edit(model, document(mail_rule(points=9)), marketer, now, sitting="two")
    assert undo_edit(model=model, by=marketer, now=now).draft == document(mail_rule(points=8))
    assert undo_edit(model=model, by=marketer, now=now).draft == document(mail_rule(points=5))


def test_a_save_that_overtakes_its_own_autosave_wins(marketer: User, model: ScoringModel, now: datetime) -> None:
    draft = open_draft(fresh(model))
    edit(model, document(mail_rule(points=6)), marketer, now, sitting="one")
    saved = save_edit(draft, document(mail_rule(points=7)), by=marketer, now=now, sitting="one")
    assert saved.draft == document(mail_rule(points=7))
    with pytest.raises(DraftConflictError):
        save_edit(draft, document(mail_rule(points=8)), by=marketer, now=now, sitting="another")


def test_saving_the_same_again_is_no_step(marketer: User, model: ScoringModel, now: datetime) -> None:
    revision = fresh(model).draft_revision
    edit(model, document(mail_rule()), marketer, now)
    assert (fresh(model).draft_revision, DraftStep.objects.count()) == (revision, 0)


def test_a_person_keeps_a_bounded_number_of_steps(marketer: User, model: ScoringModel, now: datetime) -> None:
    for points in range(STEPS_KEPT + 5):
        edit(model, document(mail_rule(points=100 + points)), marketer, now)
    assert DraftStep.objects.count() == STEPS_KEPT


def test_two_editors_of_different_rules_both_keep_their_change(
    marketer: User, admin: User, model: ScoringModel, now: datetime
) -> None:
    first, second = mail_rule(), mail_rule(name="Other")
    edit(model, document(first, second), marketer, now)
    token, began = draft_token(fresh(model)), fresh(model).draft
    edit(model, document(first | {"points": 9}, second), admin, now)
    draft = open_draft(fresh(model), token)
    assert (draft.document, draft.is_known) == (began, True)
    saved = save_edit(draft, document(first, second | {"points": 3}), by=marketer, now=now)
    assert saved.draft == document(first | {"points": 9}, second | {"points": 3})


def test_a_draft_that_nobody_remembers_is_a_conflict(marketer: User, model: ScoringModel, now: datetime) -> None:
    for token in ("99.0", "x.y", "", "1", "99999999999999999999.1", "1.99999999999999999999"):
        draft = open_draft(model, token)
        assert (draft.document, draft.is_known) == (model.draft, False)
        with pytest.raises(DraftConflictError):
            save_edit(draft, document(), by=marketer, now=now)
    assert fresh(model).draft == document(mail_rule())


def test_a_rep_can_neither_edit_nor_undo(rep: User, model: ScoringModel, now: datetime) -> None:
    for act in (undo_edit, redo_edit):
        with pytest.raises(PermissionDenied):
            act(model=model, by=rep, now=now)
    with pytest.raises(PermissionDenied):
        edit(model, document(), rep, now)
    assert fresh(model).draft == document(mail_rule())


@pytest.mark.django_db(transaction=True)
def test_eight_people_who_save_at_the_same_moment_all_keep_their_rule(now: datetime) -> None:
    people = [UserFactory(role=Role.MARKETER) for _number in range(8)]
    rules = [mail_rule(name=f"Rule {number}") for number in range(8)]
    model = start_model(name="Default", document=document(*rules), by=people[0], now=now)
    draft, start = open_draft(fresh(model)), Barrier(8)

    def save(number: int) -> None:
        mine = document(*(rule | {"points": 100} if at == number else rule for at, rule in enumerate(rules)))
        start.wait()
        try:
            save_edit(draft, mine, by=people[number], now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(save, range(8)))
    assert fresh(model).draft == document(*(rule | {"points": 100} for rule in rules))
    assert undo_edit(model=model, by=people[3], now=now).draft == document(
        *(rule if at == 3 else rule | {"points": 100} for at, rule in enumerate(rules))
    )
