"""Text or JSON, already loaded, to nodes: all problems at once, each with its path."""

from engine.parse.document import Parsed, parse, parse_condition

__all__ = ["Parsed", "parse", "parse_condition"]
