"""Names and notes come from forms that anybody fills in: in a chat they are text, and call or format nothing."""

from __future__ import annotations

import re

WORD_JOINER = "\u2060"  # nobody sees it, and no chat takes what it stands in for a command
CALLS = re.compile(r"[@＠](?=here|channel|everyone|all\b|group|toall)", re.IGNORECASE)
TAGS = re.compile(r"<(?=[!@#/a-z])", re.IGNORECASE)
SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
CHATWORK = str.maketrans({"[": "［", "]": "］"})


def without_calls(text: str) -> str:
    """ "@here" and "<users/all>" as words: whoever reads them sees no difference, and nobody is called."""
    return TAGS.sub(f"<{WORD_JOINER}", CALLS.sub(lambda found: found[0] + WORD_JOINER, text))


def for_slack(text: str) -> str:
    """For Slack's mrkdwn, which asks for these three to be escaped; thus `<!channel>` is no command."""
    return CALLS.sub(lambda found: found[0] + WORD_JOINER, text).translate(SLACK)


def for_chatwork(text: str) -> str:
    """Chatwork's tags have no escape: brackets become full-width ones."""
    return text.translate(CHATWORK)
