"""The bounds that a document has to keep. They protect the database, and the reader."""

from decimal import Decimal

MAX_DEPTH = 6
MAX_RULES = 200
MAX_GROUPS = 50
MAX_HOT = 50
MAX_LEAVES = 50
MAX_NAME = 200
MAX_NOTE = 2_000
MAX_VALUE = 500
MAX_VALUES = 1_000
MAX_OPTIONS = 50
MAX_COUNT = 1_000_000
MAX_AT_MOST = 1_000
MAX_DAYS = 3_660
MAX_POINTS = Decimal(10_000)
MAX_BOUND = Decimal(1_000_000)
MAX_NUMBER = Decimal(10) ** 15
MAX_PROBLEMS = 500

RULE_CEILING = 10**9
"""Hundredths a single rule can reach without a cap of its own: 10,000,000 points. They stay inside `integer`."""
