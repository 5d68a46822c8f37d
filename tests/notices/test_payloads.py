"""What each kind of receiver is sent, to the letter."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import time_machine
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from notices import kinds
from notices.outgoing.escaping import for_slack, without_calls
from notices.outgoing.payloads import Content, Target, post_for
from notices.outgoing.posting import Post
from notices.outgoing.signing import new_secret
from notices.outgoing.templates import TemplateError, check_template
from tests.conftest import NOW

EVIL = "<!channel> @here *bold* [toall] <at>all</at> _x_ <https://evil.example|click>"


def written(kind: str, line: str = "Taro is hot", *, template: str = "", secrets: tuple[str, ...] = ()) -> Post:
    content = Content(
        key="msg_1", kind="handoff.hot", line=line, body="Call soon.", action="Open the lead",
        url="https://lq.example/leads/7/", told_at=NOW, values={"lead": line, "score": 82},
        texts={"lead": line, "score": "82"},
    )  # fmt: skip
    target = Target(kind=kind, address="https://hook.example/x", secrets=secrets, template=template)
    return post_for(target, content, NOW)


def body(post: Post) -> Any:
    return json.loads(post.body)


def test_slack_gets_text_blocks_and_a_link() -> None:
    sent = body(written("slack"))
    assert sent["text"] == "Taro is hot"
    assert [block["text"] for block in sent["blocks"]] == [
        {"type": "plain_text", "text": "Taro is hot"},
        {"type": "plain_text", "text": "Call soon."},
        {"type": "mrkdwn", "text": "<https://lq.example/leads/7/|Open the lead>"},
    ]


def test_a_name_calls_nobody_in_slack() -> None:
    sent = body(written("slack", EVIL))
    assert "<" not in sent["text"]
    assert "@here" not in sent["text"]
    assert sent["mrkdwn"] is False
    assert [block["text"]["type"] for block in sent["blocks"] if "evil" in block["text"]["text"]] == ["plain_text"]


def test_teams_gets_an_adaptive_card_whose_text_is_not_read_as_markdown() -> None:
    sent = body(written("teams", EVIL))
    (attachment,) = sent["attachments"]
    assert (sent["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert [block["type"] for block in card["body"]] == ["RichTextBlock", "RichTextBlock"]
    assert card["body"][0]["inlines"][0]["text"] == EVIL
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open the lead", "url": "https://lq.example/leads/7/"}
    ]
    assert "msteams" not in card


def test_chatwork_gets_a_message_of_a_room_with_the_token_in_its_header() -> None:
    post = written("chatwork", secrets=("token-1",))
    form = parse_qs(post.body.decode())
    assert form["body"] == [
        "[info][title]Taro is hot[/title]Call soon.\nOpen the lead: https://lq.example/leads/7/[/info]"
    ]
    assert post.headers["X-ChatWorkToken"] == "token-1"
    assert post.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_name_calls_nobody_in_chatwork() -> None:
    (text,) = parse_qs(written("chatwork", EVIL, secrets=("t",)).body.decode())["body"]
    assert "[toall]" not in text
    assert "［toall］" in text


TEMPLATE = '{"text": "{line}: {lead} ({score})", "more": [{"{kind}": "{url}"}], "n": 1, "none": "{owner}"}'


def test_a_template_of_ones_own_is_filled_and_stays_json_whatever_a_name_is() -> None:
    sent = body(written("json", 'A "quote"} {score} \\ {lead}', template=TEMPLATE))
    assert sent == {
        "text": 'A "quote"} {score} \\ {lead}: A "quote"} {score} \\ {lead} (82)',
        "more": [{"handoff.hot": "https://lq.example/leads/7/"}],
        "n": 1,
        "none": "",
    }


def test_a_template_carries_the_key_and_what_lets_us_in() -> None:
    post = written("json", template=TEMPLATE, secrets=("Bearer abc",))
    assert (post.headers["Idempotency-Key"], post.headers["Authorization"]) == ("msg_1", "Bearer abc")


def test_a_name_calls_nobody_by_a_template() -> None:
    sent = body(written("json", "@everyone <users/all> <!here>", template='{"text": "{line}"}'))
    assert sent["text"].replace("\u2060", "") == "@everyone <users/all> <!here>"
    assert all(call not in sent["text"] for call in ("@everyone", "<users", "<!here"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("", ""), ("[]", ""), ('"{line}"', ""), ("{line}", ""), ('{"a": "{password}"}', "password"),
        ('{"a": "{lead.owner}"}', "lead.owner"), ('{"{x}": 1}', "x"), ('{"a": "{__class__}"}', "__class__"),
        ('{"a": "{}"}', ""), ('{"a":' * 20 + "1" + "}" * 20, "{"), ("[" * 100_000, ""),
    ],
)  # fmt: skip
def test_a_template_names_only_what_there_is(text: str, name: str) -> None:
    with pytest.raises(TemplateError) as caught:
        check_template(text)
    assert caught.value.name == name


def test_the_published_library_accepts_our_signature_and_refuses_a_changed_body() -> None:
    secret = new_secret()
    post = written("webhook", secrets=(secret,))
    headers = dict(post.headers)
    # The library refuses what is older than five minutes by the clock of the machine.
    verified = verify(secret, post.body, headers)
    assert (verified["type"], verified["timestamp"]) == ("handoff.hot", NOW.isoformat())
    assert verified["data"]["score"] == 82
    with pytest.raises(WebhookVerificationError):
        verify(secret, post.body + b" ", headers)
    with pytest.raises(WebhookVerificationError):
        verify(new_secret(), post.body, headers)


def test_while_a_secret_is_changed_either_of_the_two_verifies() -> None:
    new, old = new_secret(), new_secret()
    post = written("webhook", secrets=(new, old))
    assert len(post.headers["webhook-signature"].split()) == 2
    assert verify(new, post.body, dict(post.headers)) == verify(old, post.body, dict(post.headers))


def verify(secret: str, text: bytes, headers: dict[str, str]) -> Any:
    with time_machine.travel(NOW, tick=False):
        return Webhook(secret).verify(text.decode(), headers)


def test_what_slack_asks_to_be_escaped_is() -> None:
    assert for_slack("a & b <c>") == "a &amp; b &lt;c&gt;"
    assert without_calls("mail@here.example, @allen, @Here") == "mail@\u2060here.example, @allen, @\u2060Here"


def test_the_document_of_webhooks_names_every_type_there_is() -> None:
    text = (Path(__file__).parent.parent.parent / "docs/webhooks.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:handoff|intake|leads|scoring|notices)\.[\w.]+)`", text))
    sent = {code for code, kind in kinds._kinds.items() if not kind.topic.is_personal}
    assert named == sent | {"notices.test"}
