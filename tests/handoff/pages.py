"""What the tests of the pages share."""

from __future__ import annotations

from django.urls import reverse

PART = {"HTTP_HX_REQUEST": "true"}


def names(response):
    return [row.handoff.lead.name for row in response.context["rows"]]


def post(client, name, handoff, **data):
    return client.post(reverse(f"handoff:{name}", args=[handoff.pk]), data, **PART)
