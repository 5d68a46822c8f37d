"""The shapes in which the API takes and shows webhooks."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class NewWebhookSerializer(serializers.Serializer[Any]):
    """A program of yours that notifications are sent to, signed as Standard Webhooks defines it."""

    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=2000, help_text="https, and reachable from outside: no private addresses.")
    topics = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=50, help_text="See `GET /webhooks/topics`."
    )
    team = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**31,
        help_text="Only what members of this team are notified of.",
    )  # fmt: skip
    language = serializers.ChoiceField([("ja", "ja"), ("en", "en")], required=False, default="ja")
    timezone = serializers.CharField(max_length=64, required=False, default="Asia/Tokyo")
    shows_contact_data = serializers.BooleanField(
        required=False, default=False, help_text="Otherwise addresses and telephone numbers are left out."
    )


class WebhookChangesSerializer(NewWebhookSerializer):
    """What changes of a webhook; what is not sent stays."""

    is_active = serializers.BooleanField(required=False)


class WebhookSerializer(serializers.Serializer[Any]):
    """A webhook. Its address and its secret are never shown again."""

    id = serializers.CharField()
    name = serializers.CharField()
    host = serializers.CharField(help_text="The server of its address.")
    topics = serializers.ListField(child=serializers.CharField())
    team = serializers.IntegerField(allow_null=True)
    language = serializers.CharField()
    timezone = serializers.CharField()
    shows_contact_data = serializers.BooleanField()
    is_active = serializers.BooleanField()
    failures = serializers.IntegerField(help_text="In a row.")
    last_ok_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class WebhookMadeSerializer(WebhookSerializer):
    """A webhook with the secret that signs what is sent to it. It can be read this once only."""

    secret = serializers.CharField(help_text="`whsec_...`")


class WebhookSecretSerializer(serializers.Serializer[Any]):
    """A new signing secret, readable this once only. For a day messages carry the signatures of both."""

    id = serializers.CharField()
    secret = serializers.CharField(help_text="`whsec_...`")


class WebhookTestSerializer(serializers.Serializer[Any]):
    """What came of a test message."""

    ok = serializers.BooleanField()
    status = serializers.IntegerField(allow_null=True, help_text="What the receiver answered, if it did.")
    error = serializers.CharField(allow_blank=True, help_text="Why it failed, as a code.")
    milliseconds = serializers.IntegerField(allow_null=True)


class TopicSerializer(serializers.Serializer[Any]):
    """Something that a webhook can be told of."""

    code = serializers.CharField()
    # The metaclass takes fields out of the class, so that this one does not hide Field.label.
    label = serializers.CharField()  # type: ignore[assignment]


class TopicsSerializer(serializers.Serializer[Any]):
    """All of them."""

    items = TopicSerializer(many=True)
