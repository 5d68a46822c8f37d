"""What htmx reads of a trigger ends at a space: a selector of two words stands in quotes."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_selector_of_two_words_in_a_trigger_is_quoted() -> None:
    templates = list(ROOT.glob("*/templates/**/*.html"))
    cut = [path.name for path in templates if re.search(r"from:(?:closest|find|next|previous) ", path.read_text())]
    assert templates
    assert cut == []
