"""A published form and a visitor who fills it in, without a browser."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core import signing
from django.test import Client
from django.utils import timezone

from accounts.models import User
from intake.actions.webforms import create_webform, publish_webform, save_draft
from intake.models import Site, WebForm
from intake.webforms.document import Bilingual, FormDocument, FormField, FormOption
from intake.webforms.targets import new_field, targets

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"
)
PERSON = {
    "q-company_name": "アクメ株式会社",
    "q-person-family": "佐藤",
    "q-person-given": "花子",
    "q-person-family_kana": "さとう",
    "q-person-given_kana": "ﾊﾅｺ",
    "q-email": "Ｈａｎａｋｏ＠example.jp",
    "q-consent": "1",
}


def published_form(by: User, *more: FormField, site: Site | None = None, **changes: Any) -> WebForm:
    """A form that asks what every new one asks, and `more`."""
    form = create_webform(name="資料請求", site=site, by=by, now=timezone.now())
    document = FormDocument.of(form.draft)
    document = replace(document, fields=(*document.fields, *more), **changes)
    save_draft(form=form, document=document, seen=0, by=by, now=timezone.now())
    publish_webform(form=form, seen=form.revision, by=by, now=timezone.now())
    form.refresh_from_db()
    return form


def asked(target: str, **changes: Any) -> FormField:
    known = targets()[target]
    return replace(new_field(known, known.code), **changes)


def question(code: str, *options: str, **changes: Any) -> FormField:
    """A question of one's own, with options that are called as they are stored."""
    chosen = tuple(FormOption(value=each, label=Bilingual(ja=each, en=each)) for each in options)
    label = Bilingual(ja=code, en=code)
    return FormField(code=code, writes=f"question.{code}", label=label, options=chosen, **changes)


class Visitor:
    """Somebody on a page of a form. `waits` is how long they take to fill it in."""

    def __init__(self, form: WebForm, *, agent: str = CHROME, address: str = "192.0.2.1", **query: str) -> None:
        self.form, self.client, self.query = form, Client(), query
        self.headers = {"User-Agent": agent, "Accept-Language": "ja"}
        self.address = address

    @property
    def url(self) -> str:
        return f"/f/{self.form.key}"

    def open(self, **headers: str) -> Any:
        return self.client.get(self.url, self.query, headers=self.headers | headers)

    def token(self, *, waits: timedelta = timedelta(minutes=1)) -> str:
        """The token of a fresh page, as if it had been opened a while ago."""
        found = re.search(r'name="token" value="([^"]+)"', self.open().content.decode())
        assert found
        signer = signing.Signer(salt="intake.form_page")
        form, key, version, _opened = signer.unsign_object(found[1].replace("&quot;", '"'))
        return signer.sign_object([form, key, version, (timezone.now() - waits).isoformat()])

    def send(self, token: str = "", *, origin: str = "http://testserver", **answers: str) -> Any:
        data = PERSON | {"token": token or self.token(), "language": "ja"} | answers
        url = self.url + (f"?test={self.query['test']}" if "test" in self.query else "")
        return self.client.post(url, data, headers=self.headers | {"Origin": origin}, REMOTE_ADDR=self.address)  # type: ignore[arg-type]
