from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured


class FrameConfig(AppConfig):
    name = "frame"

    def ready(self) -> None:
        register(links_lead_to_pages)


def links_lead_to_pages(**kwargs: Any) -> list[CheckMessage]:
    """System check: every entry of the rail and of the settings menu names a page that carries a policy."""
    from frame.navigation import SECTIONS, SETTINGS, policy_of  # the models it needs are loaded only now

    errors: list[CheckMessage] = []
    for entry in (entry for section in (*SECTIONS, *SETTINGS) for entry in section.entries):
        try:
            policy_of(entry.url)
        except ImproperlyConfigured as error:
            errors.append(Error(str(error), obj="frame.navigation", id="frame.E001"))
    return errors
