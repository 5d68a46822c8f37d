"""The contract that is kept in docs/openapi.json: it says what is served, and nothing that was promised is broken."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from frame.api.compatibility import breaking_changes
from frame.api.schema import contract
from leadqual.management.commands.api_contract import FILE, written

Contract = dict[str, Any]


def kept() -> Contract:
    document: Contract = json.loads(FILE.read_text(encoding="utf-8"))
    return document


def test_nothing_that_was_promised_is_broken() -> None:
    assert breaking_changes(kept(), contract()) == []


def test_the_file_says_what_is_served() -> None:
    """`manage.py api_contract --write` brings it up to date."""
    assert FILE.read_text(encoding="utf-8") == written(contract())


# ---- what breaks clients, and what does not ----


def drop_path(new: Contract) -> None:
    del new["paths"]["/api/v1/models"]


def drop_method(new: Contract) -> None:
    del new["paths"]["/api/v1/leads"]["put"]


def drop_parameter(new: Contract) -> None:
    operation = new["paths"]["/api/v1/leads"]["get"]
    operation["parameters"] = [one for one in operation["parameters"] if one.get("name") != "stage"]


def ask_for_parameter(new: Contract) -> None:
    extra = {"in": "query", "name": "region", "required": True, "schema": {"type": "string"}}
    new["paths"]["/api/v1/leads"]["get"]["parameters"].append(extra)


def drop_answer(new: Contract) -> None:
    del new["paths"]["/api/v1/leads"]["put"]["responses"]["201"]


def drop_member(new: Contract) -> None:
    del new["components"]["schemas"]["ScoredLead"]["properties"]["stage"]


def change_type(new: Contract) -> None:
    new["components"]["schemas"]["LeadReceipt"]["properties"]["id"] = {"type": "integer"}


def ask_for_member(new: Contract) -> None:
    new["components"]["schemas"]["Activity"]["required"].append("object")


def refuse_value(new: Contract) -> None:
    new["components"]["schemas"]["OutcomeResultEnum"]["enum"].remove("won")


def answer_other_value(new: Contract) -> None:
    new["components"]["schemas"]["StageEnum"]["enum"].append("prospect")


def answer_without_member(new: Contract) -> None:
    new["components"]["schemas"]["LeadReceipt"]["required"].remove("created")


def ask_for_scope(new: Contract) -> None:
    new["paths"]["/api/v1/leads"]["get"]["security"] = [{"ApiKey": ["leads:erase"]}]


@pytest.mark.parametrize(
    "change",
    [
        drop_path, drop_method, drop_parameter, ask_for_parameter, drop_answer, drop_member, change_type,
        ask_for_member, refuse_value, answer_other_value, answer_without_member, ask_for_scope,
    ],
)  # fmt: skip
def test_what_a_client_may_rely_on_is_found_broken(change: Callable[[Contract], None]) -> None:
    new = copy.deepcopy(kept())
    change(new)
    assert breaking_changes(kept(), new) != []


def test_what_a_client_may_ignore_breaks_nothing() -> None:
    new = copy.deepcopy(kept())
    new["paths"]["/api/v1/weather"] = new["paths"]["/api/v1/models"]
    new["components"]["schemas"]["ScoredLead"]["properties"]["shoe_size"] = {"type": "integer"}
    new["components"]["schemas"]["Activity"]["properties"]["place"] = {"type": "string"}
    extra = {"in": "query", "name": "region", "schema": {"type": "string"}}
    new["paths"]["/api/v1/leads"]["get"]["parameters"].append(extra)
    assert breaking_changes(kept(), new) == []
