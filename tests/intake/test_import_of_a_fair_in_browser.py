"""An empty installation takes a fair's list and an export of another system as they are, in the browser."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from intake.imports.jobs import work_next
from intake.models import LeadImport
from leads.enums import Stage
from leads.models import Activity, AttributeDefinition, Company, Lead
from tests.axe import violations
from tests.browser import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = 300
FAMILIES = "佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 髙島 𠮷田".replace("𠮷", "吉").split()
GIVEN = "花子 一郎 次郎 美咲 健太 陽子 直樹 彩 大輔 恵".split()  # noqa: SIM905
TITLES = ["営業部長", "代表取締役社長", "課長", "係長", "担当", "購買部　主任", "-", "", "取締役 生産本部長"]
SIZES = ["約300", "100〜299名", "1,200", "1万2000人", "50名以上", "非公開", "", "-", "２５", "数十名"]
MEMOS = [
    "30名での導入を検討中です。見積もりをお願いします。", "", "資料を希望", "名刺交換のみ",
    "4月から使いたい。比較検討中", "", "後日連絡\n（メール希望）", "情報収集",
]  # fmt: skip
EMPTY = ("", "-")


def of_a_fair() -> bytes:
    """A list as somebody typed it at a booth: a title above it, two rows of it, names in two columns, no ids."""
    dice = random.Random(20261130)
    rows = ["第12回 ものづくりDX展　来場者リスト,,,,,,,,,,", "出力日：2026/11/25,,,,,,,,,,"]
    rows.append("No,姓,名,ﾌﾘｶﾞﾅ,貴社名,所属部署,役職,従業員数,TEL,E-mail,備考（ご要望など）")
    for number in range(PEOPLE):
        family, given = dice.choice(FAMILIES), dice.choice(GIVEN)
        firm = dice.choice(["株式会社アクメ", "㈱ベータ商事", "ガンマ工業（株）", "デルタ", "イプシロン製作所"]) + str(
            number % 90
        )
        email = dice.choice([f"p{number}@firm{number % 90}.example", f"P{number}@Firm{number % 90}.Example　", ""])
        phone = dice.choice([f"03-1234-{number:04}", f"０９０－１２３４－{number:04}", f"9012{number:06}", ""])
        if not email and not phone:
            phone = f"06-6000-{number:04}"
        memo = dice.choice(MEMOS).replace("\n", "\r\n")
        rows.append(f'{number + 1},{family},{given},ｻﾄｳ,{firm},営業部,{dice.choice(TITLES)},"{dice.choice(SIZES)}",'
                    f'{phone},{email},"{memo}"')  # fmt: skip
    rows[40] = rows[40].replace("@", "＠＠", 1) if "@" in rows[40] else rows[40]
    return "\r\n".join(rows).encode("cp932")


def of_another_system() -> bytes:
    """An export of contacts with forty columns, most of them empty or of that system alone."""
    header = [
        "Record ID", "First Name", "Last Name", "Email", "Phone Number", "Contact owner", "Last Activity Date",
        "Lead Status", "Marketing contact status", "Create Date", "Associated Company", "Lifecycle Stage", "Job Title",
        "Company Name", "Number of Employees", "Annual Revenue", "Do Not Email", "Original Source", "Message",
        "Country/Region",
    ] + [f"Custom Property {number}" for number in range(20)]  # fmt: skip
    stages = [
        "Subscriber",
        "Lead",
        "Marketing Qualified Lead",
        "Sales Qualified Lead",
        "Opportunity",
        "Customer",
        "Other",
    ]
    rows = ["\ufeff" + ",".join(f'"{name}"' for name in header)]
    for number in range(PEOPLE):
        row = {
            "Record ID": 51_000_000_001 + number, "First Name": "Ana", "Last Name": f"Pérez {number}",
            "Email": f"ana{number}@firm{number % 60}.example", "Phone Number": f"+34 600 {number:06}",
            "Last Activity Date": "2026-11-03 10:15",
            "Lead Status": ["New", "Open Deal", "Unqualified", ""][number % 4],
            "Create Date": f"2026-10-{number % 28 + 1:02} 09:30", "Lifecycle Stage": stages[number % len(stages)],
            "Job Title": ["Head of Sales", "VP Operations", "Account Executive", ""][number % 4],
            "Company Name": f"Firm {number % 60}",
            "Number of Employees": ["51-200", "873607.15", "", "10,001+"][number % 4],
            "Annual Revenue": ["", "1000000", "2.5"][number % 3], "Do Not Email": "false",
            "Original Source": "Organic Search", "Country/Region": "Spain",
            "Message": ["", "Please send a quote for 40 seats", "just browsing"][number % 3],
            "Custom Property 1": ["Gold", "Silver", "Bronze"][number % 3], "Custom Property 2": str(number),
        }  # fmt: skip
        rows.append(",".join(f'"{row.get(name, "")}"' for name in header))
    return "\r\n".join(rows).encode()


def work() -> None:
    while work_next(clock=timezone.now):
        pass


def picture(page: Page, name: str) -> None:
    """A look for people at both widths: SHOTS=/tmp/x pytest ... keeps what each step looked like."""
    for width in (375, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width, widest(page))
        if directory := os.environ.get("SHOTS"):
            page.screenshot(path=Path(directory) / f"{name}-{width}.png", full_page=True)


def widest(page: Page) -> list[str]:
    """What reaches past the right edge, for the message."""
    script = """() => [...document.querySelectorAll('main *')]
        .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
        .slice(-6).map(element => element.outerHTML.slice(0, 120))"""
    found: list[str] = page.evaluate(script)
    return found


def taken(page: Page, content: bytes, *, name: str, shots: str, attributes: bool = False) -> LeadImport:
    """The file walked through the four steps with nothing but the main button of each."""
    page.goto(reverse("intake:import_new"))
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.locator("button.lq-btn-main").click()
    page.wait_for_url("**/imports/*/")
    if attributes:
        page.locator("button[name=attributes]").click()
        expect(page.locator("#mapping")).to_be_visible()
    picture(page, f"{shots}-mapping")
    assert violations(page) == []
    page.locator("main button.lq-btn-main").click()
    expect(page.locator("#progress")).to_be_visible()
    work()
    expect(page.locator(".lq-stats")).to_be_visible()
    picture(page, f"{shots}-dry-run")
    assert violations(page) == []
    page.locator("main button.lq-btn-main").click()
    expect(page.locator("#progress")).to_be_visible()
    work()
    expect(page.locator(".lq-stats")).to_be_visible()
    picture(page, f"{shots}-report")
    return LeadImport.objects.latest("pk")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_list_of_a_fair_comes_in_as_it_is(sign_in: SignIn, marketer: User, language: str) -> None:
    marketer.language = language
    marketer.save()
    page = sign_in(marketer, reverse("intake:imports"))
    found = taken(page, of_a_fair(), name="展示会.csv", shots=f"fair-{language}")
    assert (found.encoding, found.rows, found.summary["format"]["header_row"]) == ("cp932", PEOPLE, 3)
    assert found.created + found.updated >= PEOPLE * 0.98
    assert Lead.objects.filter(name__contains=" ", kana="サトウ").count() == Lead.objects.count()
    assert Lead.objects.filter(title="営業部長", title_level=4, title_level_derived=True).exists()
    assert set(Company.objects.values_list("employees", flat=True)) >= {300, 100, 1200, 12_000, 50, 25, None}
    assert Activity.objects.filter(properties__reading_temperature="hot").exists()


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_export_of_another_system_comes_in_as_it_is(sign_in: SignIn, marketer: User, language: str) -> None:
    marketer.language = language
    marketer.save()
    page = sign_in(marketer, reverse("intake:imports"))
    found = taken(page, of_another_system(), name="contacts.csv", shots=f"contacts-{language}", attributes=True)
    assert (found.created, found.rejected) == (PEOPLE, 0)
    lead = Lead.objects.select_related("company").get(email="ana0@firm0.example")
    assert (lead.external_id, lead.title_level, lead.consent) == ("51000000001", 4, None)
    assert lead.company is not None
    assert (lead.company.name, lead.company.employees) == ("Firm 0", 51)
    assert Lead.objects.filter(stage=Stage.CUSTOMER).count() == len(range(5, PEOPLE, 7))
    assert AttributeDefinition.objects.get(label_en="Custom Property 1").choices == ["Gold", "Silver", "Bronze"]
    assert AttributeDefinition.objects.get(label_en="Custom Property 2").type == "integer"
    assert not AttributeDefinition.objects.filter(label_en="Custom Property 3").exists()
