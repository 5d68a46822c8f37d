"""The words of frameworks. Codes stay, since rules and answers speak of them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from scoring.models import Criterion, Framework, Option


@transaction.atomic
def rename_framework(
    *, framework: Framework, names: Iterable[tuple[Framework | Criterion | Option, str, str]], is_active: bool
) -> None:
    """Give the framework, its criteria and options these English and Japanese names, and switch it on or off."""
    framework.is_active = is_active
    framework.save(update_fields=["is_active"])
    for row, english, japanese in names:
        if (row.label_en, row.label_ja) != (english, japanese):
            row.label_en, row.label_ja = english, japanese
            row.save(update_fields=["label_en", "label_ja"])
