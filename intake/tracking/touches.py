"""Where a visit comes from: source, medium and campaign, by what the address says, else by the page before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, urlsplit

# Who sets the parameter that an advertisement or a post adds to the address.
CLICK_IDS: Mapping[str, tuple[str, str]] = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "dclid": ("google", "display"),
    "yclid": ("yahoo", "cpc"),
    "msclkid": ("bing", "cpc"),
    "li_fat_id": ("linkedin", "cpc"),
    "ldtag_cl": ("line", "cpc"),
    "fbclid": ("facebook", "social"),
    "twclid": ("x", "social"),
    "ttclid": ("tiktok", "social"),
}
# By the name in a host, whatever country follows it.
SEARCH = re.compile(r"(?:^|\.)(google|bing|yahoo|duckduckgo|baidu|naver|yandex|ecosia|startpage|brave)\.")
SOCIAL = {
    "facebook.com": "facebook",
    "instagram.com": "instagram",
    "linkedin.com": "linkedin",
    "lnkd.in": "linkedin",
    "t.co": "x",
    "twitter.com": "x",
    "x.com": "x",
    "youtube.com": "youtube",
    "line.me": "line",
    "note.com": "note",
    "b.hatena.ne.jp": "hatena",
    "reddit.com": "reddit",
    "tiktok.com": "tiktok",
}
# The code of our own source for a medium: the first pattern that is found counts.
SOURCES = (
    ("display", re.compile(r"display|banner|cpm")),
    ("paid_search", re.compile(r"cpc|ppc|paid")),
    ("email", re.compile(r"e-?mail|newsletter|mailmag")),
    ("social", re.compile(r"social|sns")),
    ("organic_search", re.compile(r"organic")),
    ("website_link", re.compile(r"referral")),
)
UTM = ("source", "medium", "campaign", "term", "content")
MOST = 120


def touch_of(url: str, referrer: str) -> dict[str, str]:
    """Source, medium, campaign and what else is known of a visit that began at `url`; `referrer` is the page before.

    Values are cut at `MOST` characters; of the referrer only host and path are kept, since the rest may name somebody.
    """
    parts, before = split(url), split(referrer)
    asked = {name.lower(): values[0] for name, values in parse_qs(parts.query, max_num_fields=100).items()}
    told = {name: asked.get(f"utm_{name}", "").strip()[:MOST] for name in UTM}
    click_id = next((name for name in CLICK_IDS if name in asked), "")
    is_own = before.netloc == parts.netloc
    source, medium = CLICK_IDS.get(click_id, ("", "")) if click_id else _referred("" if is_own else before.hostname)
    touch = told | {
        "source": (told["source"] or source).lower(),
        "medium": (told["medium"] or ("" if told["source"] else medium)).lower(),
        "click_id": click_id,
        "referrer": "" if is_own else f"{before.netloc}{before.path}"[:MOST],
    }
    return {name: value for name, value in touch.items() if value}


def _referred(host: str | None) -> tuple[str, str]:
    """Source and medium of a visitor who followed a link on this host, or who typed the address."""
    if not host:
        return "direct", "none"
    if found := SEARCH.search(host):
        return found[1], "organic"
    bare = host.removeprefix("www.").removeprefix("m.").removeprefix("l.")
    return (SOCIAL[bare], "social") if bare in SOCIAL else (bare, "referral")


def source_code(touch: Mapping[str, str]) -> str:
    """Which of the sources that come with the product a touch is."""
    if touch.get("source") == "direct" and "campaign" not in touch:
        return "direct_traffic"
    medium = touch.get("medium", "")
    return next((code for code, pattern in SOURCES if pattern.search(medium)), "other")


def split(url: str) -> SplitResult:
    """The parts of an address; all empty for what is none."""
    try:
        parts = urlsplit(url[:2000])
        return parts if parts.scheme in ("http", "https") and parts.hostname else SplitResult("", "", "", "", "")
    except ValueError:
        return SplitResult("", "", "", "", "")
