from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leads.enums import ChannelKind


@pghistory.track()
class Source(models.Model):
    """Where leads come from ("paid_search"), and through which channel."""

    code = models.SlugField(_("code"), max_length=60, unique=True, allow_unicode=True)
    label_en = models.CharField(_("name in English"), max_length=80)
    label_ja = models.CharField(_("name in Japanese"), max_length=80)
    channel = models.CharField(_("channel"), max_length=10, choices=ChannelKind.choices, default=ChannelKind.OTHER)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "leads_source"
        ordering = ["code"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.label_ja if get_language() == "ja" else self.label_en

    @property
    def is_online(self) -> bool:
        return self.channel not in (ChannelKind.EVENT, ChannelKind.PHONE, ChannelKind.REFERRAL)
