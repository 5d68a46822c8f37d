from __future__ import annotations

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Concat, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.enums import ForbiddingFact, Origin, Stage, TitleLevel
from leads.free_mail import FREE_MAIL
from leads.models.feed import FeedRow, feed_indexes
from leads.models.search_text import Folded, Joined, PhoneKey
from web.constraints import bounded_day, bounded_instant

# What a rule can see of a lead: a change of one of these can change its score.
SCORED_FIELDS = [
    "email", "external_id", "name", "title", "title_level", "department", "phone", "language", "country", "region",
    "source", "campaign", "origin", "stage", "created_at", "planned_on", "consent", "custom",
    "company", "is_competitor",
]  # fmt: skip

# What tells one person from another: a change of one of these asks anew whether somebody is known already.
IDENTIFYING_FIELDS = [
    "name", "kana", "email", "other_emails", "phone", "company", "region", "country", "custom", "is_anonymous",
    "merged_into",
]  # fmt: skip

NO_EMAILS = RawSQL("'{}'::varchar(254)[]", [])

# Several companies of one domain (of a group) say nothing; an address of a free mail service never does.
COMPANY_OF_ADDRESS = """
IF TG_OP = 'INSERT' OR OLD.email IS DISTINCT FROM NEW.email THEN
    NEW.company_id := (
        SELECT min(coalesce(merged_into_id, id)) FROM leads_company
        WHERE domain = split_part(NEW.email, '@', 2) AND domain <> '' AND NOT domain = ANY('{free_mail}'::text[])
        HAVING count(DISTINCT coalesce(merged_into_id, id)) = 1);
END IF;
RETURN NEW;
""".replace("free_mail", ",".join(sorted(FREE_MAIL)))


# The columns that say who a lead is, or are free text, with what they hold once that was erased.
EMPTY = {
    "email": "", "other_emails": [], "external_id": "", "name": "", "kana": "", "title": "", "department": "",
    "phone": "",
}  # fmt: skip
STAY_EMPTY = (
    "NEW.erased_at := OLD.erased_at; NEW.consent := FALSE; "
    + " ".join(f"NEW.{column} := {chr(39)}{'{}' if value == [] else ''}{chr(39)};" for column, value in EMPTY.items())
    + " RETURN NEW;"
)


def is_contact_data(name: str) -> bool:
    """Whether what stands for a name is none: nothing at all, or an address that a file had in that column."""
    return not name or "@" in name or "\uff20" in name


class LeadQuerySet(models.QuerySet["Lead"]):
    def present(self) -> LeadQuerySet:
        """Leads that stand for somebody: not merged away."""
        return self.filter(merged_into=None)

    def identified(self) -> LeadQuerySet:
        return self.present().filter(is_anonymous=False)


