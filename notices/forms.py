"""What administrators type about destinations. Secrets are written and never shown again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import zones
from accounts.models import Team
from notices.enums import DestinationKind, Way
from notices.kinds import NoticeTopic, shared_topics
from notices.mail_times import lies_between
from notices.models import Destination
from notices.outgoing import templates
from notices.outgoing.addresses import check_address
from notices.outgoing.errors import OutgoingError, words_for
from web.fields import BoundedDateField

CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
CHATWORK = "https://api.chatwork.com/v2/rooms/{}/messages"
ROOM = re.compile(r"(?:https://[a-z.-]*chatwork\.[a-z.]+/\S*#!rid|rid)?([0-9]{1,12})")
EXAMPLE = '{"text": "{line}"}'
TOKEN = re.compile(r"[!-~]{8,200}")
HEADER = re.compile(r"[!-~][ -~]{0,499}")
WRITE_ONLY = {"autocomplete": "off", "spellcheck": "false"}
KEEP = gettext_lazy("Leave empty to keep the stored one.")
HELP = {
    DestinationKind.SLACK: gettext_lazy("Slack: create an incoming webhook for the channel and paste its address."),
    DestinationKind.TEAMS: gettext_lazy(
        "Teams: in the channel’s Workflows, choose “Post to a channel when a webhook request is received”."
    ),
    DestinationKind.CHATWORK: gettext_lazy(
        "Chatwork: enter the number after “rid” in the address of the room, and an API token."
    ),
    DestinationKind.JSON: gettext_lazy("Any system that takes JSON: you choose its shape."),
    DestinationKind.WEBHOOK: gettext_lazy(
        "A program of your own: each message is signed as Standard Webhooks defines it."
    ),
}


@contextmanager
def as_errors() -> Iterator[None]:
    """Say in a form why an address may not be called."""
    try:
        yield
    except OutgoingError as error:
        raise forms.ValidationError(words_for(error.code), code=error.code) from error


class DestinationForm(forms.ModelForm):  # type: ignore[type-arg]
    """One kind of destination: only the fields that it has."""

    address = forms.CharField(label=gettext_lazy("Address"), widget=forms.TextInput(attrs=WRITE_ONLY))
    secret = forms.CharField(label=gettext_lazy("API token"), widget=forms.PasswordInput(attrs=WRITE_ONLY))
    topics = forms.MultipleChoiceField(label=gettext_lazy("Notifications"), widget=forms.CheckboxSelectMultiple)
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"), choices=zones)

    class Meta:
        model = Destination
        fields = ["name", "template", "topics", "team", "language", "timezone", "shows_contact_data"]
        labels = {
            "name": gettext_lazy("Name"),
            "template": gettext_lazy("Template"),
            "team": gettext_lazy("Team"),
            "language": gettext_lazy("Language"),
            "shows_contact_data": gettext_lazy("Show contact details"),
        }
        help_texts = {
            "team": gettext_lazy("Only what members of this team are notified of. Leave empty for all teams."),
            "shows_contact_data": gettext_lazy("Otherwise email addresses and phone numbers are left out of the text."),
        }
        widgets = {"template": forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "class": "lq-code"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = DestinationKind(self.instance.kind)
        self.order_fields(["name", "address", "secret", "template", "topics", "team", "language", "timezone"])
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        team, topics = self.fields["team"], self.fields["topics"]
        assert isinstance(team, forms.ModelChoiceField)
        assert isinstance(topics, forms.MultipleChoiceField)
        # A team that is no longer active stays chosen: without it the destination would get everything.
        team.queryset = Team.objects.filter(Q(is_active=True) | Q(pk=self.instance.team_id))
        team.empty_label = _("All teams")
        topics.choices = [(topic.code, topic.label) for topic in shared_topics()]
        self._describe_secrets(kind)
        if kind == DestinationKind.JSON:
            self.fields["template"].required = True
            self.fields["template"].help_text = _("JSON with any of these: %(names)s") % {
                "names": " ".join(f"{{{name}}}" for name in templates.PLACEHOLDERS)
            }
            self.initial.setdefault("template", templates.START)
            self.initial["template"] = self.initial["template"] or templates.START
        else:
            del self.fields["template"]

    def _describe_secrets(self, kind: DestinationKind) -> None:
        """What the address is called here; of a stored one only that there is one."""
        address = self.fields["address"]
        address.help_text = HELP[kind]
        if kind == DestinationKind.CHATWORK:
            address.label = _("Room")
        elif kind == DestinationKind.JSON:
            self.fields["secret"].label, self.fields["secret"].required = _("Authorization header"), False
            self.fields["secret"].help_text = _("Sent with each message, such as Bearer followed by a token.")
        else:
            del self.fields["secret"]
        if self.instance.pk:
            for name in ("address", "secret"):
                if name in self.fields:
                    self.fields[name].required = False
                    self.fields[name].help_text = KEEP
            address.widget.attrs["placeholder"] = f"{self.instance.host}/…"

    def clean_address(self) -> str:
        """The address to call, checked as it will be when a message is sent."""
        text = str(self.cleaned_data["address"]).strip()
        if self.instance.kind == DestinationKind.CHATWORK and text:
            room = ROOM.fullmatch(text)
            if room is None:
                raise forms.ValidationError(_("Enter the number of the room, such as 123456."))
            text = CHATWORK.format(room[1])
        if text:
            with as_errors():
                check_address(text)
        return text

    def clean_secret(self) -> str:
        token = str(self.cleaned_data["secret"]).strip()
        if self.instance.kind == DestinationKind.JSON:
            if token and not HEADER.fullmatch(token):
                raise forms.ValidationError(_("Use Latin letters, digits and signs only."))
        elif token and not TOKEN.fullmatch(token):
            raise forms.ValidationError(_("This isn’t an API token. Copy it again from Chatwork’s API settings."))
        return token

    def clean_template(self) -> str:
        text = str(self.cleaned_data["template"])
        try:
            templates.check_template(text)
        except templates.TemplateError as error:
            if error.name in ("", "{"):
                words = _("Enter a JSON object, such as %(example)s.") % {"example": EXAMPLE}
                raise forms.ValidationError(words) from error
            words = _("There’s no {%(name)s}. Choose from the names below.")
            raise forms.ValidationError(words % {"name": error.name[:40]}) from error
        return text


class PreferenceForm(forms.Form):
    """What a person gets by mail, and when: a field for each topic that their role is told of."""

    mails = forms.BooleanField(label=gettext_lazy("Send me email"), required=False)
    quiet_from = forms.TimeField(label=gettext_lazy("Quiet hours from"), required=False, widget=CLOCK)
    quiet_until = forms.TimeField(label=gettext_lazy("Quiet hours until"), required=False, widget=CLOCK)
    digest_at = forms.TimeField(label=gettext_lazy("Time of the daily email"), widget=CLOCK)

    def __init__(self, *args: Any, topics: Iterable[NoticeTopic], ways: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = list(topics)
        for topic in self.topics:
            self.fields[self.name_of(topic)] = forms.ChoiceField(
                label=str(topic.label), choices=Way.choices, initial=ways.get(topic.code, Way.MAIL),
                help_text=_("Email about this is also sent in quiet hours.") if topic.is_escalation else "",
            )  # fmt: skip

    @staticmethod
    def name_of(topic: NoticeTopic) -> str:
        return f"topic_{topic.code}"

    def topic_fields(self) -> list[forms.BoundField]:
        return [self[self.name_of(topic)] for topic in self.topics]

    def ways(self) -> dict[str, str]:
        """The way chosen for each topic."""
        return {topic.code: self.cleaned_data[self.name_of(topic)] for topic in self.topics}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        start, end = values.get("quiet_from"), values.get("quiet_until")
        has_both = {"quiet_from", "quiet_until"} <= values.keys()
        if has_both and (start is None) != (end is None):
            self.add_error("quiet_until", _("Enter both times, or neither."))
        elif has_both and start is not None and start == end:
            self.add_error("quiet_until", _("Choose an end that differs from the beginning."))
        elif start and end and "digest_at" in values and lies_between(values["digest_at"], start, end):
            self.add_error("digest_at", _("Choose a time outside of the quiet hours."))
        return values


class DeliveryForm(forms.Form):
    """The filters of the delivery log."""

    destination = forms.ModelChoiceField(
        label=gettext_lazy("Destination"), required=False, queryset=Destination.objects.all(),
        empty_label=gettext_lazy("All destinations"),
    )  # fmt: skip
    topic = forms.ChoiceField(label=gettext_lazy("Notification"), required=False)
    result = forms.ChoiceField(label=gettext_lazy("Result"), required=False)
    since = BoundedDateField(label=gettext_lazy("From"), required=False)
    until = BoundedDateField(label=gettext_lazy("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topic, result = self.fields["topic"], self.fields["result"]
        assert isinstance(topic, forms.ChoiceField)
        assert isinstance(result, forms.ChoiceField)
        topic.choices = [("", _("All")), *((topic.code, topic.label) for topic in shared_topics()), ("test", _("Test"))]
        result.choices = [("", _("All")), ("ok", _("Delivered")), ("failed", _("Failed"))]
