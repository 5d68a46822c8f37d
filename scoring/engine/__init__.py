"""The scoring engine: a library that turns rules as data into one SQL statement, and says itself in words.

It knows no models, settings, clock or HTTP: callers pass nodes, a catalog, where the rows come from, and an instant.
"""

from scoring.engine.catalog import (
    ActivityType,
    Catalog,
    Choice,
    Criterion,
    Field,
    FieldType,
    Label,
    base_catalog,
    custom_field,
)
from scoring.engine.check import check, check_condition
from scoring.engine.dump import dump, dump_condition
from scoring.engine.nodes import Document
from scoring.engine.parse import Parsed, parse, parse_condition
from scoring.engine.problems import Problem
from scoring.engine.sql.sources import EVERYONE, Relation, Scope, Sources, among, between, only
from scoring.engine.sql.statement import COLUMNS, Columns, Compiled, Row, compile_document

__all__ = [
    "COLUMNS",
    "EVERYONE",
    "Columns",
    "Compiled",
    "Relation",
    "Row",
    "Scope",
    "Sources",
    "among",
    "between",
    "compile_document",
    "only",
    "ActivityType",
    "Catalog",
    "Choice",
    "Criterion",
    "Document",
    "Field",
    "FieldType",
    "Label",
    "Parsed",
    "Problem",
    "base_catalog",
    "check",
    "check_condition",
    "custom_field",
    "dump",
    "dump_condition",
    "parse",
    "parse_condition",
]
