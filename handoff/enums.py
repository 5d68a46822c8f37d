from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class HandoffState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("hand-off", "Waiting")
    CLAIMED = "claimed", _("Claimed")
    CONTACTED = "contacted", _("Contacted")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", pgettext_lazy("hand-off", "Rejected")
    CLOSED = "closed", _("Result recorded")


OPEN_STATES = (HandoffState.QUEUED, HandoffState.CLAIMED, HandoffState.CONTACTED, HandoffState.ACCEPTED)
GIVING_STEPS = ("queued", "rerouted", "assigned")
"""Steps by which somebody is given a lead."""


class ContactChannel(models.TextChoices):
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    EMAIL = "email", pgettext_lazy("channel", "Email")
    ONLINE = "online", _("Online meeting")
    VISIT = "visit", _("Visit")
    OTHER = "other", _("Other")


class CallOutcome(models.TextChoices):
    """What came of a call or message; the digit that chooses each is its place."""

    SPOKE = "spoke", _("Spoke with the lead")
    NOT_REACHED = "not_reached", _("Not reached")
    VOICE_MAIL = "voice_mail", _("Left a message")
    CALL_BACK = "call_back", _("To be called back")


class Result(models.TextChoices):
    OPPORTUNITY = "opportunity", _("Became an opportunity")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RECYCLED = "recycled", _("Return to nurture")


class OutcomeResult(models.TextChoices):
    OPPORTUNITY = "opportunity", _("Became an opportunity")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class BoardResult(models.TextChoices):
    """How hand-offs end, a column each on the board: the results, and what sales gives back."""

    OPPORTUNITY = "opportunity", pgettext_lazy("board", "Opportunity")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    RECYCLED = "recycled", _("Return to nurture")
    REJECTED = "rejected", pgettext_lazy("hand-off", "Rejected")


class Promise(models.TextChoices):
    """What sales promises (S76, S77): the result is due from the first contact on, the next step from acceptance on."""

    FIRST_CONTACT = "first_contact", _("First contact")
    RESULT = "result", _("Result")
    NEXT_STEP = "next_step", _("Next step")


class Counts(models.TextChoices):
    """What keeps the promise of the first contact; either way a person made it."""

    CONVERSATION = "conversation", _("a conversation with the lead")
    ATTEMPT = "attempt", _("any attempt, even if no one was reached")


class RungAct(models.TextChoices):
    """What a rung of the ladder does."""

    OWNER = "owner", _("tell the owner, or the team while there is none")
    MANAGERS = "managers", _("tell the owner and the team’s managers")
    PERSON = "person", _("tell one user")
    TOP = "top", _("put the lead on top of the queue")
    POOL = "pool", _("return the lead to the team and route it again")


class DueMode(models.TextChoices):
    BUSINESS_DAYS = "business_days", _("business days (by close of business)")
    BUSINESS_HOURS = "business_hours", _("business hours")
    ELAPSED_HOURS = "elapsed_hours", _("hours (elapsed)")


class RejectEffect(models.TextChoices):
    NURTURE = "nurture", _("Return to nurture")
    REST = "rest", _("Set aside, stage unchanged")
    QUEUE = "queue", _("Back to the queue")
    DISQUALIFY = "disqualified", _("Disqualified")
    FORBID = "forbidden", _("Disqualified and not to be contacted")


class Verdict(models.TextChoices):
    """What sales says of a lead that the rules called hot; the first three are the answers of the survey."""

    GOOD = "good", pgettext_lazy("lead", "Good")
    SO_SO = "so_so", pgettext_lazy("lead", "So-so")
    WRONG = "wrong", pgettext_lazy("lead", "Wrong")
    REJECTED = "rejected", pgettext_lazy("hand-off", "Rejected")
    LOST = "lost", _("Lost")


SURVEY_ANSWERS = (Verdict.GOOD, Verdict.SO_SO, Verdict.WRONG)
TOO_LATE = "too_late"  # the code of the shipped reasons that speak of the SLA and not of the rules


class FeedbackState(models.TextChoices):
    """What marketing made of a verdict."""

    OPEN = "open", pgettext_lazy("feedback", "Open")
    CHANGED = "changed", pgettext_lazy("feedback", "Changed")
    DECLINED = "declined", pgettext_lazy("feedback", "Declined")


class RetryUnit(models.TextChoices):
    BUSINESS_HOURS = "business_hours", _("business hours")
    BUSINESS_DAYS = "business_days", _("business days (when the office opens)")


