"""The dialogs of a hand-off. They clean what was typed; the actions decide."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.models import User
from handoff.effects import REJECT_EFFECTS, contact_effects
from handoff.enums import CallOutcome, ContactChannel, Promise, SkipReason
from handoff.forms.over_limit import AsksOverLimit
from handoff.forms.waits import WAITS, WaitsForm
from handoff.models import Handoff, RejectReason
from handoff.queries.availability import availability
from handoff.routing import Availability
from handoff.snoozes import snoozes
from handoff.wording import passed_in_words
from web.fields import BoundedDateField, BoundedDateTimeField

LONGEST_COMMENT = 4000

EARLIER = gettext_lazy("From then on the lead can become hot again, even before the follow-up date.")


def explained(words: object, effect: object) -> SafeString:
    """The label of a choice, with what it does below."""
    return format_html('<span>{} <small class="lq-sub">{}</small></span>', words, effect)


def only_for(*choices: str) -> dict[str, str]:
    """Marks a field that is shown only while one of these is chosen."""
    return {"data-only-for": " ".join(choices)}


def note_field(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_COMMENT, widget=forms.Textarea(attrs={"rows": 3}), **options
    )


class ContactForm(forms.Form):
    """What came of a contact, by one of four buttons; the time is now unless another is typed."""

    note = note_field(gettext_lazy("Note"))
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=CallOutcome.choices, widget=forms.RadioSelect)
    call_back_at = BoundedDateTimeField(label=gettext_lazy("Call back at"), required=False)
    next_step = forms.CharField(label=gettext_lazy("Agreed next step"), required=False, max_length=500)
    next_at = BoundedDateTimeField(
        label=gettext_lazy("Due"), required=False,
        help_text=gettext_lazy("The next step becomes a to-do that is due then."),
    )  # fmt: skip
    at = BoundedDateTimeField(
        label=gettext_lazy("When"),
        help_text=gettext_lazy("The actual time, even if you log it later. The result deadline starts from it."),
    )
    channel = forms.ChoiceField(label=gettext_lazy("Contact channel"), choices=ContactChannel.choices)

    def __init__(self, *args: Any, handoff: Handoff, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        coming = snoozes(handoff.team, now)
        self.initial = {
            "at": now, "channel": ContactChannel.PHONE,
            "call_back_at": coming[0].until if coming else now + timedelta(hours=2),
        }  # fmt: skip
        self.handoff, self.now = handoff, now
        effects = contact_effects(handoff, now)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (outcome.value, explained(outcome.label, effects.of(outcome))) for outcome in CallOutcome
        ]
        self.outcomes = [(outcome.value, outcome.label, effects.of(outcome)) for outcome in CallOutcome]

    def clean_at(self) -> datetime:
        """People type minutes: the minute in which the lead became hot does not lie before it."""
        at: datetime = self.cleaned_data["at"]
        trigger = self.handoff.episode.started_at
        if trigger - timedelta(minutes=1) < at < trigger:
            return trigger
        return at

    def clean(self) -> dict[str, Any]:
        """What was typed for another outcome is left out; a next step has a time, and a time a step."""
        cleaned = super().clean() or {}
        outcome = cleaned.get("outcome")
        cleaned["reached"] = outcome == CallOutcome.SPOKE
        if outcome != CallOutcome.CALL_BACK:
            cleaned["call_back_at"] = None
        elif cleaned.get("call_back_at") is None and "call_back_at" not in self.errors:
            self.add_error("call_back_at", _("Enter when the lead is to be called back."))
        if cleaned.get("next_step") and not cleaned.get("next_at") and "next_at" not in self.errors:
            self.add_error("next_at", _("Enter when the next step is due."))
        return cleaned


class ReasonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """Why a lead goes back to marketing; each reason says what it does to the lead."""

    def label_from_instance(self, obj: Any) -> str:
        return explained(obj, REJECT_EFFECTS[obj.effect])


class RejectForm(WaitsForm):
    reason = ReasonField(
        label=gettext_lazy("Reason"), queryset=RejectReason.objects.filter(is_active=True), empty_label=None,
        widget=forms.RadioSelect,
    )  # fmt: skip
    comment = note_field(
        gettext_lazy("Comment"), help_text=gettext_lazy("What should marketing know? It helps improve the rules.")
    )
    wake_on = BoundedDateField(
        label=gettext_lazy("Follow-up date"), required=False,
        help_text=gettext_lazy("On this day the lead can become hot again. Leave empty to wait for new activity."),
    )  # fmt: skip

    field_order = ("reason", "comment", "wake_on", *WAITS)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["wake_total"].help_text = EARLIER


class GiveForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason for hand-off"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The rep who works on the lead reads this first."),
    )  # fmt: skip


class SkipForm(forms.Form):
    reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=SkipReason.choices, widget=forms.RadioSelect)


class SnoozeForm(WaitsForm):
    preset = forms.ChoiceField(label=gettext_lazy("Snooze"), required=False, widget=forms.RadioSelect)
    until = BoundedDateTimeField(
        label=gettext_lazy("Until"), required=False,
        help_text=gettext_lazy("Snoozing only hides the lead. Deadlines don’t change."),
    )  # fmt: skip

    field_order = ("preset", "until", *WAITS)

    def __init__(self, *args: Any, handoff: Handoff, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["wake_total"].help_text = _("From then on the lead is back in the queue, even before that time.")
        self.snoozes = snoozes(handoff.team, now)
        choices = [(snooze.code, explained(snooze.label, snooze.moment)) for snooze in self.snoozes]
        self.fields["preset"].choices = [*choices, ("", _("Another time"))]  # type: ignore[attr-defined]
        tomorrow = (timezone.localtime(now) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
        self.initial = {"preset": self.snoozes[0].code if self.snoozes else "", "until": tomorrow}
        self.fields["until"].widget.attrs.update(only_for(""))

    def clean(self) -> dict[str, Any]:
        """The chosen preset as `until`, else the time that was typed."""
        cleaned = super().clean() or {}
        preset = cleaned.pop("preset", "")
        presets = {snooze.code: snooze.until for snooze in self.snoozes}
        if preset in presets:
            return cleaned | {"until": presets[preset]}
        if not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose until when to snooze the lead."))
        return cleaned


class PauseForm(forms.Form):
    until = BoundedDateTimeField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Deadlines stand still until then, or until you log a contact or resume them."),
    )  # fmt: skip
    note = forms.CharField(label=gettext_lazy("What you’re waiting for"), max_length=2_000, required=False)

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        week = (timezone.localtime(now) + timedelta(days=7)).replace(hour=9, minute=0, second=0, microsecond=0)
        self.initial = {"until": week}


class DueForm(forms.Form):
    """Another due time for the deadline that comes next, with the reason."""

    due_at = BoundedDateTimeField(label=gettext_lazy("Due"))
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=2_000,
        help_text=gettext_lazy("Kept in the history. Calendars, pauses and SLA changes no longer move this deadline."),
    )  # fmt: skip
    promise = forms.ChoiceField(choices=Promise.choices, widget=forms.HiddenInput)

    def __init__(self, *args: Any, handoff: Handoff, **options: Any) -> None:
        super().__init__(*args, **options)
        running = handoff.deadlines.filter(met_at=None, breached_at=None, cancelled_at=None)
        if next_one := running.order_by("due_at").first():
            self.initial = {"due_at": timezone.localtime(next_one.due_at), "promise": next_one.promise}
            self.fields["due_at"].label = next_one.get_promise_display()


class OwnerField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """People, each with what stands in the way of one more lead: it warns, and the choice stays the reader's."""

    here = Availability()

    def label_from_instance(self, obj: Any) -> str:
        in_the_way = self.here.why_not(obj)
        return passed_in_words([in_the_way.params()]) if in_the_way else str(obj)


class AssignForm(AsksOverLimit):
    to = OwnerField(label=gettext_lazy("Owner"), queryset=User.objects.none())

    def __init__(self, *args: Any, by: User, handoff: Handoff, **options: Any) -> None:
        super().__init__(*args, **options)
        workers = User.objects.filter(is_active=True, role__in=[Role.REP, Role.MANAGER, Role.OUTSOURCED])
        team = by.team_id if by.role == Role.MANAGER else None
        people = workers.filter(team_id=team) if team else workers
        field = self.fields["to"]
        assert isinstance(field, OwnerField)
        field.queryset = people.exclude(pk=handoff.owner_id or 0)
        field.here = availability((), field.queryset, timezone.now())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.check_limit(cleaned.get("to"), 1)
        cleaned.pop("over_limit", None)
        return cleaned
