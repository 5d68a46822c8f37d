"""Form fields over the cleaners."""

from __future__ import annotations

from datetime import date

import pytest
from django import forms
from django.utils import timezone, translation

from web.fields import BoundedDateField, BoundedDateTimeField, NormalizedEmailField, PhoneField

OUT_OF_BOUNDS = "Enter a date between 2000-01-01 and 2100-01-01."


class EveryField(forms.Form):
    day = BoundedDateField(required=False)
    at = BoundedDateTimeField(required=False)
    email = NormalizedEmailField(required=False)
    phone = PhoneField(required=False)


def errors(**data: str) -> dict[str, list[str]]:
    with translation.override("en"), timezone.override("Asia/Tokyo"):
        return dict(EveryField(data).errors)


@pytest.mark.parametrize("day", ["0001-01-01", "1999-12-31", "2100-01-02", "9999-12-31"])
def test_a_day_outside_the_century_is_refused(day: str) -> None:
    assert errors(day=day) == {"day": [OUT_OF_BOUNDS]}


@pytest.mark.parametrize(
    "at",
    [
        "0001-01-01T00:00",
        "1999-12-31T23:59",
        "2100-01-01T09:01",
        "9999-12-31T23:59",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_an_instant_outside_the_century_is_refused(at: str) -> None:
    assert errors(at=at) == {"at": [OUT_OF_BOUNDS]}


def test_the_message_is_japanese_for_japanese_readers() -> None:
    with translation.override("ja"):
        assert EveryField({"day": "0001-01-01"}).errors["day"] == [
            "2000-01-01から2100-01-01までの日付を入力してください。"
        ]


def test_values_come_out_as_they_are_stored() -> None:
    form = EveryField({"day": "2026-11-22", "email": "Ｔａｒｏ@Example.JP", "phone": "０３ー１２３４ー５６７８"})
    assert form.is_valid()
    assert form.cleaned_data == {
        "day": date(2026, 11, 22),
        "at": None,
        "email": "taro@example.jp",
        "phone": "03-1234-5678",
    }


def test_what_is_no_address_and_no_number_is_refused_in_words() -> None:
    assert errors(email="taro@", phone="none") == {
        "email": ["Enter a valid email address."],
        "phone": ["Enter a phone number, such as 03-1234-5678."],
    }
