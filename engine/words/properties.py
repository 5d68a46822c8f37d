"""What well-known properties of an activity are called: those that intake reads in people's own words."""

from __future__ import annotations

from collections.abc import Mapping

from engine.catalog import Label

PREFIX = "properties."
READ: Mapping[str, Label] = {
    "reading_temperature": Label("heat of the text", "文面の温度感"),
    "reading_headcount": Label("headcount in the text", "文面の人数"),
    "reading_comparison": Label("comparison in the text", "文面の他社比較"),
    "reading_timing": Label("time named in the text", "文面の時期"),
    "reading_quote": Label("request for a quote in the text", "文面の見積依頼"),
}


def property_words(name: str, language: str) -> str:
    """`properties.NAME` in words; NAME itself where it is somebody else's."""
    own = name.removeprefix(PREFIX)
    return READ[own].say(language) if own in READ else own
