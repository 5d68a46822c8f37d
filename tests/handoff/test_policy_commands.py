"""The hand-off policy on the command line: as YAML there and back, loaded, published, tried."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Team, User
from handoff.models import Handoff
from handoff.queries.policy import policy_of
from tests.factories import LeadFactory, UserFactory
from tests.handoff.world import model

pytestmark = pytest.mark.django_db

WRITTEN = """
routing:
  rules:
    - name: Kansai
      when: {field: region, op: =, value: Kansai}
      to: {aim: pool, pool: Osaka}
    - {to: {aim: owner, away: next}}
  pools:
    - name: Osaka
      team: Tokyo
      members:
        - {person: ueda@example.com, weight: 2}
  otherwise: Tokyo
"""


def said(*args: str, **options: Any) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), language="en", **options)
    return out.getvalue()


@pytest.fixture
def ueda(team: Team) -> User:
    return UserFactory(name="Ueda", email="ueda@example.com", team=team)


def loaded(tmp_path: Path, text: str, *more: str) -> str:
    file = tmp_path / "policy.yaml"
    file.write_text(text, encoding="utf-8")
    return said("policy", "load", str(file), *more)


def test_the_policy_goes_out_as_yaml_and_comes_back_the_same(tmp_path: Path, ueda: User, team: Team) -> None:
    assert loaded(tmp_path, WRITTEN, "--publish", "--note", "Osaka") == "Version 2 is published.\n"
    document = policy_of("routing").current.document
    assert document["pools"][0]["members"] == [{"person": ueda.pk, "weight": 2}]
    assert (document["pools"][0]["team"], document["otherwise"]) == (team.pk, team.pk)
    shown = said("policy", "show", "routing")
    assert ("person: ueda@example.com" in shown, "otherwise: Tokyo" in shown) == (True, True)
    loaded(tmp_path, shown)
    assert policy_of("routing").draft is None
    assert json.loads(said("policy", "show", "--json"))["routing"]["otherwise"] == "Tokyo"


def test_a_file_that_names_nobody_we_know_says_where_and_changes_nothing(tmp_path: Path, team: Team) -> None:
    with pytest.raises(CommandError) as refused:
        loaded(tmp_path, WRITTEN.replace("op: =", "op: ~"))
    told = str(refused.value)
    assert "policy.yaml:5: routing.rules[0].when.op" in told
    unknown = "No user has the address ueda@example.com. Check the spelling."
    assert f"policy.yaml:12: routing.pools[0].members[0].person: {unknown}" in told
    assert policy_of("routing").draft is None


def test_a_lead_is_tried_on_the_command_line_under_the_draft(tmp_path: Path, ueda: User) -> None:
    model()
    lead = LeadFactory(region="Kansai")
    loaded(tmp_path, WRITTEN)
    told = said("routing", "try", str(lead.pk), "--draft")
    assert told.splitlines()[0] == "To Ueda: next in the pool (pool “Osaka”)."
    found = json.loads(said("routing", "try", lead.email, "--json"))
    assert found["sentence"] == "To the queue of Tokyo: fallback team."
    assert not Handoff.objects.exists()


@pytest.mark.parametrize(
    ("before", "after", "path"),
    [
        ("team: Tokyo", "team: [Tokyo]", "pools[0].team"),
        ("otherwise: Tokyo", "otherwise: {a: b}", "otherwise"),
        ("pool: Osaka", "pool: [Osaka]", "rules[0].to.pool"),
        ("aim: owner", "aim: {owner: yes}", "rules[1].to"),
        ("weight: 2", "weight: []", "pools[0].members[0].weight"),
        ("person: ueda@example.com", "person: []", "pools[0].members[0].person"),
        ("      team: Tokyo", "      team: Tokyo\n      skills: 5", "pools[0].skills"),
        ("      team: Tokyo", "      team: Tokyo\n      language: 5", "pools[0].language"),
        ("- name: Osaka", "- name: [Osaka]", "pools[0].name"),
    ],
)
def test_what_a_file_says_in_another_shape_is_refused_with_its_place(
    tmp_path: Path, ueda: User, before: str, after: str, path: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(f"routing.{path}:")):
        loaded(tmp_path, WRITTEN.replace(before, after, 1))
    assert policy_of("routing").draft is None


GATED = """
gates:
  gates:
    - name: Need is known
      when: {answer: bant.need, op: known}
      effect: warn
      models: [Default]
      missing: Ask what they need.
  ownership: {shared: 30, sales: 60}
