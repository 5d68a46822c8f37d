"""What people write becomes heat, and what scanners click does not, from intake to score."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.enums import Scope
from accounts.models import ApiKey
from leads.actions.exclusions import restore_activity
from leads.models import Activity, Lead
from scoring.actions import score_all_dirty
from scoring.models import Episode, LeadScore
from scoring.queries.lead_list import leads_in_full
from scoring.starters import CODES, starter
from tests.published import Publish, document

HOT_WORDS = {"field": "properties.reading_temperature", "op": "=", "value": "hot"}
READS_WORDS = {"name": "Hot words", "each": {"activity": "form_submit", "where": HOT_WORDS}, "points": 30}
CLICKED = {"name": "Clicked", "each": {"activity": "email_click"}, "points": 2, "repeat": "once_per_object"}


@pytest.fixture
def post(admin) -> Any:
    """Tell the API of activities of one lead; the answer says how many were taken."""
    key = ApiKey(name="Website", scopes=[Scope.ACTIVITIES_WRITE.value], created_by=admin)
    secret = key.new_secret()
    key.save()

    def post(*told: dict[str, Any]) -> int:
        rows = [{"lead": {"email": "taro@example.co.jp"}} | one for one in told]
        answer = Client().post(
            "/api/v1/activities", json.dumps({"activities": rows}), content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )  # fmt: skip
        assert answer.status_code == 202, answer.content
        return int(answer.json()["accepted"])

    return post


def enquiry(text: str, now: Any, **properties: Any) -> dict[str, Any]:
    return {
        "key": text[:100], "type": "form_submit", "occurred_at": now.isoformat(),
        "properties": {"message": text} | properties,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "points", "headcount"),
    [
        ("30名での導入を検討中です", 3000, 30),
        ("検討はしていません", 0, None),
        ("資料ください", 0, None),
        ("サービスAのお見積りをお願いします", 3000, None),
    ],
)
def test_example_16_what_somebody_writes_reaches_the_score(
    post: Any, publish: Publish, now: Any, text: str, points: int, headcount: int | None
) -> None:
    """In words: "30名での導入を検討中です" is hot with headcount 30; "検討はしていません" is not; "資料ください" is
    neutral; a request for a quote takes the fast lane."""
    publish(document(READS_WORDS))
    post(enquiry(text, now, reading_temperature="hot", reading_headcount=9999, reading_quote=True))
    score_all_dirty(now=now)
    assert LeadScore.objects.get().total == points
    assert Activity.objects.get().properties.get("reading_headcount") == headcount


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize(
    "text",
    [
        "サービスAのお見積りをお願いします",
        "I want service A, please quote",
        "在庫ありますか今すぐ",
        "8000 sets unit price?",
    ],
)
def test_a_request_for_a_quote_takes_the_fast_lane_of_every_starter(
    post: Any, publish: Publish, now: Any, code: str, text: str
) -> None:
    publish(starter(code, "en").document)
    post(enquiry(text, now))
    score_all_dirty(now=now)
    episode = Episode.objects.get()
    assert (episode.definition, episode.started_at, LeadScore.objects.get().total < 4000) == (
        "Asked for a quote", now, True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["資料ください", "見積は不要です", "検討はしていません", "いつか検討するかもしれません",
     "見積もりの件はキャンセルでお願いします",
     "電気料金を見直しませんか？弊社なら15%削減できます。お見積りは無料です。",
     "Want to cut your software costs in half? Book a demo today!", "請求書の再発行をお願いします。"],
)  # fmt: skip
def test_other_words_open_no_episode(post: Any, publish: Publish, now: Any, text: str) -> None:
    publish(starter("software", "en").document)
    post(enquiry(text, now, reading_quote=True))
    score_all_dirty(now=now)
    assert not Episode.objects.exists()


PITCHES = [
    "電気料金を見直しませんか？弊社なら15%削減できます。お見積りは無料です。",
    "Want to cut your software costs in half? Book a demo today!",
]
CALLED_OFF = ["見積もりの件はキャンセルでお願いします", "We no longer need the quote, please cancel it."]
REFUSED = ["せっかくですが今回は見送らせていただきます", "Thank you, but we have decided not to go ahead."]
STANDS = ["", "サービスAについて", "About service A", "サービスAのお見積りをお願いします", "Please quote 20 seats"]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("text", [*PITCHES, *CALLED_OFF, *REFUSED])
def test_a_quote_request_whose_text_is_a_pitch_a_cancellation_or_a_refusal_opens_no_fast_lane(
    post: Any, publish: Publish, now: Any, code: str, text: str
) -> None:
    publish(starter(code, "en").document)
    post(enquiry(text, now, reading_quote=True) | {"type": "quote_request"})
    score_all_dirty(now=now)
    assert not Episode.objects.exists()
    assert LeadScore.objects.get().total == 0


@pytest.mark.parametrize("text", STANDS)
def test_a_quote_request_without_a_text_or_with_a_vague_one_takes_the_fast_lane(
    post: Any, publish: Publish, now: Any, text: str
) -> None:
    publish(starter("software", "en").document)
    post(enquiry(text, now) | {"type": "quote_request", "key": "1"})
    score_all_dirty(now=now)
    assert Episode.objects.get().definition == "Asked for a quote"


@pytest.mark.parametrize(
    ("text", "stands"),
    [
        ("", True), ("来週の火曜が都合がよいです", True), ("Can we see it on Tuesday?", True),
        *((one, False) for one in PITCHES),
        ("デモは不要です", False), ("We don't need a demo anymore.", False),
    ],
)  # fmt: skip
def test_a_demo_booking_whose_text_says_otherwise_gives_no_points_for_a_demo(
    post: Any, publish: Publish, now: Any, text: str, stands: bool
) -> None:
    publish(starter("software", "en").document)
    post(enquiry(text, now) | {"type": "demo_request", "key": "1"})
    score_all_dirty(now=now)
    assert (Activity.objects.get().properties["reading_demo"], LeadScore.objects.get().total > 0) == (stands, stands)


def test_example_13_twelve_links_at_once_are_a_scanner_excluded_from_scoring_and_reversible(
    post: Any, publish: Publish, rep: Any, now: Any
) -> None:
    """Twelve links clicked within 1.5 s, 3 s after the mail was sent: marked as a scanner, excluded from scoring,
    reversible."""
    publish(document(CLICKED))
    sent = now - timedelta(hours=1)

    def click(link: int, seconds: float) -> dict[str, Any]:
        return {
            "key": f"{link}-{seconds}", "type": "email_click", "object": f"/link/{link}",
            "occurred_at": (sent + timedelta(seconds=seconds)).isoformat(),
            "properties": {"mail": "news-12", "sent_at": sent.isoformat()},
        }  # fmt: skip

    def total() -> int:
        score_all_dirty(now=now)
        return LeadScore.objects.get().total

    assert post(click(1, -3601)) == 1
    assert total() == 200
    for place in range(0, 12, 4):  # twelve links within 1.5 s, 3 s after the mail was sent, told in three batches
        assert post(*(click(link, 3 + link / 8) for link in range(place, place + 4))) == 4
    assert total() == 200
    lead = Lead.objects.get()
    assert leads_in_full([lead.pk])[lead.pk].active_at == sent - timedelta(seconds=3601)
    scanned = Activity.objects.filter(is_excluded=True)
    assert scanned.count() == 12
    assert restore_activity(lead=lead, activity=scanned[0].pk, by=rep, now=now) == 12
    assert total() == 2400
