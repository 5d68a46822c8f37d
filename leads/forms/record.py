"""Small forms of the lead page: an activity seen by a person, a note, a decision, what does not count, a saved view."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from leads.enums import DisqualifyReason, NoteTopic, NurtureReason, ReactivateReason
from leads.forms.lead import ENQUIRY_TYPES, assignable
from leads.models import ActivityType, Note, SavedFilter
from web.fields import BoundedDateTimeField

# What people see themselves stands first; the rest reaches us from the web site and the mail tool.
BY_HAND = (
    "phone_call", "business_card", "event_attend", "survey_answer", "reply_card", "chat_question", "quote_request",
    "demo_request", "document_request", "complaint",
)  # fmt: skip
A_MOMENT = timedelta(minutes=10)


class ActivityForm(forms.Form):
    type = forms.ModelChoiceField(
        label=gettext_lazy("What happened"),
        queryset=ActivityType.objects.none(),
        to_field_name="code",
        help_text=gettext_lazy("What the lead did. Log your own calls in the hand-off: that meets the SLA."),
    )
    occurred_at = BoundedDateTimeField(label=gettext_lazy("When"))
    object = forms.CharField(
        label=gettext_lazy("Page or document"),
        max_length=500,
        required=False,
        help_text=gettext_lazy("Such as a page, document, event or product."),
    )
    text = forms.CharField(
        label=gettext_lazy("Details"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["occurred_at"].initial = timezone.localtime(now)
        self.fields["type"].queryset = ActivityType.objects.filter(is_active=True)  # type: ignore[attr-defined]
        types = {known.code: str(known) for known in self.fields["type"].queryset}  # type: ignore[attr-defined]
        first = [(code, types.pop(code)) for code in BY_HAND if code in types]
        self.fields["type"].widget.choices = [("", _("Select")), *first, (_("Others"), list(types.items()))]

    def clean_occurred_at(self) -> datetime:
        at: datetime = self.cleaned_data["occurred_at"]
        if at > self.now + A_MOMENT:
            raise ValidationError(_("This is in the future. Log only what has happened."))
        return min(at, self.now)


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]
    text = forms.CharField(label=gettext_lazy("Note"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3}))
    topic = forms.ChoiceField(
        label=gettext_lazy("Topic"), choices=[choice for choice in NoteTopic.choices if choice[0] != NoteTopic.LIFTED]
    )

    class Meta:
        model = Note
        fields = ("text", "topic")


REASONS: dict[str, Any] = {
    "disqualify": DisqualifyReason,
    "nurture": NurtureReason,
    "reactivate": ReactivateReason,
}


class DecisionForm(forms.Form):
    """Why a lead is put aside or taken back; the reasons depend on what is decided."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, what: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = REASONS[what].choices  # type: ignore[attr-defined]


class LiftForm(forms.Form):
    """Why a lead may be contacted after all."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class MessageForm(forms.Form):
    """What the owner of a lead should know."""

    text = forms.CharField(label=gettext_lazy("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class EnquiryForm(forms.Form):
    """What somebody on the telephone or at the counter asked, for the lead they are."""

    enquiry = forms.CharField(
        label=gettext_lazy("What the customer asked"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    enquiry_type = forms.ModelChoiceField(
        label=gettext_lazy("How they contacted us"), queryset=ActivityType.objects.none(), to_field_name="code",
        empty_label=gettext_lazy("Select"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = ActivityType.objects.filter(code__in=ENQUIRY_TYPES, is_active=True)
        self.fields["enquiry_type"].queryset = types  # type: ignore[attr-defined]


class ExclusionForm(forms.Form):
    """Why an activity should not count."""

    note = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        help_text=gettext_lazy("For example an internal test, a competitor or the wrong person."),
    )


class AssignLeadsForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"), queryset=User.objects.none(), required=False, empty_label=gettext_lazy("No owner")
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = assignable(user)  # type: ignore[attr-defined]


class SavedFilterForm(forms.ModelForm):  # type: ignore[type-arg]
    query = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)

    class Meta:
        model = SavedFilter
        fields = ("name", "is_shared", "query")
