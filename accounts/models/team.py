from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Team(models.Model):
    """Sales people who share a queue and a business calendar."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_default = models.BooleanField(
        _("receives unassigned leads"), default=False, help_text=_("Hot leads that match no other team go to this one.")
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "accounts_team"
        ordering = ["name"]
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=models.Q(is_default=True), name="one_default_team")
        ]

    def __str__(self) -> str:
        return self.name