outcomes:
  cells:
    - {engagement: high, qualification: low, do: confirm}
  confirm: {person: ueda@example.com}
  reasons: {no_need: rest}
"""


def test_gates_and_outcomes_go_out_and_come_back_in_the_one_yaml(tmp_path: Path, ueda: User) -> None:
    model()
    loaded(tmp_path, GATED, "--publish", "--note", "Pilot")
    shown = json.loads(said("policy", "show", "--json"))
    assert shown["gates"]["gates"][0]["missing"] == "Ask what they need."
    assert (shown["outcomes"]["confirm"], shown["outcomes"]["reasons"]) == (
        {"person": "ueda@example.com"}, {"no_need": "rest"},
    )  # fmt: skip
    assert policy_of("outcomes").current.document["confirm"] == {"person": ueda.pk}
    loaded(tmp_path, said("policy", "show", "gates") + said("policy", "show", "outcomes"))
    assert (policy_of("gates").draft, policy_of("outcomes").draft) == (None, None)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("answer: bant.need", "answer: bant.noed", "5: gates.gates[0].when.answer"),
        ("effect: warn", "effect: shout", "6: gates.gates[0].effect"),
        ("do: confirm", "do: vanish", "12: outcomes.cells[0].do"),
        ("no_need: rest", "no_noed: rest", "14: outcomes.reasons.no_noed"),
    ],
)
def test_what_is_wrong_with_gates_and_outcomes_is_said_with_its_line(
    tmp_path: Path, ueda: User, before: str, after: str, line: str
) -> None:
    model()
    with pytest.raises(CommandError, match=re.escape(f"policy.yaml:{line}")):
        loaded(tmp_path, GATED.replace(before, after, 1))


def test_what_became_of_each_section_is_said_to_programs_too(tmp_path: Path, ueda: User, team: Team) -> None:
    assert json.loads(loaded(tmp_path, WRITTEN, "--json")) == {"routing": None}
    assert json.loads(said("policy", "publish", "routing", "--json")) == {"routing": 2}


def test_a_whole_policy_goes_out_and_comes_back_as_one_text(tmp_path: Path, ueda: User, team: Team) -> None:
    text = said("policy", "show")
    assert re.findall(r"^(\w+):", text, re.MULTILINE) == ["gates", "routing", "sla", "outcomes"]
    assert loaded(tmp_path, text, "--publish") == ""


def refused(*args: str) -> str:
    with pytest.raises(CommandError) as error:
        call_command(*args, stdout=StringIO(), stderr=StringIO(), language="ja")
    return str(error.value)


def test_a_file_that_cannot_be_read_is_refused_in_the_language_of_the_reader(tmp_path: Path) -> None:
    missing, binary = tmp_path / "missing.yaml", tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    for command in (["policy", "load"], ["scoring_model", "load"], ["read_enquiry", "--file"]):
        assert refused(*command, str(missing)) == f"ファイル{missing}がありません。つづりを確認してください。"
        assert refused(*command, str(tmp_path)) == f"{tmp_path}はフォルダーです。ファイルを指定してください。"
        assert refused(*command, str(binary)).startswith(f"{binary}はUTF-8")


@pytest.mark.parametrize("days", ["0", "-1", "999999"])
def test_days_out_of_bounds_are_refused_in_a_sentence(days: str) -> None:
    assert refused("routing", "rehearse", f"--days={days}") == "--daysには1から365までの整数を指定してください。"
