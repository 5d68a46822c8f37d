from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SavedFilter(models.Model):
    """A named set of list filters, kept as the list's own query string."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=20, default="leads")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=2000)
    is_shared = models.BooleanField(_("visible to everyone"), default=False)

    class Meta:
        db_table = "leads_savedfilter"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["user", "page", "name"], name="saved_filter_name_once")]

    def __str__(self) -> str:
        return self.name
