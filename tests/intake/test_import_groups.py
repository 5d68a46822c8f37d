"""What is said of many rows at once speaks of the kind, with examples."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from django.utils import translation

from tests.intake.importing import rehearsed

pytestmark = pytest.mark.django_db


def test_a_group_of_different_cells_is_called_by_its_kind_with_three_examples(tmp_path: Path, now: datetime) -> None:
    sizes = ["5人未満", "100〜299名", "100〜299名", "50名以上", "10-20"]
    text = "mail,firm,staff\n" + "".join(f"p{n}@x.example,F{n},{size}\n" for n, size in enumerate(sizes))
    columns = {"mail": "lead.email", "firm": "company.name", "staff": "company.employees"}
    tally = rehearsed(tmp_path, text, {"columns": columns}, now)
    with translation.override("en"):
        words = (
            "staff: Ranges and limits are read as their lower end: “5人未満” → 1, “100〜299名” → 100, “50名以上” → 50"
        )
        assert tally.in_words(tally.remarks) == [(5, words, 1)]
