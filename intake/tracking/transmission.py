"""What visitors are told of what is sent from their devices (the external transmission rule), by a site's settings"""

from __future__ import annotations

from django.utils.translation import gettext as _

from intake.models import Site

COOKIE_DAYS = 393


def sent_lines(site: Site) -> list[str]:
    """Each kind of information that the script sends for this site."""
    lines = [
        _("The address and title of the pages you open, without what follows a question mark, and when"),
        _("The page you came from, and the campaign named in the address"),
        _("How long a page could be seen"),
        _("Links to other websites that you click, and files that you download"),
        _("What you enter into forms that ask for it, when you submit them"),
        _("The IP address and the browser’s name, which every request carries. They are used to leave out programs."),
    ]
    if site.uses_cookie:
        lines.append(_("A random number that recognizes your browser on this website"))
    return lines


def purposes(site: Site) -> list[str]:
    return [
        _("To understand what visitors are interested in, and to improve the website"),
        _("To answer enquiries suitably: once you tell who you are, the people who answer know which pages you read"),
    ]


def stored_words(site: Site) -> str:
    """What lies on the visitor's device."""
    if site.uses_cookie:
        return _(
            "One cookie of this website, called _lq, for %(days)s days. It holds a random number and when it was last"
            " used."
        ) % {"days": COOKIE_DAYS}
    return _("Nothing. You are recognized for one day at most, by a number that can’t be traced back afterwards.")


def choice_words(site: Site) -> str:
    """How a visitor decides."""
    if site.needs_consent:
        return _(
            "Nothing is sent or stored before you agree. If you decline, nothing is sent, and the cookie is deleted."
        )
    return _("You can block scripts and cookies of this website in your browser. The website works without them.")
