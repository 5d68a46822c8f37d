"""Rules as text: YAML in, with the line of every path so that a problem can be shown where it was written; YAML out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from django.utils.translation import gettext as _

from scoring.errors import ScoringError
from web.bounded_yaml import BoundedComposer, BoundedYamlError

MAX_CHARACTERS = 500_000
MOST_BYTES = 4 * MAX_CHARACTERS
BLOCKS = {"name", "model", "groups", "rules", "all", "any", "when", "each", "mql", "sql"}
ONE_LINE = 160
ODD_ENDS = frozenset("\x85\u2028\u2029")
# A bare = or << has a meaning of its own in YAML 1.1; here = is an operator, and << a name that nothing has.
SIGNS = ("tag:yaml.org,2002:value", "tag:yaml.org,2002:merge")


@dataclass(frozen=True, kw_only=True)
class YamlDocument:
    """What was written, and on which line (from 1) each path begins; or why it cannot be read."""

    raw: Any = None
    lines: dict[str, int] = field(default_factory=dict)
    problem: str = ""
    line: int = 0

    def line_of(self, path: str) -> int:
        """The line of a path, else of the nearest part of it that was written."""
        while path and path not in self.lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self.lines.get(path, 1)


class YamlError(ScoringError):
    """YAML that we do not take, in words for the person who wrote it."""

    def __init__(self, words: str, line: int = 1) -> None:
        super().__init__(words)
        self.words, self.line = words, line


def load(text: str) -> YamlDocument:
    """Read one YAML document. Never raises; aliases, twin keys and deep nesting are refused."""
    try:
        if len(text) > MAX_CHARACTERS:
            raise YamlError(_("This text is too long. Shorten it."))
        node = _YamlLoader(text).get_single_node()
        lines: dict[str, int] = {}
        return YamlDocument(raw=None if node is None else _value(node, "", lines), lines=lines)
    except (YamlError, BoundedYamlError) as problem:
        return YamlDocument(problem=problem.words, line=problem.line)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = _("This isn’t valid YAML: %(reason)s.") % {"reason": error.problem or ""}
        return YamlDocument(problem=words, line=mark.line + 1 if mark else 1)
    except (yaml.YAMLError, ValueError):  # characters that YAML does not know
        return YamlDocument(problem=_("This text contains a character that can’t be saved."), line=1)


def write(raw: Any) -> str:
    """The text people read and edit: keys in their order, a short condition on one line, no needless escapes."""
    return str(yaml.dump(raw, Dumper=_YamlDumper, sort_keys=False, allow_unicode=True, width=1_000))


class _YamlDumper(yaml.SafeDumper):
    """Blocks for what has a name or a list of its own, one line for a leaf such as `{field: email, op: known}`."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def mapping_node(dumper: _YamlDumper, mapping: dict[Any, Any]) -> yaml.Node:
    """On one line when it is short and has no list or name of its own."""
    leaf = not BLOCKS & mapping.keys() and len(str(mapping)) <= ONE_LINE
    return dumper.represent_mapping("tag:yaml.org,2002:map", mapping.items(), flow_style=leaf and bool(mapping))


def text_node(dumper: _YamlDumper, text: str) -> yaml.Node:
    """Line ends that only Unicode knows are escaped: YAML would fold them into spaces."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if ODD_ENDS & set(text) else None)


def list_node(dumper: _YamlDumper, members: list[Any]) -> yaml.Node:
    """On one line when its members are plain values."""
    plain = not any(isinstance(member, dict | list) for member in members)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", members, flow_style=plain)


_YamlDumper.add_representer(dict, mapping_node)
_YamlDumper.add_representer(list, list_node)
_YamlDumper.add_representer(str, text_node)


class _YamlLoader(BoundedComposer, yaml.SafeLoader):
    """PyYAML's safe loader, within bounds."""


def _value(node: yaml.Node, path: str, lines: dict[str, int]) -> Any:
    """What a node says; notes in `lines` on which line each path begins."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines)
    if isinstance(node, yaml.SequenceNode):
        return [_value(member, f"{path}[{index}]", lines) for index, member in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: str, lines: dict[str, int]) -> dict[Any, Any]:
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = _scalar(key_node) if isinstance(key_node, yaml.ScalarNode) else None
        line = key_node.start_mark.line + 1
        if not isinstance(key, str | int):
            raise YamlError(_("A name is missing before the colon. Write it as “name: value”."), line)
        if key in mapping:
            raise YamlError(_("“%(key)s” appears twice. Keep one of them.") % {"key": str(key)[:80]}, line)
        inner = f"{path}.{key}" if path else str(key)
        lines[inner] = line
        mapping[key] = _value(value_node, inner, lines)
    return mapping


def _scalar(node: yaml.Node) -> Any:
    if node.tag in SIGNS:
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise YamlError(_("This value can’t be read. Check its spelling."), node.start_mark.line + 1) from error
