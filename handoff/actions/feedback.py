"""What sales says of the leads that the rules called hot, and what marketing makes of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from handoff.actions import transition
from handoff.audience import marketers
from handoff.enums import SURVEY_ANSWERS, TOO_LATE, FeedbackState, Verdict
from handoff.errors import RefusedError
from handoff.models import Feedback, FeedbackReply, FeedbackRule, Handoff, LostReason, RejectReason
from handoff.queries.spoken_rules import RuleName, spoken_for
from leads.actions.telling import tell_of_lead
from scoring.models import Version

Reason = RejectReason | LostReason


def add_verdict(
    *, handoff: Handoff, verdict: str, by: User | None, now: datetime, reason: Reason | None = None, comment: str = "",
    doubted: Collection[RuleName] = (),
) -> Feedback:  # fmt: skip
    """Keep a verdict with the rules that spoke for the lead when it became hot. Within a step's transaction."""
    spoken = spoken_for(handoff.episode)
    feedback = Feedback.objects.create(
        handoff=handoff, verdict=verdict, comment=comment, by=by, at=now, model_id=handoff.model_id,
        version_id=spoken.version_id, is_late=reason is not None and reason.code == TOO_LATE,
        reject_reason=reason if isinstance(reason, RejectReason) else None,
        lost_reason=reason if isinstance(reason, LostReason) else None,
    )  # fmt: skip
    FeedbackRule.objects.bulk_create(
        FeedbackRule(
            feedback=feedback, group=rule.group, rule=rule.name, points=rule.points, is_doubted=rule.key in doubted
        )
        for rule in spoken.rules
    )
    return feedback


@transaction.atomic
def answer_survey(
    *, handoff: Handoff, by: User, answer: str, now: datetime, comment: str | None = None,
    doubted: Collection[RuleName] | None = None,
) -> Feedback:  # fmt: skip
    """Say in one word how the lead was; a second answer takes the place of the first. The work goes on either way.

    Without `comment` or `doubted` these stay as they were; who answers "good" doubts no rule.
    """
    lead = transition.lock(handoff)
    if answer not in SURVEY_ANSWERS or handoff.contacted_at is None:
        raise RefusedError(_("No contact is logged yet. Log a contact first, then rate the lead."))
    before = transition.image_of(handoff, lead)
    feedback = handoff.feedback.filter(verdict__in=SURVEY_ANSWERS).first()
    if feedback is None:
        feedback = add_verdict(
            handoff=handoff, verdict=answer, by=by, now=now, comment=comment or "", doubted=doubted or ()
        )
        before["feedback"] = feedback.pk
    else:
        before["answer"] = _image_of(feedback)
        _change_answer(feedback, answer, by, now, comment, () if answer == Verdict.GOOD else doubted)
    transition.record(
        handoff, "rated", by=by, at=now, undo=before, verdict=answer, comment="" if comment is None else comment
    )
    if answer != Verdict.GOOD or comment:
        tell_verdict(feedback, now=now)
    return feedback


def _image_of(feedback: Feedback) -> dict[str, Any]:
    """What undo writes back of an answer."""
    return {
        "id": feedback.pk, "verdict": feedback.verdict, "comment": feedback.comment, "by_id": feedback.by_id,
        "at": feedback.at.isoformat(),
        "doubted": list(feedback.rules.filter(is_doubted=True).values_list("pk", flat=True)),
    }  # fmt: skip


def _change_answer(
    feedback: Feedback, answer: str, by: User, now: datetime, comment: str | None,
    doubted: Collection[RuleName] | None,
) -> None:  # fmt: skip
    feedback.verdict, feedback.by, feedback.at = answer, by, now
    if comment is not None:
        feedback.comment = comment
    feedback.save(update_fields=["verdict", "by", "at", "comment"])
    if doubted is not None:
        for rule in feedback.rules.all():
            FeedbackRule.objects.filter(pk=rule.pk).update(is_doubted=(rule.group, rule.rule) in doubted)


