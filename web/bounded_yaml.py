"""YAML that somebody wrote, read within bounds: a few lines of it can stand for billions of values."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils.translation import gettext as _

from web.formats import number

MAX_DEPTH = 60
MAX_NODES = 50_000  # a model of rules seldom has 5,000
MAX_SCALAR = 20_000  # characters of one text


class BoundedYamlError(Exception):
    """The text is YAML, but has more than we take; says what, in words, and on which line (from 1)."""

    def __init__(self, words: str, line: int) -> None:
        super().__init__(words)
        self.words, self.line = words, line


class BoundedComposer:
    """Mixed into a loader of PyYAML, before it: refuses references, and counts depth and values as they are read."""

    depth = 0
    nodes = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """The next node. Raises BoundedYamlError where it is one too many, too deep or too long."""
        event = self.peek_event()  # type: ignore[attr-defined]
        self.nodes += 1
        self.depth += 1
        if words := self._what_is_wrong_with(event):
            raise BoundedYamlError(words, event.start_mark.line + 1)
        try:
            return super().compose_node(parent, index)  # type: ignore[misc]
        finally:
            self.depth -= 1

    def _what_is_wrong_with(self, event: yaml.Event) -> str:
        if isinstance(event, yaml.AliasEvent):
            return _("References (*) aren’t supported. Write the value out.")
        if self.depth > MAX_DEPTH:
            return _("This is nested too deeply. Use fewer levels.")
        if self.nodes > MAX_NODES:
            return _("This text has more than %(max)s values. Split it up.") % {"max": number(MAX_NODES)}
        if isinstance(event, yaml.ScalarEvent) and len(event.value) > MAX_SCALAR:
            return _("One value has more than %(max)s characters. Shorten it.") % {"max": number(MAX_SCALAR)}
        return ""
