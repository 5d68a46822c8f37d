"""Addresses, numbers and domains are compared by what they reach, not by how they were typed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leads.identity.contacts import domain_key, email_key, is_personal_address, is_personal_number, phone_keys


@pytest.mark.parametrize(
    "typed",
    [
        "03-1234-5678", "０３（１２３４）５６７８", "+81 3 1234 5678", "+81-(0)3-1234-5678", "0081-3-1234-5678",
        "010-81-3-1234-5678", "03-1234-5678 内線12", "03ー1234ー5678", "0312345678（代表）", "03 1234 5678 ext. 7",
    ],
)  # fmt: skip
def test_a_number_of_japan_is_one_however_it_is_dialled(typed: str) -> None:
    assert phone_keys(typed) == {"+81312345678"}


def test_several_numbers_in_a_field_are_several() -> None:
    assert phone_keys("03-1234-5678 / 090-1234-5678") == {"+81312345678", "+819012345678"}


@pytest.mark.parametrize("typed", ["", "03", "12345", "なし", "0000000000", "03-9999-9999"])
def test_a_part_of_a_number_or_a_made_up_one_tells_nobody_apart(typed: str) -> None:
    assert phone_keys(typed) == frozenset()


def test_a_mobile_telephone_is_carried_by_one_person_and_a_line_is_not() -> None:
    assert [is_personal_number(key) for key in ("+819012345678", "+81312345678", "#123456789")] == [True, False, False]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Ａ.Sato＠Acme.example", "a.sato@acme.example"),
        ("sato+fair@acme.example", "sato@acme.example"),
        ("i.sato@googlemail.com", "isato@gmail.com"),
        ("no address", ""),
    ],
)
def test_an_address_is_compared_without_what_its_service_ignores(typed: str, key: str) -> None:
    assert email_key(typed) == key


def test_a_shared_mailbox_is_nobodys_own() -> None:
    assert [is_personal_address(address) for address in ("info@a.example", "i.sato@a.example")] == [False, True]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("a@mail.acme.co.jp", "acme.co.jp"),
        ("https://www.acme.example/x", "acme.example"),
        ("sato@gmail.com", ""),
        ("acme", ""),
    ],
)
def test_a_domain_is_what_was_registered_and_free_mail_is_no_company(typed: str, key: str) -> None:
    assert domain_key(typed) == key


@given(st.text(max_size=40))
@example("0..0")
@settings(max_examples=200, deadline=None)
def test_any_text_has_keys_that_are_their_own(text: str) -> None:
    assert email_key(email_key(text)) == email_key(text)
    assert all(phone_keys(key.removeprefix("#")) <= {key, f"#{key}"} or key.startswith("#") for key in phone_keys(text))
    assert domain_key(domain_key(text)) == domain_key(text)
