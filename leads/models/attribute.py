from __future__ import annotations

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from leads.enums import AttributeOwner, AttributeType


@pghistory.track()
class AttributeDefinition(models.Model):
    """A field that an admin added. Values live in `custom` of the lead or company under `code`."""

    owner = models.CharField(_("applies to"), max_length=8, choices=AttributeOwner.choices, default=AttributeOwner.LEAD)
    code = models.CharField(
        _("code"),
        max_length=40,
        validators=[
            RegexValidator(r"^[a-z][a-z0-9_]*$", _("Lowercase letters, digits and _ only, starting with a letter."))
        ],
    )
    type = models.CharField(_("type"), max_length=8, choices=AttributeType.choices)
    label_en = models.CharField(_("name in English"), max_length=80)
    label_ja = models.CharField(_("name in Japanese"), max_length=80)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    is_contact_data = models.BooleanField(
        _("contact details"),
        default=False,
        db_default=False,
        help_text=_("Such as a private number. External staff see it only after claiming the lead."),
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "leads_attributedefinition"
        ordering = ["owner", "code"]
        verbose_name = _("custom attribute")
        verbose_name_plural = _("custom attributes")
        constraints = [models.UniqueConstraint(fields=["owner", "code"], name="attribute_code_once")]

    def __str__(self) -> str:
        return self.label_ja if get_language() == "ja" else self.label_en

    @property
    def field(self) -> str:
        """Its name in the rule language."""
        return f"custom.{self.code}" if self.owner == AttributeOwner.LEAD else f"company.custom.{self.code}"
