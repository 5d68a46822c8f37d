"""What is demanded of a password is said in the words of the product, before and after one is tried."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short-one", "短すぎます。12文字以上で設定してください。"),
        ("hana.sato@acme.example", "氏名またはメールアドレスに似ています。別のパスワードを設定してください。"),
        ("hanako satoh", "氏名またはメールアドレスに似ています。別のパスワードを設定してください。"),
        ("password1234", "よく使われるパスワードです。別のパスワードを設定してください。"),
    ],
)
def test_a_refused_password_says_what_to_do(password: str, words: str) -> None:
    owner = User(name="Hanako Satoh", email="hana.sato@acme.example")
    with translation.override("ja"), pytest.raises(ValidationError) as refused:
        validate_password(password, owner)
    assert refused.value.messages == [words]


def test_who_chooses_a_password_is_told_the_rules() -> None:
    with translation.override("en"):
        assert password_validators_help_texts() == [
            "Use at least 12 characters.",
            "Don’t use your name or email address.",
            "Don’t use a common password.",
        ]
