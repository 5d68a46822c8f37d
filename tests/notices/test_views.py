"""The bell and the page behind it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notices.models import MailPreference, Notice
from tests.conftest import NOW

PART = {"HTTP_HX_REQUEST": "true"}


def notice_of(user, number=1, **rest):
    return Notice.objects.create(
        user=user, kind="handoff.hot", params={"lead": f"lead {number}", "score": 82, "team": "Tokyo"},
        url="/queue/", dedupe_key=f"{user.pk}:{number}", created_at=NOW + timedelta(minutes=number), **rest,
    )  # fmt: skip


@pytest.fixture
def as_rep(client, rep):
    client.force_login(rep)
    return client


def lines(response):
    return [line["words"].line for line in response.context["lines"]]


def test_the_newest_notice_stands_first_and_nobody_elses_is_there(as_rep, rep, other_rep):
    notice_of(rep, 1)
    notice_of(rep, 2)
    notice_of(other_rep, 3)
    assert lines(as_rep.get("/notices/")) == ["lead 2 is hot (82 points)", "lead 1 is hot (82 points)"]


def test_the_unread_alone(as_rep, rep):
    notice_of(rep, 1, read_at=NOW)
    notice_of(rep, 2)
    assert lines(as_rep.get("/notices/?show=unread")) == ["lead 2 is hot (82 points)"]


def test_pages_follow_each_other_without_gap_or_repetition(as_rep, rep, monkeypatch):
    monkeypatch.setattr("notices.queries.PAGE", 2)
    for number in range(5):
        notice_of(rep, number)
    seen, after = [], ""
    for _ in range(3):
        page = as_rep.get("/notices/", {"after": after} if after else {})
        seen, after = seen + lines(page), page.context["after"]
    assert seen == [f"lead {number} is hot (82 points)" for number in (4, 3, 2, 1, 0)]
    assert after == ""


def test_a_forged_cursor_shows_the_first_page(as_rep, rep):
    notice_of(rep)
    assert len(lines(as_rep.get("/notices/?after=forged"))) == 1


def test_following_a_notice_reads_it(as_rep, rep):
    notice = notice_of(rep)
    assert as_rep.get(f"/notices/{notice.pk}/").headers["Location"] == "/queue/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_notice_never_leads_to_another_site(as_rep, rep):
    notice = notice_of(rep)
    Notice.objects.update(url="//evil.example/")
    assert as_rep.get(f"/notices/{notice.pk}/").headers["Location"] == "/notices/"


def test_the_bell_counts_the_unread_and_is_empty_without(as_rep, rep):
    assert as_rep.get("/notices/unread/", **PART).content.decode().strip() == ""
    notice_of(rep)
    assert as_rep.get("/notices/unread/", **PART).content.decode().startswith("1")


def test_a_notice_is_marked_read_and_unread_again(as_rep, rep):
    notice = notice_of(rep)
    as_rep.post(f"/notices/{notice.pk}/read/", **PART)
    assert Notice.objects.get().read_at is not None
    as_rep.post(f"/notices/{notice.pk}/read/?as=unread", **PART)
    assert Notice.objects.get().read_at is None


def test_all_are_read_at_once(as_rep, rep, other_rep):
    notice_of(rep, 1)
    notice_of(rep, 2)
    notice_of(other_rep, 3)
    as_rep.post("/notices/read/")
    assert [notice.user for notice in Notice.objects.filter(read_at=None)] == [other_rep]


def test_mails_are_turned_off_and_on(as_rep, rep):
    as_rep.post("/notices/mails/", {"mails": "off"})
    assert MailPreference.objects.get(user=rep).mails is False
    as_rep.post("/notices/mails/", {"mails": "on"})
    assert MailPreference.objects.get(user=rep).mails is True