@pghistory.track(
    exclude=["updated_at", "search"],
    meta={"indexes": [models.Index(fields=["pgh_obj", "pgh_created_at"], name="lead_as_of")]},
)
class Lead(models.Model):
    """A person who may buy. An anonymous lead is a browser that has not been identified yet."""

    email = models.EmailField(_("email"), blank=True, default="")
    # Further addresses of the person: whoever names one means this lead.
    other_emails = ArrayField(
        models.EmailField(), verbose_name=_("other emails"), default=list, db_default=NO_EMAILS, blank=True
    )
    external_id = models.CharField(_("external ID"), max_length=120, blank=True, default="")
    name = models.CharField(pgettext_lazy("person", "name"), max_length=160, blank=True, default="")
    kana = models.CharField(_("reading of the name"), max_length=160, blank=True, default="", db_default="")
    title = models.CharField(_("job title"), max_length=120, blank=True, default="")
    title_level = models.PositiveSmallIntegerField(_("title level"), choices=TitleLevel.choices, null=True, blank=True)
    title_level_derived = models.BooleanField(
        default=False, db_default=False, help_text="read from the title, not given: a new title changes it"
    )
    department = models.CharField(_("department"), max_length=120, blank=True, default="")
    phone = models.CharField(_("phone"), max_length=40, blank=True, default="")
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    country = models.CharField(_("country"), max_length=60, blank=True, default="")
    region = models.CharField(_("region"), max_length=80, blank=True, default="")
    source = models.ForeignKey(
        "leads.Source", verbose_name=_("source"), null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    campaign = models.CharField(_("campaign"), max_length=120, blank=True, default="")
    origin = models.CharField(_("origin"), max_length=10, choices=Origin.choices, default=Origin.MARKETING)
    stage = models.CharField(_("stage"), max_length=12, choices=Stage.choices, default=Stage.INQUIRY)
    planned_on = models.DateField(_("planned start"), null=True, blank=True)
    consent = models.BooleanField(_("consent to contact"), null=True, blank=True)
    is_competitor = models.BooleanField(_("competitor"), default=False, db_default=False)
    custom = models.JSONField(default=dict, blank=True)
    company = models.ForeignKey(
        "leads.Company",
        verbose_name=_("company"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="leads",
    )
    # The two that decide who sees the lead; the hand-off sets them.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("owner"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="leads",
    )  # fmt: skip
    team = models.ForeignKey(
        "accounts.Team", verbose_name=_("team"), null=True, blank=True, on_delete=models.PROTECT, related_name="leads"
    )
    is_anonymous = models.BooleanField(default=False)
    erased_at = models.DateTimeField(
        _("personal data erased at"), null=True, editable=False, help_text="whoever this was, nothing says it any more"
    )
    archived_at = models.DateTimeField(
        _("archived at"), null=True, editable=False, help_text="out of lists and searches; everything else goes on"
    )
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(_("creation date"), default=timezone.now)
    updated_at = models.DateTimeField(auto_now=True)
    search = models.GeneratedField(
        expression=Folded(
            Concat(
                "name", models.Value(" "), "kana", models.Value(" "), "email", models.Value(" "), "external_id",
                models.Value(" "), "phone", models.Value(" "), Joined("name"), models.Value(" "), Joined("kana"),
                models.Value(" "), PhoneKey("phone"),
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )  # fmt: skip

    objects = LeadQuerySet.as_manager()

    class Meta:
        db_table = "leads_lead"
        ordering = ["-created_at", "-pk"]
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~models.Q(email="") & models.Q(merged_into=None), name="lead_email_once"
            ),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~models.Q(external_id="") & models.Q(merged_into=None),
                name="lead_external_id_once",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="lead_email_is_lower_case"),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="lead_is_not_merged_into_itself"
            ),
            bounded_day("planned_on", name="lead_planned_in_bounds"),
            bounded_instant("created_at", name="lead_created_in_bounds"),
        ]
        indexes = [
            models.Index(
                fields=["-created_at", "-id"],
                condition=models.Q(is_anonymous=False, merged_into=None),
                name="lead_newest",
            ),
            models.Index(
                fields=["source", "-created_at", "-id"],
                condition=models.Q(is_anonymous=False, merged_into=None),
                name="lead_by_source",
            ),
            models.Index(
                fields=["stage", "-created_at", "-id"],
                condition=models.Q(is_anonymous=False, merged_into=None),
                name="lead_by_stage",
            ),
            models.Index(fields=["owner"], condition=~models.Q(owner=None), name="lead_by_owner"),
            models.Index(
                fields=["-created_at", "-id"], condition=models.Q(merged_into=None), name="lead_newest_with_anonymous"
            ),
            models.Index(
                fields=["team", "-created_at", "-id"],
                condition=models.Q(is_anonymous=False, merged_into=None),
                name="lead_by_team",
            ),
            models.Index(
                fields=["title_level", "-created_at", "-id"],
                condition=models.Q(is_anonymous=False, merged_into=None),
                name="lead_by_title_level",
            ),
            models.Index(
                fields=["name", "id"], condition=models.Q(is_anonymous=False, merged_into=None), name="lead_by_name"
            ),
            models.Index(fields=["id"], condition=models.Q(erased_at__isnull=False), name="lead_erased"),
            # What merged leads were called: whoever uses an old name means the lead that lives on.
            models.Index(
                fields=["email"], condition=~models.Q(email="") & ~models.Q(merged_into=None), name="merged_lead_email"
            ),
            models.Index(
                fields=["external_id"],
                condition=~models.Q(external_id="") & ~models.Q(merged_into=None),
                name="merged_lead_external_id",
            ),
            GinIndex(OpClass(models.F("custom"), name="jsonb_path_ops"), name="lead_custom"),
            GinIndex(fields=["other_emails"], name="lead_other_emails"),
            GinIndex(OpClass(models.F("search"), name="gin_trgm_ops"), name="lead_search"),
        ]
        triggers = [
            # By every door: who has an address of exactly one company works there, unless something else is said.
            pgtrigger.Trigger(
                name="address_says_company",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("email"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Condition("NEW.company_id IS NULL AND NEW.email <> '' AND NOT NEW.is_anonymous"),
                func=COMPANY_OF_ADDRESS,
            ),
            pgtrigger.Trigger(
                name="new_lead_may_be_known",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NOT NEW.is_anonymous"),
                func="INSERT INTO leads_duplicatemark (lead_id) VALUES (NEW.id); RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="changed_lead_may_be_known",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*IDENTIFYING_FIELDS),
                func="INSERT INTO leads_duplicatemark (lead_id) VALUES (NEW.id); RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="deleted_lead_is_forgotten",
                when=pgtrigger.After,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("NOT OLD.is_anonymous"),
                func="INSERT INTO leads_duplicatemark (lead_id) VALUES (OLD.id); RETURN OLD;",
            ),
            pgtrigger.Trigger(
                name="new_lead_is_dirty",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func="INSERT INTO leads_dirtymark (lead_id, marked_at) VALUES (NEW.id, clock_timestamp()); RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="forbidding_facts_stay",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.consent IS FALSE AND NEW.consent IS DISTINCT FROM FALSE"
                    " OR OLD.is_competitor AND NOT NEW.is_competitor"
                ),
                func="IF coalesce(current_setting('leadqual.lifts_facts', true), '') <> 'yes' THEN"
                " NEW.consent := CASE WHEN OLD.consent IS FALSE THEN FALSE ELSE NEW.consent END;"
                " NEW.is_competitor := OLD.is_competitor OR NEW.is_competitor; END IF; RETURN NEW;",
            ),
            # By every door: what was erased stays empty, and nobody lifts it.
            pgtrigger.Trigger(
                name="erased_lead_stays_empty",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("OLD.erased_at IS NOT NULL"),
                func=STAY_EMPTY,
            ),
            pgtrigger.Trigger(
                name="changed_lead_is_dirty",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(*SCORED_FIELDS, "merged_into"),
                func="INSERT INTO leads_dirtymark (lead_id, marked_at) VALUES (NEW.id, clock_timestamp()); RETURN NEW;",
            ),
        ]

    def __str__(self) -> str:
        """A name or a number, never a way to reach somebody: whoever asks may be someone who may not see it."""
        return f"#{self.pk}" if is_contact_data(self.name) else self.name

    def get_absolute_url(self) -> str:
        return reverse("leads:detail", args=[self.pk])

    @property
    def forbidding(self) -> list[ForbiddingFact]:
        """The facts that forbid anybody to contact the lead."""
        if self.erased_at is not None:
            return [ForbiddingFact.ERASED]
        facts = {ForbiddingFact.REFUSED: self.consent is False, ForbiddingFact.COMPETITOR: self.is_competitor}
        return [fact for fact, is_true in facts.items() if is_true]


class Visitor(models.Model):
    """A browser's own id. Several can belong to one lead; identification moves them (leads.actions.identification)."""

    key = models.CharField(max_length=80, unique=True)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="visitors")
    first_seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        db_table = "leads_visitor"


# An import of a million leads is one entry of the audit log, not a million decisions.
@pghistory.track(
    pghistory.InsertEvent(condition=pgtrigger.Condition("NEW.reason <> 'imported'")), exclude=["feed_number"]
)
class StageChange(FeedRow):
    """A qualification decision: who or what moved the lead, when, and why (S1)."""

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="stage_changes")
    before = models.CharField(max_length=12, choices=Stage.choices, blank=True)
    after = models.CharField(max_length=12, choices=Stage.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    reason = models.CharField(max_length=60, help_text="a code, shown in words: became_hot, accepted, imported ...")
    version = models.CharField(
        max_length=100, blank=True, default="", help_text="the version of the rules that decided, where no person did"
    )
    note = models.TextField(blank=True)

    class Meta:
        db_table = "leads_stagechange"
        verbose_name = _("stage decision")
        verbose_name_plural = _("stage decisions")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["lead", "-at"], name="stage_change_by_lead"), *feed_indexes("stage_change")]
