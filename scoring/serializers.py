"""The shapes of the API of scores."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from background.enums import JobState
from frame.api.fields import InstantField, PastField
from leads.serializers import LeadDocumentSerializer, NamedSerializer
from scoring.enums import Band, Confidence, ExportFormat, Temperature
from scoring.models import Criterion
from scoring.queries.explain import NOW


@extend_schema_field(OpenApiTypes.INT)
class VersionNumberField(serializers.Field[int, str, str, Any]):
    """The number of a version of a model."""

    default_error_messages = {"number": _("Expected the number of a version, such as 3.")}

    def to_internal_value(self, data: str) -> int:
        if not data.isdecimal() or len(data) > 9:
            self.fail("number")
        return int(data)


@extend_schema_field({"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "enum": [NOW]}]})
class KnownAtField(InstantField):
    """An instant, or `now` for what is known today."""

    def to_internal_value(self, data: str) -> Any:
        return NOW if data == NOW else super().to_internal_value(data)


class ScoreQuerySerializer(serializers.Serializer[Any]):
    """Which score is asked for. Empty parameters count as not sent."""

    at = InstantField(required=False, help_text="The instant of the score; now, where it is not given.")
    known_at = KnownAtField(
        required=False,
        help_text="Leaves out what was learned later than this; the same as `at`, where it is not given."
        " `now` counts all that is known today.",
    )
    model = serializers.CharField(required=False, help_text="A model by its name instead of the primary one.")
    version = VersionNumberField(required=False, help_text="Another version than the one in force at that instant.")


class CurrentScoreSerializer(serializers.Serializer[Any]):
    """The score of a lead under a model as the scorer wrote it last. Points are decimals with two places."""

    model = serializers.CharField()
    version = serializers.IntegerField()
    total = serializers.FloatField(min_value=0, max_value=100)
    fit = serializers.FloatField()
    engagement = serializers.FloatField()
    qualification = serializers.FloatField()
    adjustments = serializers.FloatField(help_text="Points given by hand.")
    temperature = serializers.ChoiceField(Temperature.choices, help_text="hot while an episode is open.")
    grade = serializers.CharField()
    stage = serializers.CharField(allow_null=True, help_text="The furthest stage whose rule is met.")
    is_hot = serializers.BooleanField()
    scored_at = serializers.DateTimeField()
    next_change_at = serializers.DateTimeField(
        allow_null=True, help_text="When it changes if nothing but time happens."
    )


class ScoredLeadSerializer(LeadDocumentSerializer):
    """A lead with its score under the primary model. What the key's person may not see stands as dots or null."""

    score = CurrentScoreSerializer(
        allow_null=True, help_text="null before the first scoring, and without the scope `scores:read`."
    )


class ScoresSerializer(serializers.Serializer[Any]):
    """The scores of a lead, one a model."""

    items = CurrentScoreSerializer(many=True)


class ScoreChangeSerializer(serializers.Serializer[Any]):
    """A change of band, grade, stage or hot verdict, with the points of that instant."""

    id = serializers.CharField()
    lead_id = serializers.CharField()
    model = serializers.CharField()
    version = serializers.IntegerField()
    at = serializers.DateTimeField()
    total = serializers.FloatField()
    total_before = serializers.FloatField(allow_null=True)
    fit = serializers.FloatField()
    engagement = serializers.FloatField()
    qualification = serializers.FloatField()
    band = serializers.ChoiceField(Band.choices)
    band_before = serializers.ChoiceField(Band.choices, allow_null=True)
    grade = serializers.CharField()
    grade_before = serializers.CharField(allow_null=True)
    stage = serializers.CharField(allow_null=True)
    stage_before = serializers.CharField(allow_null=True)
    hot = serializers.ListField(
        child=serializers.BooleanField(), help_text="One verdict a hot definition, in the version's order."
    )
    hot_before = serializers.ListField(child=serializers.BooleanField())


