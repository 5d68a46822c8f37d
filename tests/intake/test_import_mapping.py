"""Mappings as documents: what is understood, and every problem at once with its path."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from django.utils import translation
from django.utils.translation import gettext as _

from intake.imports.batches import check_mapping
from intake.imports.kinds import ACTIVITIES, LEADS
from intake.imports.layout import FileFormat, Layout
from intake.imports.mapping import FileMapping, MappingError, load_yaml
from intake.imports.mapping_guess import guess_mapping
from leads.enums import AttributeType
from leads.models import AttributeDefinition
from scoring.queries.lead_export import HEADINGS

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
COLUMNS = ["mql_id", "mail", "first_contact_date", "landing_page_id", "origin"]
GOOD: dict[str, Any] = {
    "identity": "external_id",
    "columns": {"mql_id": "lead.external_id", "first_contact_date": "lead.created_at", "origin": "lead.source"},
    "constants": {"lead.origin": "marketing"},
    "values": {"lead.source": {"paid_search": "ads"}},
    "activity": {"type": "form_submit", "occurred_at": "first_contact_date", "object": "landing_page_id"},
    "timezone": "America/Sao_Paulo",
}


def checked(data: Any, kind: Any = LEADS) -> FileMapping:
    return check_mapping(data, kind=kind, columns=COLUMNS, now=NOW)


def problems(data: Any, kind: Any = LEADS) -> list[str]:
    with translation.override("en"), pytest.raises(MappingError) as caught:
        checked(data, kind)
    return [str(problem) for problem in caught.value.problems]


def test_the_mapping_of_the_manual_is_read_and_written_back() -> None:
    mapping = checked(GOOD)
    assert mapping.identity_field == "lead.external_id"
    assert mapping.as_data() == GOOD


def test_all_problems_are_told_at_once_each_with_its_path() -> None:
    data = {
        "identity": "phone",
        "columns": {"mql_id": "lead.extrenal_id", "nowhere": "lead.name", "mail": "email", "origin": "weather"},
        "constants": {"lead.email": "a@example.jp", "lead.stage": "unknown"},
        "values": {"lead.title": {"x": "y"}},
        "activity": {"type": "teleport", "object": "nowhere", "colour": "red"},
        "timezone": "Mars/Olympus",
        "color": 1,
    }
    assert problems(data) == [
        (
            "color: There’s no such setting. Available: identity, columns, constants, values, empty, dates, year,"
            " names, addresses, activity, timezone."
        ),
        "identity: Choose email, external_id or id.",
        "timezone: “Mars/Olympus” isn’t a time zone. Write it like Asia/Tokyo.",
        "columns.mql_id: There’s no field “lead.extrenal_id”. Did you mean lead.external_id?",
        "columns.nowhere: The file has no column “nowhere”. Use a name from the header row.",
        "columns.mail: There’s no field “email”. Did you mean lead.email?",
        "columns.origin: There’s no field “weather”. Choose one of the fields offered in the import.",
        "constants.lead.email: A fixed value can’t identify leads. Choose a column.",
        ("values.lead.title: Job title isn’t mapped, so its values can’t be translated. Map a column to it first."),
        ("activity.colour: There’s no such setting. Available: type, occurred_at, object, properties, key."),
        "activity.occurred_at: Required. Map a column to it, or set a value for all rows.",
        "activity.type: There’s no activity type “teleport”. Use an existing one, or create it in Settings.",
        "activity.object: The file has no column “nowhere”. Use a name from the header row.",
    ]


def test_a_field_is_filled_by_one_column_only() -> None:
    data = GOOD | {"columns": GOOD["columns"] | {"mail": "lead.source"}, "constants": {"lead.source": "web"}}
    assert problems(data) == [
        "columns.mail: Source is filled twice: by origin and mail. Keep one.",
        "constants.lead.source: Source is filled twice: by origin and constants.lead.source. Keep one.",
    ]


def test_constants_and_translations_must_be_values_of_their_field() -> None:
    columns = {"mql_id": "lead.external_id", "mail": "lead.stage"}
    values = {"lead.stage": {"x": "closed"}}
    data = GOOD | {"constants": {"lead.origin": "nobody"}, "columns": columns, "values": values}
    assert problems(data) == [
        "values.lead.stage.x: “closed” isn’t one of: Inquiry, MQL, SQL, Opportunity, Customer, In nurture,"
        " Disqualified.",
        "constants.lead.origin: “nobody” isn’t one of: From marketing, From sales.",
    ]


def test_the_identity_must_be_mapped_and_a_company_needs_its_name() -> None:
    data = {"identity": "email", "columns": {"mql_id": "company.industry"}}
    assert problems(data) == [
        "columns: Map a column that says who this is: an email, ID, name, phone or company.",
        "columns: Map a column to the company name. Without it, company fields can’t be imported.",
    ]


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_a_document_of_another_shape_is_refused(data: Any) -> None:
    assert problems(data) == ["Expected a list of names and values."]


def test_parts_of_another_shape_are_refused() -> None:
    data = {
        "identity": "external_id",
        "columns": {"mql_id": [["lead.external_id"]]},
        "constants": 3,
        "values": [],
        "activity": 1,
        "empty": "-",
        "dates": "ddmm",
    }
    assert problems(data) == [
        "columns.mql_id: Expected text.",
        "constants: Expected a list of names and values.",
        "dates: Choose dmy, mdy or ymd.",
        "empty: Expected a list of texts.",
        "values: Expected a list of names and values.",
        "activity: Expected a list of names and values.",
        "columns: No columns mapped yet. Choose what at least one column is imported as.",
    ]


def test_a_file_of_activities_must_say_what_happened_when() -> None:
    data = {"identity": "email", "columns": {"mail": "lead.email", "origin": "activity.properties.Via"}}
    assert problems(data, ACTIVITIES) == [
        "columns.origin: Use only lowercase letters, digits and _ in property names, with a letter first.",
        "activity.type: Required. Map a column to it, or set a value for all rows.",
        "activity.occurred_at: Required. Map a column to it, or set a value for all rows.",
    ]


def test_custom_attributes_are_fields() -> None:
    AttributeDefinition.objects.create(code="seats", type=AttributeType.INTEGER, label_en="Seats", label_ja="席数")
    data = {"identity": "email", "columns": {"mail": "lead.email", "origin": "custom.seats"}}
    assert checked(data).columns["origin"] == ("custom.seats",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("identity: [", "This isn’t valid YAML: "),
        (
            "columns:\n  a: lead.email\n  a: lead.name\n",
            "This isn’t valid YAML: “a” is there twice (3:3)",
        ),
        ("a: " + "[" * 5000, "This isn’t valid YAML: "),
    ],
)
def test_yaml_that_is_none_is_refused(text: str, words: str) -> None:
    with translation.override("en"), pytest.raises(MappingError) as caught:
        load_yaml(text)
    assert str(caught.value).startswith(words)


def test_yaml_is_read_as_texts_only() -> None:
    text = "columns: {on: lead.created_at, no: lead.external_id, 7: lead.name}\na: !!python/object/apply:os.x [y]\n"
    assert load_yaml(text) == {
        "columns": {"on": "lead.created_at", "no": "lead.external_id", "7": "lead.name"},
        "a": ["y"],
    }


# ---- guessing ----


def guessed(columns: list[str], sample: list[list[str]]) -> dict[str, Any]:
    counted = [Counter(cell for row in sample if (cell := row[place])).most_common() for place in range(len(columns))]
    layout = Layout(columns=columns, format=FileFormat(), rows=len(sample), sample=sample, values=list(counted))
    return guess_mapping(layout, LEADS, timezone="Asia/Tokyo")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Email", "lead.email"),
        ("メールアドレス", "lead.email"),
        ("Full Name", "lead.name"),
        ("氏名", "lead.name"),
        ("お名前", "lead.name"),
        ("会社名", "company.name"),
        ("Company", "company.name"),
        ("貴社名", "company.name"),
        ("部署名", "lead.department"),
        ("役職", "lead.title"),
        ("従業員数", "company.employees"),
        ("電話番号", "lead.phone"),
        ("Lead Source", "lead.source"),
        ("獲得経路", "lead.source"),
        ("導入予定時期", "lead.planned_on"),
        ("first_contact_date", "lead.created_at"),
        ("mql_id", "lead.external_id"),
        ("ご担当者の電話番号", "lead.phone"),
        ("Work Email *", "lead.email"),
        ("EmailAddress", "lead.email"),
        ("E-Mail（半角）", "lead.email"),
        ("Last Name", "lead.family_name"),
        ("氏名（姓）", "lead.family_name"),
        ("フリガナ（名）", "lead.given_kana"),
        ("氏名カナ", "lead.kana"),
        ("Number of Employees", "company.employees"),
        ("Contact owner", "lead.owner"),
        ("営業担当者名", "lead.owner"),
        ("お問い合わせ内容", "lead.enquiry"),
        ("備考", "lead.enquiry"),
        ("ご要望", "lead.enquiry"),
        ("message", "lead.enquiry"),
        ("Booth memo", "lead.enquiry"),
        ("weather", ""),
        ("Do Not Email", "lead.refusal"),
        ("Email Opt Out", "lead.refusal"),
        ("メール配信停止", "lead.refusal"),
        ("Updates", ""),
        ("Last Activity Date", ""),
        ("最終更新日", ""),
        ("Company Owner", ""),
        ("Owner's email domain", ""),
    ],
)
def test_a_column_is_guessed_by_the_words_of_its_header(header: str, field: str) -> None:
    found = guessed([header], [])
    assert found["columns"].get(header, "") == field


def test_addresses_are_found_under_any_header_and_no_field_is_guessed_twice() -> None:
    found = guessed(["連絡", "会社名", "企業名"], [["a@example.jp", "アクメ", "x"], ["", "B", "y"]])
    assert found == {
        "identity": "email",
        "columns": {"会社名": "company.name", "連絡": "lead.email"},
        "timezone": "Asia/Tokyo",
    }


def test_the_surest_of_two_columns_of_one_meaning_is_taken_and_every_enquiry() -> None:
    columns = ["Lead Status", "Lifecycle Stage", "Message", "備考"]
    assert guessed(columns, [])["columns"] == {
        "Lifecycle Stage": "lead.stage",
        "Message": "lead.enquiry",
        "備考": "lead.enquiry",
    }


def test_the_order_of_dates_and_what_stands_for_nothing_are_told_from_the_values() -> None:
    columns = ["mail", "Create Date", "industry"]
    european = guessed(columns, [["a@example.jp", "13/04/2026", "-"], ["b@example.jp", "03/04/2026", "Select"]])
    assert (european["dates"], european["empty"]) == ("dmy", ["-", "Select"])
    assert guessed(columns, [["a@example.jp", "04/13/2026", "x"]])["dates"] == "mdy"
    assert "dates" not in guessed(columns, [["a@example.jp", "03/04/2026", "x"]])
    assert "dates" not in guessed(columns, [["a@example.jp", "2026-04-03", "x"]])


def test_names_in_latin_letters_begin_with_the_given_name() -> None:
    columns = ["First Name", "Last Name", "Email"]
    assert guessed(columns, [])["names"] == "given_first"


def test_our_own_export_and_report_are_known() -> None:
    export = guessed(["id", "external_id", "name", "email", "stage", "engagement", "temperature", "owner"], [])
    assert export["columns"] == {
        "id": "lead.id",
        "external_id": "lead.external_id",
        "name": "lead.name",
        "email": "lead.email",
        "stage": "lead.stage",
        "owner": "lead.owner",
    }
    for language in ("en", "ja"):
        with translation.override(language):
            headings = {name: str(words) for name, words in HEADINGS.items()}
        by_heading = guessed(list(headings.values()), [])["columns"]
        fields = {name: by_heading.get(words, "") for name, words in headings.items()}
        assert (fields["id"], fields["company"], fields["owner"]) == ("lead.id", "company.name", "lead.owner")
        ours = {"id", "company", "score", "fit", "engagement", "qualification", "temperature", "team", "last_active"}
        assert {name: field for name, field in fields.items() if name not in ours} == {
            name: f"lead.{name}" for name in fields if name not in ours
        }
        with translation.override(language):
            header = [_("Row"), _("Result"), _("Lead"), _("Reason"), "mail"]
        assert guessed(header, [])["columns"] == {header[2]: "lead.id", "mail": "lead.email"}


def test_an_attribute_is_known_by_its_name() -> None:
    AttributeDefinition.objects.create(code="seats", type=AttributeType.INTEGER, label_en="Seats", label_ja="席数")
    assert guessed(["mail", "seats"], [])["columns"]["seats"] == "custom.seats"