class SkipReason(models.TextChoices):
    """Why somebody goes on to the next lead without working on this one."""

    LATER = "later", _("Better to call at another time")
    NUMBER = "number", _("No number or address that works")
    LANGUAGE = "language", _("I don’t speak the lead’s language")
    FIELD = "field", _("Not my field")
    COLLEAGUE = "colleague", _("A colleague knows the lead")


class QueueTab(models.TextChoices):
    TEAM = "team", _("Team")
    MINE = "mine", pgettext_lazy("hand-offs", "Mine")
    WAITING = "waiting", _("Waiting for result")
    SNOOZED = "snoozed", _("Snoozed")
    DONE = "done", pgettext_lazy("hand-offs", "Done")
    OPEN = "open", _("All to do")
    ALL = "all", pgettext_lazy("hand-offs", "All open")


class LeftBehind(models.TextChoices):
    """Why a lead could be forgotten."""

    HOT = "hot", _("Hot without a hand-off")
    NO_OWNER = "no_owner", _("Overdue without an owner")
    NO_NEXT = "no_next", _("In work without a next step")
    UNSEEN = "unseen", _("New, not looked at")


class DayTab(models.TextChoices):
    NOW = "now", pgettext_lazy("my day", "Now")
    LATER = "later", pgettext_lazy("my day", "Later")
    DONE = "done", pgettext_lazy("my day", "Done today")


class DayKind(models.TextChoices):
    """What a row of "Now" is; each is one of the first four."""

    HOT = "hot", pgettext_lazy("my day", "Hot leads")
    CALL_BACK = "call_back", pgettext_lazy("my day", "Call-backs")
    RESULT = "result", pgettext_lazy("my day", "Results due")
    TODO = "todo", pgettext_lazy("my day", "To-dos")
    OVERDUE = "overdue", _("Overdue")


class TodoKind(models.TextChoices):
    CALL = "call", pgettext_lazy("to-do", "Call")
    CONFIRM = "confirm", _("Confirm the need by phone")
    ASK = "ask", _("Ask a question again")
    WAKE_UP = "wake_up", _("Follow up")
    NEXT_STEP = "next_step", _("Take the agreed next step")
    OTHER = "other", _("Other")


class TodoCause(models.TextChoices):
    """Why the product made a to-do; whoever makes one by hand needs no cause."""

    WAKE_UP = "wake_up", _("The follow-up date has come")
    ANSWER = "answer", _("An answer has grown old")
    NEXT_STEP = "next_step", _("Agreed with the lead")
    NEED = "need", _("The need has to be confirmed before the hand-off")
    POLICY = "policy", _("The hand-off policy asks for it")


class TodoEnd(models.TextChoices):
    """Why a to-do ended by itself."""

    ANSWERED = "answered", _("The question was answered")
    CLOSED = "closed", _("The hand-off ended")
    HANDED_OFF = "handed_off", _("The lead was handed off")
    ASIDE = "aside", _("The lead is not to be worked on")


class TodoTab(models.TextChoices):
    MINE = "mine", pgettext_lazy("to-dos", "Mine")
    TEAM = "team", pgettext_lazy("to-dos", "Everyone’s")
    DONE = "done", pgettext_lazy("to-dos", "Done")


class TodoDue(models.TextChoices):
    OVERDUE = "overdue", _("Overdue")
    TODAY = "today", _("Today")
    LATER = "later", pgettext_lazy("to-dos", "Upcoming")


class PolicySection(models.TextChoices):
    """The sections of the hand-off policy, each with versions of its own."""

    GATES = "gates", _("Gates")
    ROUTING = "routing", _("Routing")
    SLA = "sla", _("SLA")
    OUTCOMES = "outcomes", _("Outcomes")


class TeamFigure(models.TextChoices):
    """What the team page counts per person; the label heads the list of the rows that were counted."""

    OPEN = "open", _("Open leads")
    TODAY = "today", _("New today")
    CALLS = "calls", _("Calls")
    TRIED = "tried", _("Attempts")
    SPOKEN = "spoken", _("Conversations")
    KEPT = "kept", _("SLA met")
    ENDED = "ended", _("SLA due")
    ANSWERED = "answered", _("First contacts")
    ACCEPTED = "accepted", _("Accepted")
    WON = "won", _("Won")
    SKIPPED = "skipped", _("Skipped leads")


class HeldFor(models.TextChoices):
    """Why an episode is not handed over yet."""

    GATE = "gate", _("Blocked by a gate")
    CONFIRM = "confirm", _("Need to be confirmed by phone")


class HeldEnd(models.TextChoices):
    """What became of an episode that was held back."""

    HANDED_OVER = "handed_over", _("handed off")
    BY_HAND = "by_hand", _("handed off manually")
    COOLED = "cooled", _("cooled")
    SETTLED = "settled", _("no longer to be called")
