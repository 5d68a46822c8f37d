"""The scoring engine: a library that turns rules as data into one SQL statement, and into words.

It knows no models, settings, clock or HTTP: callers pass nodes, a catalog, where the rows come from, and an instant.
"""

from engine.catalog import (
    Catalog,
    CatalogActivity,
    CatalogCriterion,
    CatalogField,
    Choice,
    FieldType,
    Label,
    custom_field,
)
from engine.check import check, check_condition
from engine.dump import dump, dump_condition
from engine.explainer import explain
from engine.explanation import Annotations, Explanation
from engine.nodes import Condition, Document
from engine.parse import Parsed, parse, parse_condition
from engine.problems import Problem
from engine.schema import json_schema
from engine.sql.sources import EVERYONE, LeadScope, Relation, Sources, among, between, bigints, only
from engine.sql.statement import CompiledStatement, ScoreRow, compile_document
from engine.words import describe

__all__ = [
    "EVERYONE",
    "Annotations",
    "Catalog",
    "CatalogActivity",
    "CatalogCriterion",
    "CatalogField",
    "Choice",
    "CompiledStatement",
    "Condition",
    "Document",
    "Explanation",
    "FieldType",
    "Label",
    "LeadScope",
    "Parsed",
    "Problem",
    "Relation",
    "ScoreRow",
    "Sources",
    "among",
    "between",
    "bigints",
    "check",
    "check_condition",
    "compile_document",
    "custom_field",
    "describe",
    "dump",
    "dump_condition",
    "explain",
    "json_schema",
    "only",
    "parse",
    "parse_condition",
]
