"""The bell and the page behind it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.policies import POST, guarded
from accounts.requests import UserRequest
from notices import mailbox, policies
from notices.access import notice_for
from notices.actions import keep_mail_choice, mark_all_read, mark_read, mark_unread
from notices.models import Notice
from notices.queries import MANY, notices_of, unread_count, wants_mails
from notices.wording import words_of
from web.formats import number
from web.pages import redirect_to, render_page, render_part, wants_part
from web.paging import Cursor


@guarded(policies.READ)
def notices(request: UserRequest) -> HttpResponse:
    """All or only the unread, thirty a page."""
    only_unread = request.GET.get("show") == "unread"
    page = notices_of(request.user, unread=only_unread, cursor=Cursor.of(request.GET))
    context = {
        "lines": [_line(notice) for notice in page.rows],
        "only_unread": only_unread,
        "all": not only_unread,
        "unread": unread_count(request.user),
        "after": page.after,
        "mails": wants_mails(request.user),
        "mailbox": mailbox.is_on(),
    }
    return render_page(request, "notices/list.html", context)


@guarded(policies.READ)
def unread(request: UserRequest) -> HttpResponse:
    """The number on the bell; nothing when there is none."""
    count = unread_count(request.user)
    return render_part(request, "notices/_unread.html", {"count": count, "many": MANY})


@guarded(policies.READ)
def follow(request: UserRequest, pk: int) -> HttpResponse:
    """Read a notice and go where it leads, which is always a page of ours."""
    notice = notice_for(request.user, pk)
    mark_read(notice=notice, now=timezone.now())
    inside = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if inside else "notices:list")


@guarded(policies.READ, POST)
def read(request: UserRequest, pk: int) -> HttpResponse:
    """Mark one notice read, or unread with ?as=unread."""
    notice = notice_for(request.user, pk)
    if request.GET.get("as") == "unread":
        mark_unread(notice=notice)
    else:
        mark_read(notice=notice, now=timezone.now())
    if not wants_part(request):
        return redirect("notices:list")
    return render_part(request, "notices/_line.html", {"line": _line(notice_for(request.user, pk))})


@guarded(policies.READ, POST)
def read_all(request: UserRequest) -> HttpResponse:
    count = mark_all_read(by=request.user, now=timezone.now())
    done = ngettext("%(n)s notification marked as read.", "%(n)s notifications marked as read.", count)
    messages.success(request, done % {"n": number(count)})
    return redirect_to(request, request.path.replace("read/", ""))


@guarded(policies.READ, POST)
def mails(request: UserRequest) -> HttpResponse:
    """Whether notices come by mail as well."""
    wanted = request.POST.get("mails") == "on"
    keep_mail_choice(by=request.user, mails=wanted)
    messages.success(
        request,
        _("You’ll also get notifications by email.") if wanted else _("You’ll get notifications in leadqual only."),
    )
    return redirect("notices:list")


@guarded(policies.MAILBOX)
def sent_mails(request: UserRequest) -> HttpResponse:
    """What the demo has sent, the newest first. Elsewhere there is no such page: mails are their receivers'."""
    if not mailbox.is_on():
        raise Http404
    return render_page(request, "notices/sent_mails.html", {"mails": mailbox.sent_mails()})


@guarded(policies.MAILBOX)
def sent_mail(request: UserRequest, name: str) -> HttpResponse:
    """One mail as its receiver would read it."""
    if not mailbox.is_on():
        raise Http404
    try:
        mail = mailbox.sent_mail(name)
    except LookupError as error:
        raise Http404 from error
    return render_page(request, "notices/sent_mail.html", {"mail": mail})


def _line(notice: Notice) -> dict[str, Any]:
    return {"notice": notice, "words": words_of(notice.kind, notice.params)}