def take_back_verdict(before: dict[str, Any]) -> None:
    """What undo does to the verdict of a step: one that was new goes, a changed answer is as it was."""
    if pk := before.get("feedback"):
        Feedback.objects.filter(pk=pk).delete()
    if image := before.get("answer"):
        changed = {name: image[name] for name in ("verdict", "comment", "by_id", "at")}
        Feedback.objects.filter(pk=image["id"]).update(**changed)
        rules = FeedbackRule.objects.filter(feedback=image["id"])
        rules.update(is_doubted=False)
        rules.filter(pk__in=image["doubted"]).update(is_doubted=True)


def tell_verdict(feedback: Feedback, *, now: datetime) -> None:
    """Marketing learns what sales said; whoever said it knows already."""
    lead = feedback.handoff.lead
    people = [person for person in marketers() if person.pk != feedback.by_id]
    said = {}
    for language in ("en", "ja"):
        with translation.override(language):
            said[f"said_{language}"] = feedback.reason or str(feedback.get_verdict_display())
    tell_of_lead(
        lead=lead, people=people, kind="handoff.feedback", key=f"feedback:{feedback.pk}:{feedback.verdict}", now=now,
        params={"by": str(feedback.by), **said}, url=feedback.get_absolute_url(),
    )  # fmt: skip


# --- what marketing makes of it --------------------------------------------------------------------------------------


@transaction.atomic
def decide_feedback(
    *, feedback: Feedback, by: User, state: str, now: datetime, version: Version | None = None, because: str = "",
) -> None:  # fmt: skip
    """Say what became of a verdict: changed in a version, declined for a reason, or open again. The rep is told."""
    feedback = Feedback.objects.select_for_update(of=("self",)).select_related("handoff__lead", "by").get(
        pk=feedback.pk
    )  # fmt: skip
    if state == FeedbackState.CHANGED and (version is None or version.model_id != feedback.model_id):
        raise RefusedError(_("Choose the version of the model in which the rules changed."))
    if state == FeedbackState.DECLINED and not because:
        raise RefusedError(_("Enter why nothing changes. Sales reads it."))
    changed = state == FeedbackState.CHANGED
    Feedback.objects.filter(pk=feedback.pk).update(
        state=state, changed_in=version if changed else None,
        declined_because=because if state == FeedbackState.DECLINED else "",
        decided_by=None if state == FeedbackState.OPEN else by, decided_at=None if state == FeedbackState.OPEN else now,
    )  # fmt: skip
    if state == FeedbackState.OPEN:
        return
    params = {"by": str(by)} | ({"version": version.number} if changed and version else {"because": because})
    _tell_rep(feedback, by, f"handoff.feedback_{state}", f"{state}:{now.isoformat()}", now, params)


@transaction.atomic
def reply_to_feedback(*, feedback: Feedback, by: User, text: str, now: datetime) -> FeedbackReply:
    """Add a message to the talk about a verdict. The other side is told: whoever gave it and whoever has written so
    far, and marketing where nobody of it has yet."""
    reply = FeedbackReply.objects.create(feedback=feedback, by=by, at=now, text=text)
    people = {reply.by_id: reply.by for reply in feedback.replies.select_related("by") if reply.by}
    if feedback.by is not None:
        people[feedback.by_id] = feedback.by
    if set(people) <= {feedback.by_id, by.pk} and by.pk == feedback.by_id:
        people |= {person.pk: person for person in marketers()}
    told = [person for pk, person in people.items() if pk != by.pk and person.is_active]
    _tell(feedback, told, "handoff.feedback_reply", f"reply:{reply.pk}", now, {"by": str(by)})
    return reply


def _tell_rep(feedback: Feedback, by: User, kind: str, key: str, now: datetime, params: dict[str, Any]) -> None:
    if feedback.by is not None and feedback.by.is_active and feedback.by_id != by.pk:
        _tell(feedback, [feedback.by], kind, key, now, params)


def _tell(
    feedback: Feedback, people: Iterable[User], kind: str, key: str, now: datetime, params: dict[str, Any]
) -> None:
    """External staff rate leads and do not read the inbox."""
    readers = [person for person in people if person.role != Role.OUTSOURCED]
    tell_of_lead(
        lead=feedback.handoff.lead, people=readers, kind=kind, key=f"feedback:{feedback.pk}:{key}", now=now,
        params=params, url=feedback.get_absolute_url(),
    )  # fmt: skip
