"""The library Splink 5 on the same people: our normalised values, its comparisons and the weights it learns."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

from benchmarks.matching import Pair
from leads.identity.characters import short_vowels
from leads.identity.people import Person

SEED = 7
NAME_LEVELS = (
    ("Null", "name_l = '' OR name_r = ''"),
    ("Written alike", "name_l = name_r"),
    ("Sounds alike, written otherwise", "script_l = 'ideographs' AND script_r = 'ideographs' AND sound_l = sound_r"),
    ("Sounds alike", "sound_l = sound_r AND sound_l <> ''"),
    ("Close", "script_l = script_r AND jaro_winkler_similarity(name_l, name_r) > 0.93"),
    ("Family name alike", "family_l = family_r AND family_l <> ''"),
    ("Scripts without a reading", "script_l <> script_r AND (sound_l = '' OR sound_r = '')"),
)


def scores(people: Sequence[Person], facts: Sequence[str]) -> dict[Pair, float]:
    """Each pair that Splink compares with its probability. `facts` are the codes of further columns."""
    import pyarrow
    from splink import Linker, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    rows = [columns_of(person, facts) for person in people]
    table = DuckDBAPI().register(pyarrow.Table.from_pylist(rows), table_name="people")
    has_work = any(person.company.key or person.emails for person in people)
    linker = Linker(table, settings(has_work, facts), log_level=logging.ERROR, validate_settings=False)
    sure = ["email"] if has_work else ["soc_sec_id"]
    linker.training.estimate_probability_two_random_records_match([block_on(*sure)], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=SEED)
    for columns in (("phone",), ("company", "sound")) if has_work else (("soc_sec_id",), ("date_of_birth",)):
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*columns), record_sample_proportion=1.0
        )
    predicted = linker.inference.predict(threshold_match_probability=0.001)
    found = predicted.as_record_list()
    return {pair_of(row): row["match_probability"] for row in found}


def pair_of(row: dict[str, Any]) -> Pair:
    one, other = row["unique_id_l"], row["unique_id_r"]
    return min(one, other), max(one, other)


def columns_of(person: Person, facts: Sequence[str]) -> dict[str, Any]:
    """One row; None where nothing is known. Of several addresses or numbers the first."""
    sounds = list(map(short_vowels, person.name.reading))
    latin = person.name.script == "latin"
    family = person.name.words[-1] if latin and person.name.words else (sounds[0] if sounds else person.name.family)
    values = {fact.code: fact.key for fact in person.facts}
    return {
        "unique_id": person.pk,
        "name": person.name.whole,
        "sound": "".join(sorted(sounds)),
        "family": family,
        "script": person.name.script,
        "email": first(person.emails),
        "phone": first(person.phones),
        "company": person.company.key or None,
        "domain": first(person.domains),
        "place": person.place or None,
        **{code: values.get(code) for code in facts},
    }


def first(values: frozenset[str]) -> str | None:
    return min(values) if values else None


def settings(has_work: bool, facts: Sequence[str]) -> Any:
    """Comparisons and blocking: the same values by which ours looks up and judges."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    levels = [
        {"sql_condition": sql, "label_for_charts": label, "is_null_level": label == "Null"}
        for label, sql in NAME_LEVELS
    ]
    name = cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[*levels, {"sql_condition": "ELSE", "label_for_charts": "All other"}],
    )
    if has_work:
        others = [
            cl.EmailComparison("email"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("company", [0.95]),
            cl.ExactMatch("place"),
        ]
        keys: list[tuple[str, ...]] = [
            ("email",), ("phone",), ("company", "sound"), ("company", "name"), ("company", "family"),
            ("domain", "sound"), ("domain", "family"),
        ]  # fmt: skip
    else:
        others = [cl.LevenshteinAtThresholds(code, [1, 2]) for code in facts]
        keys = [("soc_sec_id",), ("date_of_birth",), ("street",), ("name", "postcode")]
    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[name, *others],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in keys],
    )
