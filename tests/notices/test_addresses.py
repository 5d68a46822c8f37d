"""Where messages may go, by the text of the address and by what its name leads to."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from notices.outgoing import addresses
from notices.outgoing.addresses import check_address, parse_address, resolve
from notices.outgoing.errors import OutgoingError

PUBLIC = "93.184.216.34"


def leads_to(monkeypatch: pytest.MonkeyPatch, *ips: str) -> list[str]:
    """Names lead to these; returns the names that are asked for."""
    asked: list[str] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append(host)
        return list(ips)

    monkeypatch.setattr(addresses, "look_up", look_up)
    return asked


def refusal(text: str) -> str:
    with pytest.raises(OutgoingError) as caught:
        check_address(text)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "https://hooks.slack.com/services/T0/B0/x",
        "https://example.com:8443/a?b=c",
        "https://例え.jp/",
        "https://8.8.8.8/",
    ],
)
def test_https_addresses_of_the_public_internet_are_taken(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, PUBLIC)
    assert check_address(text).scheme == "https"


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost.", "LOCALHOST", "a.localhost", "intranet", "printer.local", "metadata.google.internal",
        "127.0.0.1", "127.1", "127.0.0.1.", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001",
        "0", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
        "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
        "[2002:c0a8:101::1]", "１２７.０.０.１", "127。0。0。1", "ⓛocalhost",
    ],
)  # fmt: skip
def test_no_spelling_of_an_internal_address_is_taken(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "127.0.0.1")
    assert refusal(f"https://{host}/hook") in ("internal", "malformed")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "malformed"), ("example.com/hook", "malformed"), ("javascript:alert(1)", "malformed"),
        ("file:///etc/passwd", "malformed"), ("gopher://example.com/", "malformed"), ("https://", "malformed"),
        ("https:///hook", "malformed"), ("http://example.com/", "not_https"),
        ("https://a:b@example.com/", "with_login"), ("https://example.com\\@127.0.0.1/", "with_login"),
        ("https://example.com:0/", "malformed"),
        ("https://example.com:99999/", "malformed"), ("https://exa mple.com/", "malformed"),
        ("https://example.com/a b", "malformed"), ("https://example.com/a\\b", "malformed"),
        ("https://example.com/日本", "malformed"), ("https://-a.com/", "malformed"), ("https://a..com/", "malformed"),
        ("https://example.com/" + "a" * 2_000, "malformed"), ("https://[::1/", "malformed"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_its_reason(text: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, PUBLIC)
    assert refusal(text) == code


@pytest.mark.parametrize("text", ["https://example.com/a\r\nHost: evil", "https://exam\nple.com/", "https://a\tb.com/"])
def test_an_address_with_a_line_break_in_it_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, PUBLIC)
    assert refusal(text) == "malformed"


@pytest.mark.parametrize(
    "ips",
    [["10.0.0.5"], [PUBLIC, "127.0.0.1"], ["::ffff:10.0.0.5"], ["64:ff9b::a00:5"], ["fe80::1"], ["2002:a00:5::1"]],
)
def test_a_public_name_that_leads_inside_is_refused_even_in_part(
    ips: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, *ips)
    assert refusal("https://example.com/") == "internal"


def test_a_public_address_behind_nat64_is_public(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "64:ff9b::5db8:d822")
    assert check_address("https://example.com/").host == "example.com"


def test_a_name_that_nobody_knows_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    monkeypatch.setattr(addresses, "look_up", fails)
    assert refusal("https://no-such.example/") == "unknown_host"


def test_hosts_that_the_installation_allows_may_be_inside_and_without_tls(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads_to(monkeypatch, "10.0.0.5")
    settings.OUTGOING_ALLOW = ["chat.intra", "127.0.0.1:8080"]
    assert resolve(parse_address("http://chat.intra/hook")) == ["10.0.0.5"]
    assert parse_address("http://127.0.0.1:8080/").port == 8080
    assert refusal("http://127.0.0.1:8081/") == "internal"
    assert refusal("http://other.intra/") == "not_https"


def test_the_name_is_asked_in_ascii_without_its_last_dot(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = leads_to(monkeypatch, PUBLIC)
    check_address("https://例え.jp./")
    assert asked == ["xn--r8jz45g.jp"]