class AnswerDocumentSerializer(serializers.Serializer[Any]):
    """What a lead answered to a question of a framework."""

    id = serializers.CharField()
    lead_id = serializers.CharField()
    criterion = serializers.CharField(help_text="As rules name it: `bant.authority`.")
    option = serializers.CharField(help_text="The code of the answer.")
    confidence = serializers.ChoiceField(Confidence.choices)
    evidence = serializers.CharField(allow_null=True, allow_blank=True)
    by = NamedSerializer(allow_null=True)
    answered_at = serializers.DateTimeField()
    recorded_at = serializers.DateTimeField()


class NewAnswerSerializer(serializers.Serializer[Any]):
    """An answer to a question of a framework. The same as the newest one again changes nothing."""

    criterion = serializers.RegexField(
        r"^[a-z0-9_-]+\.[a-z0-9_-]+$", max_length=81, help_text="Such as `bant.authority`."
    )
    option = serializers.SlugField(max_length=40, help_text="The code of the answer.")
    confidence = serializers.ChoiceField(Confidence.choices, required=False, default=Confidence.MEDIUM)
    evidence = serializers.CharField(max_length=1_000, required=False, default="", allow_blank=True)
    answered_at = PastField(required=False, default=None, help_text="When it was said; now, where it is not given.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The criterion and the option instead of their codes."""
        framework, _dot, code = attrs["criterion"].partition(".")
        criterion = (
            Criterion.objects.select_related("framework")
            .filter(framework__code=framework, framework__is_active=True, code=code, is_active=True)
            .first()
        )
        if criterion is None:
            raise serializers.ValidationError({"criterion": [_("There’s no such question. Check its name.")]})
        option = criterion.options.filter(code=attrs["option"], is_active=True).first()
        if option is None:
            raise serializers.ValidationError({"option": [_("This question has no such answer. Check its code.")]})
        return attrs | {"criterion": criterion, "option": option}


class ModelDocumentSerializer(serializers.Serializer[Any]):
    """A scoring model."""

    id = serializers.CharField()
    name = serializers.CharField()
    is_primary = serializers.BooleanField()
    hands_over = serializers.BooleanField(help_text="Whether its hot leads are handed to sales.")
    current_version = serializers.IntegerField(allow_null=True, help_text="null before the first was published.")
    created_at = serializers.DateTimeField()


class VersionLineSerializer(serializers.Serializer[Any]):
    """A published version of a model; it never changes."""

    id = serializers.CharField()
    number = serializers.IntegerField()
    note = serializers.CharField(help_text="What changed and why.", allow_blank=True)
    published_at = serializers.DateTimeField()
    published_by = NamedSerializer(allow_null=True)
    is_current = serializers.BooleanField()


class VersionDocumentSerializer(VersionLineSerializer):
    """A published version with its rules."""

    document = serializers.DictField(help_text="The rules, as `/scoring/schema` describes them.")


class ExportRequestSerializer(serializers.Serializer[Any]):
    """Which leads are wanted, and as what."""

    format = serializers.ChoiceField(ExportFormat.choices)
    filters = serializers.DictField(
        required=False, default=dict,
        help_text="By the names of the list's filters: `{\"stage\": [\"mql\"], \"temperature\": [\"hot\"]}`.",
    )  # fmt: skip


class ExportSerializer(serializers.Serializer[Any]):
    """A file of leads."""

    id = serializers.CharField()
    format = serializers.ChoiceField(ExportFormat.choices)
    state = serializers.ChoiceField(JobState.choices)
    rows = serializers.IntegerField(help_text="Written so far.")
    is_cut = serializers.BooleanField(help_text="More leads matched than one file may hold.")
    created_at = serializers.DateTimeField()
    done_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(help_text="When it is removed.")
    download_url = serializers.CharField(allow_null=True, help_text="Once it is done; asked for with the key.")
