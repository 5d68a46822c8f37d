"""`GET /t.js` and the page that tells visitors what it sends; neither sets a cookie."""

from __future__ import annotations

import gzip

import pytest
from django.test import Client

from intake.models import Site
from intake.tracking.script import encoding_of, minified, script_of
from web.client_address import client_address

pytestmark = pytest.mark.django_db
MOST = 2_500


@pytest.fixture
def site() -> Site:
    return Site.objects.create(
        name="Main", allowed_origins=["https://www.example.com"], operator="Acme", contact="dpo@a.example"
    )


def test_the_script_is_no_larger_than_two_and_a_half_kilobytes_compressed(site: Site) -> None:
    script = script_of(site, url="https://leadqual.example.com/t")
    assert len(gzip.compress(script.encode(), mtime=0)) <= MOST
    assert "CONFIG" not in script
    assert "import" not in minified()


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, deflate, br", "br"), ("gzip;q=1", "gzip"), ("", None)])
def test_the_script_comes_compressed_with_the_settings_of_its_site(
    site: Site, accepted: str, encoding: str | None
) -> None:
    answer = Client().get("/t.js", {"site": site.write_key}, headers={"Accept-Encoding": accepted})
    assert (answer.status_code, answer.headers.get("Content-Encoding"), answer.cookies) == (200, encoding, {})
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    if encoding is None:
        assert (
            f'"site":"{site.write_key}","url":"http://testserver/t","consent":1,"cookie":1' in answer.content.decode()
        )


def test_an_unknown_or_inactive_site_gets_no_script(site: Site) -> None:
    assert Client().get("/t.js").status_code == 404
    Site.objects.update(is_active=False)
    assert Client().get("/t.js", {"site": site.write_key}).status_code == 404


def test_the_best_encoding_that_a_browser_names_is_taken() -> None:
    assert [encoding_of(header) for header in ("br", "gzip", "deflate", "GZIP , BR;q=0.5")] == ["br", "gzip", "", "br"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ["Information sent from this website", "_lq", "393 days", "dpo@a.example", "before you agree"]),
     ("ja", ["このWebサイトから送信される情報", "_lq", "393日間", "同意いただくまで"])],
)  # fmt: skip
def test_visitors_read_what_is_sent_where_and_why(site: Site, language: str, words: list[str]) -> None:
    answer = Client().get(f"/transmission/{site.write_key}/", {"lang": language})
    page = answer.content.decode()
    assert ([word for word in words if word not in page], answer.cookies) == ([], {})


def test_the_page_follows_the_settings(site: Site) -> None:
    Site.objects.update(uses_cookie=False, needs_consent=False)
    page = Client().get(f"/transmission/{site.write_key}/", {"lang": "en"}).content.decode()
    assert "_lq" not in page
    assert "before you agree" not in page


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [("", 0, "10.0.0.1"), ("1.1.1.1", 0, "10.0.0.1"), ("1.1.1.1", 1, "1.1.1.1"), ("6.6.6.6, 1.1.1.1", 1, "1.1.1.1"),
     ("6.6.6.6, 1.1.1.1, 10.0.0.9", 2, "1.1.1.1"), ("1.1.1.1", 2, "10.0.0.1")],
)  # fmt: skip
def test_the_clients_address_is_what_trusted_proxies_say(forwarded: str, proxies: int, address: str) -> None:
    assert client_address("10.0.0.1", forwarded, proxies=proxies) == address
