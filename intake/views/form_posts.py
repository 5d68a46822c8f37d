"""What was posted to a form, read once for the views that answer it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils import translation

from intake.enums import SubmissionState
from intake.imports.fields import CONSENT
from intake.models import Submission, WebForm
from intake.tracking.beacon import cookieless_visitor
from intake.tracking.events import VISITOR
from intake.tracking.touches import touch_of
from intake.webforms.answers import AnswerReader, FormAnswers
from intake.webforms.document import FormDocument
from intake.webforms.guards import HONEYPOT, REFUSED_ABOVE, PageToken, caught_by, counted, new_page, page_of_token
from intake.webforms.known import page_of
from intake.webforms.page import FormPage, chosen_language
from intake.webforms.postcodes import area_of
from intake.webforms.targets import FieldKind, targets

PASSED_ON = ("visitor", "url", "referrer")


def language_of(request: HttpRequest, document: FormDocument) -> str:
    wanted = request.POST.get("language", "") or request.GET.get("lang", "")
    return chosen_language(document, wanted, request.headers.get("Accept-Language", ""))


class PostedForm:
    """A form in the version somebody saw, and what they sent."""

    def __init__(self, form: WebForm, document: FormDocument, language: str) -> None:
        self.form, self.document = form, document
        self.reader = AnswerReader(document, targets())
        self.page = FormPage(form, document, self.reader, language)
        self.texts = {name: text.say(language) for name, text in document.texts.items()}
        self.data: QueryDict = QueryDict()
        self.answers = FormAnswers()
        self.token: PageToken | None = None
        self.is_test = False

    @classmethod
    def of(cls, request: HttpRequest, form: WebForm, *, now: datetime, is_test: bool) -> PostedForm:
        """What a request sends; it is read as the version that its page showed."""
        token = page_of_token(form, request.POST.get("token", "")[:400], now)
        version = form.versions.filter(number=token.version).first() if token else None
        shown = version or form.published
        document = FormDocument.of(form.draft if is_test or shown is None else shown.document)
        posted = cls(form, document, language_of(request, document))
        posted.data, posted.token, posted.is_test = request.POST, token, is_test
        with translation.override(posted.page.language):
            posted.answers = posted.reader.read(request.POST)
        return posted

    def context(self, now: datetime) -> dict[str, Any]:
        """What the page needs to be sent once more: everything that it passed on."""
        version = self.form.published.number if self.form.published and not self.is_test else 0
        token = self.token or new_page(version, now)
        passed = {name: self.data.get(name, "")[:2000] for name in PASSED_ON}
        return {"token": token.signed(self.form), "is_expired": self.token is None, **passed}

    def with_address(self) -> FormAnswers:
        """What was typed, with the addresses of the post codes filled in where nothing stands."""
        typed = dict(self.answers.typed)
        for each in self.document.fields:
            if self.reader.kind(each) is not FieldKind.ADDRESS:
                continue
            code, region, line = self.reader.names(each)
            if (area := area_of(typed[code])) is not None:
                typed |= {region: area.region, line: typed[line] or area.line}
        return replace(self.answers, typed=typed, errors={})

    def submission(self, address: str, agent: str, now: datetime) -> Submission | None:
        """The submission as it is to be kept; None where far too many come from one address."""
        assert self.token is not None
        recent, hour = counted(self.form, address, now)
        if hour > REFUSED_ABOVE:
            return None
        honeypot = self.data.get(HONEYPOT, "")
        caught = caught_by(self.token, honeypot=honeypot, agent=agent, recent=recent, hour=hour, now=now)
        state = SubmissionState.TAKEN
        if self.is_test:
            state, caught = SubmissionState.TEST, ""
        elif caught:
            state = SubmissionState.CAUGHT
        elif self.document.double_opt_in:
            state = SubmissionState.WAITING
        url = self.data.get("url", "")[:2000]
        return Submission(
            form=self.form,
            version=None if self.is_test else self.form.versions.filter(number=self.token.version).first(),
            key=self.token.key,
            language=self.page.language,
            received_at=now,
            values=self.answers.values,
            visitor=self._visitor(address, agent, now),
            page=page_of(self.form, url),
            touch=touch_of(url, self.data.get("referrer", "")) if url else {},
            consent=self._consent(now),
            is_test=self.is_test,
            state=state,
            caught=caught,
            mail_next_at=now if state == SubmissionState.WAITING else None,
        )

    def _visitor(self, address: str, agent: str, now: datetime) -> str:
        """The browser's own id on the website, as its pages told us; or what stands for it there without a cookie."""
        site = self.form.site
        if site is None:
            return ""
        if not site.uses_cookie:
            return cookieless_visitor(site, address, agent, now) if not site.needs_consent else ""
        told = self.data.get("visitor", "")
        return told if VISITOR.fullmatch(told) else ""

    def _consent(self, now: datetime) -> dict[str, Any]:
        """The text that was agreed to, or not, in the words that were shown: this is kept as evidence."""
        for each in self.document.writing(CONSENT):
            given = self.answers.values.get(each.code) is True
            text = each.label.say(self.page.language)
            return {"text": text, "given": given, "at": now.isoformat(), "language": self.page.language}
        return {}
