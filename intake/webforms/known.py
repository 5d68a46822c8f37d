"""Forms by their key, and which website a page belongs to."""

from __future__ import annotations

from urllib.parse import urlsplit

from intake.models import WebForm
from intake.tracking.sites import is_allowed_origin


def form_of(key: str) -> WebForm | None:
    """The form with this key, if it is in use."""
    found = WebForm.objects.select_related("site", "published").filter(key=key.replace("\0", "")[:20], is_active=True)
    return found.first()


def page_of(form: WebForm, url: str) -> str:
    """Host and path of a page of the form's website; "" for any other, and without what follows the path."""
    try:
        parts = urlsplit(url[:2000])
    except ValueError:
        return ""
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    if form.site is None or not is_allowed_origin(form.site, origin):
        return ""
    return f"{parts.netloc.lower()}{parts.path}"[:500]
