"""The shape of an explanation, as the API and `explain --json` answer it. Points have two decimals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

Shape = serializers.Serializer[Any]


class PointsField(serializers.FloatField):
    """Points, to the hundredth."""


class ExplainedLeadSerializer(Shape):
    """Who is explained."""

    id = serializers.CharField()
    email = serializers.CharField(allow_blank=True)
    external_id = serializers.CharField(allow_blank=True)


class MatrixCellSerializer(Shape):
    """Where the lead stands in the decision matrix, and what is to be done there."""

    engagement = serializers.CharField()
    qualification = serializers.CharField()
    action = serializers.CharField()
    text = serializers.CharField()


class EvidenceSerializer(Shape):
    """What still counts for a rule: an activity (`activity`, `object`, `occurred_at`), or an answer."""

    activity = serializers.CharField(required=False, allow_null=True)
    object = serializers.CharField(required=False, allow_blank=True)
    occurred_at = serializers.DateTimeField(required=False)
    answer = serializers.CharField(required=False)
    option = serializers.CharField(required=False)
    text = serializers.CharField(required=False)
    answered_at = serializers.DateTimeField(required=False)
    by = serializers.CharField(required=False, allow_null=True)
    expires_at = serializers.DateTimeField(required=False, allow_null=True)
    full = PointsField(help_text="What it was worth at first.")
    points = PointsField(help_text="What is left of it.")


class ExplainedConditionSerializer(Shape):
    """One condition, whether the lead meets it, and until when if nothing happens."""

    text = serializers.CharField()
    met = serializers.BooleanField()
    expires_at = serializers.DateTimeField(allow_null=True)


class ExplainedRuleSerializer(Shape):
    """What one rule gives; `conditions` only where its points hold while a condition does."""

    name = serializers.CharField()
    text = serializers.CharField()
    full = PointsField(help_text="Before anything faded.")
    uncapped = PointsField(help_text="Before the rule's cap.")
    points = PointsField()
    evidence = EvidenceSerializer(many=True)
    conditions = ExplainedConditionSerializer(many=True, required=False)


class ExplainedGroupSerializer(Shape):
    """What a group of rules gives."""

    name = serializers.CharField()
    dimension = serializers.ChoiceField(["fit", "engagement", "qualification"])
    text = serializers.CharField()
    uncapped = PointsField(help_text="The sum of its rules, before bounds and inactivity.")
    points = PointsField()
    rules = ExplainedRuleSerializer(many=True)


class ExplainedAdjustmentSerializer(Shape):
    """Points that a person added or took."""

    reason = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    until = serializers.DateTimeField(allow_null=True)
    points = PointsField()


class ExplanationLineSerializer(Shape):
    """One line of the sum; all lines together are the total."""

    kind = serializers.CharField(help_text="rule, decay, cap, min, max, inactivity, adjustment, floor or ceiling")
    name = serializers.CharField(allow_blank=True)
    path = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    points = PointsField()


class MissingConditionSerializer(Shape):
    """A condition that is not met, and how far it is."""

    text = serializers.CharField()
    gap = serializers.CharField(allow_null=True, allow_blank=True)
    short_by = serializers.FloatField(allow_null=True)


class ExplainedHotSerializer(Shape):
    """One hot definition and what the lead lacks for it."""

    name = serializers.CharField()
    text = serializers.CharField()
    met = serializers.BooleanField()
    holds = serializers.BooleanField(help_text="Stays hot by it, once hot.")
    since = serializers.DateTimeField(allow_null=True)
    conditions = ExplainedConditionSerializer(many=True)
    one_short = serializers.BooleanField()
    missing = MissingConditionSerializer(many=True)


class ExplainedStageSerializer(Shape):
    """What a stage asks for."""

    stage = serializers.CharField()
    text = serializers.CharField()
    met = serializers.BooleanField()
    conditions = ExplainedConditionSerializer(many=True)
    one_short = serializers.BooleanField()
    missing = MissingConditionSerializer(many=True)


class TurnSerializer(Shape):
    """A verdict that changes by time alone, and why."""

    at = serializers.DateTimeField()
    kind = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    text = serializers.CharField()


class CurvePointSerializer(Shape):
    """The total at an instant to come."""

    at = serializers.DateTimeField()
    total = PointsField()


class AheadSerializer(Shape):
    """The coming 90 days without new activity. Nothing is known about verdicts after `seen_until`."""

    until = serializers.DateTimeField()
    seen_until = serializers.DateTimeField()
    cools_at = serializers.DateTimeField(allow_null=True)
    heats_at = serializers.DateTimeField(allow_null=True)
    band_changes_at = serializers.DateTimeField(allow_null=True)
    turns = TurnSerializer(many=True)
    curve = CurvePointSerializer(many=True)


class ExplanationSerializer(Shape):
    """The score of a lead at an instant, down to the activities and answers that it comes from."""

    lead = ExplainedLeadSerializer()
    model = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    at = serializers.DateTimeField()
    known_at = serializers.DateTimeField(allow_null=True)
    in_force = serializers.BooleanField(help_text="Whether these rules were in force at that instant.")
    note = serializers.CharField(required=False, help_text="Where they were not: which were.")
    inside_audience = serializers.BooleanField()
    total = PointsField()
    fit = PointsField()
    engagement = PointsField()
    qualification = PointsField()
    band = serializers.CharField(allow_null=True)
    grade = serializers.CharField(allow_null=True)
    matrix = MatrixCellSerializer(allow_null=True)
    groups = ExplainedGroupSerializer(many=True)
    adjustments = ExplainedAdjustmentSerializer(many=True)
    lines = ExplanationLineSerializer(many=True)
    hot = ExplainedHotSerializer(many=True)
    stage = serializers.CharField(allow_null=True)
    stages = ExplainedStageSerializer(many=True)
    next_change_at = serializers.DateTimeField(allow_null=True)
    ahead = AheadSerializer()
