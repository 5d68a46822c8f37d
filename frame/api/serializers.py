"""The shape of a refusal."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from frame.api.problems import ApiProblem


class ProblemSerializer(serializers.Serializer[ApiProblem]):
    """One thing that is wrong with a request."""

    where = serializers.CharField(help_text="The path in what was sent, such as `activities[3].occurred_at`.")
    code = serializers.CharField(help_text="For programs; stays the same.")
    text = serializers.CharField(help_text="For people, in the language of the request.")


class ProblemDocumentSerializer(serializers.Serializer[Any]):
    """Why a request was refused (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    problems = ProblemSerializer(many=True, help_text="At most 100 of them.")
    problem_count = serializers.IntegerField(help_text="How many there are.")


class SparseSerializer(serializers.Serializer[Any]):
    """A thing of which clients may ask for a part (`fields`): nothing but its id is always there."""
