from __future__ import annotations

import pghistory
import pgtrigger
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.models.search_text import Folded

# What a rule can see of a company: a change of one of these can change scores.
SCORED_FIELDS = ["name", "domain", "industry", "employees", "revenue", "country", "region", "custom"]


def name_key(name: str) -> str:
    """SQL for what makes two names the same company, by every door; `name` is the SQL of the name.

    Width, capitals and space make no difference, nor does 株式会社, (株), ㈱ or ㍿ before or after the name, nor what
    stands for it in English. 有限会社 and 合同会社 are other companies, wherever and however that is written.
    """
    stock = "(?:株式会社|\\(株\\))"  # with something before or behind it: alone it is the name
    key = f"regexp_replace(lower(btrim(normalize({name}, NFKC))), '{stock}(?=.)|(?<=.){stock}', ' ', 'g')"
    key = f"regexp_replace({key}, '[,\\s]+((co\\.?,?\\s*)?ltd|inc|corp|corporation|k\\.?k)\\.?\\s*$', '')"
    for long, short in (("有限会社", "有"), ("合同会社", "同")):
        mark = f"(?:{long}|\\({short}\\))"
        key = f"regexp_replace({key}, '^\\s*{mark}\\s*(.*)$', '\\1({short})')"
        key = f"regexp_replace({key}, '\\s*{mark}\\s*$', '({short})')"
    japanese = "[^\\u0001-\\u007f]"
    key = f"regexp_replace({key}, '(?<={japanese})\\s+|\\s+(?={japanese})', '', 'g')"
    return f"btrim(regexp_replace({key}, '\\s+', ' ', 'g'))"


class NameKey(models.Func):
    """`name_key` of a column, for the index and for look-ups."""

    template = name_key("%(expressions)s")
    output_field = models.TextField()


class CompanyQuerySet(models.QuerySet["Company"]):
    def present(self) -> CompanyQuerySet:
        """Companies that stand for themselves: not merged away."""
        return self.filter(merged_into=None)


@pghistory.track(
    exclude=["updated_at", "merged_into"],
    meta={"indexes": [models.Index(fields=["pgh_obj", "pgh_created_at"], name="company_as_of")]},
)
class Company(models.Model):
    name = models.CharField(_("company name"), max_length=200)
    domain = models.CharField(_("company domain"), max_length=200, blank=True)
    industry = models.CharField(_("industry"), max_length=80, blank=True)
    employees = models.PositiveIntegerField(_("number of employees"), null=True, blank=True)
    revenue = models.PositiveBigIntegerField(
        _("annual revenue"), null=True, blank=True, help_text=_("Whole units of the currency.")
    )
    currency = models.CharField(_("currency"), max_length=3, default="JPY")
    country = models.CharField(_("country"), max_length=60, blank=True)
    region = models.CharField(_("region"), max_length=80, blank=True)
    custom = models.JSONField(default=dict, blank=True)
    archived_at = models.DateTimeField(_("archived at"), null=True, editable=False, help_text="out of the list")
    # A company that was merged keeps its name: whoever writes it means the one that lives on, never one merged itself.
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="merged", db_default=None
    )
    created_at = models.DateTimeField(_("creation date"), default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CompanyQuerySet.as_manager()

    class Meta:
        db_table = "leads_company"
        ordering = ["name", "pk"]
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        indexes = [
            models.Index(fields=["name", "id"], name="company_by_name"),
            models.Index(fields=["industry", "name", "id"], name="company_by_industry"),
            models.Index(fields=["domain"], condition=~models.Q(domain=""), name="company_by_domain"),
            models.Index(NameKey("name"), name="company_by_name_key"),
            GinIndex(OpClass(Folded("name"), name="gin_trgm_ops"), name="company_search"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="company_marks_leads_dirty",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*SCORED_FIELDS),
                func="""
                    INSERT INTO leads_dirtymark (lead_id, marked_at)
                    SELECT id, clock_timestamp() FROM leads_lead WHERE company_id = NEW.id;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return self.name
