"""What the page of a lead says about it, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Field
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import User
from leads.access import visible_leads
from leads.enums import AttributeOwner, AttributeType
from leads.models import AttributeDefinition, Company, Lead
from leads.queries.contact_data import MASKED_FIELDS, contact, mask
from leads.wording import value_words
from web.formats import whole_money, written

FIELDS = (
    "kana", "email", "other_emails", "phone", "company", "title", "title_level", "department", "origin", "source",
    "campaign", "planned_on", "consent", "language", "country", "region", "external_id",
)  # fmt: skip
CUSTOM = "custom_"


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One field: its words, the value as text (for "did it change meanwhile?") and where it leads."""

    name: str
    label: str | Promise
    words: str
    raw: str
    href: str = ""

    @property
    def is_editable(self) -> bool:
        return self.name not in ("origin", "other_emails")


def facts_of(lead: Lead) -> list[Fact]:
    """All fields in the order of the page, then what admins added."""
    custom = AttributeDefinition.objects.filter(owner=AttributeOwner.LEAD, is_active=True)
    return [fact_of(lead, name) for name in FIELDS] + [custom_fact(lead, definition) for definition in custom]


def fact_of(lead: Lead, name: str) -> Fact:
    """One field by name. Raises LookupError for a name that is no fact."""
    if name.startswith(CUSTOM):
        code = name.removeprefix(CUSTOM)
        definition = AttributeDefinition.objects.filter(owner=AttributeOwner.LEAD, is_active=True, code=code).first()
        if definition is None:
            raise LookupError(name)
        return custom_fact(lead, definition)
    if name not in (*FIELDS, "name"):
        raise LookupError(name)
    field: Field[Any, Any] = Lead._meta.get_field(name)  # type: ignore[assignment]
    if name in MASKED_FIELDS:
        words = contact(lead, name)
    elif name in ("title_level", "origin"):
        words = str(getattr(lead, f"get_{name}_display")() or "")
        if name == "title_level" and words and lead.title_level_derived:
            words = _("%(level)s (from the job title)") % {"level": words}
    else:
        words = value_words(name, getattr(lead, name))
    links = {"email": "mailto:", "phone": "tel:"}
    is_open = bool(words) and name in links and words == getattr(lead, name)
    href = links[name] + words if is_open else ""
    raw = text_of(getattr(lead, field.attname))
    return Fact(name=name, label=field.verbose_name, words=words, raw=raw, href=href)


def custom_fact(lead: Lead, definition: AttributeDefinition) -> Fact:
    value = lead.custom.get(definition.code)
    words = custom_words(definition, value)
    if definition.is_contact_data and not getattr(lead, "is_open_to_reader", False):
        return Fact(name=CUSTOM + definition.code, label=str(definition), words=mask(words), raw=text_of(value))
    return Fact(name=CUSTOM + definition.code, label=str(definition), words=words, raw=text_of(value))


def custom_words(definition: AttributeDefinition, value: Any) -> str:
    """The value of a custom attribute; JSON keeps its days as text."""
    is_day = definition.type == AttributeType.DATE and isinstance(value, str)
    return written(date.fromisoformat(value) if is_day else value)


def text_of(value: Any) -> str:
    return "" if value is None else str(value)


def colleagues_of(lead: Lead, user: User, most: int = 8) -> list[Lead]:
    """Other leads of the same company that `user` sees, the newest first."""
    if not lead.company_id:
        return []
    others = visible_leads(user).filter(company=lead.company_id, is_anonymous=False).exclude(pk=lead.pk)
    return list(others.order_by("-created_at", "-pk")[:most])


def survivor_of(pk: int) -> int | None:
    """Where a merged lead lives on; None for one that was not merged."""
    seen = {pk}
    here = Lead.objects.filter(pk=pk).values_list("merged_into", flat=True).first()
    while here and here not in seen:
        seen.add(here)
        further = Lead.objects.filter(pk=here).values_list("merged_into", flat=True).first()
        if not further:
            return here
        here = further
    return None


def company_facts(company: Company) -> list[Fact]:
    names = ("domain", "industry", "employees", "revenue", "country", "region")
    shown = []
    for name in names:
        field = Company._meta.get_field(name)
        value = getattr(company, name)
        words = value_words(name, value)
        if name == "revenue" and value is not None:
            words = whole_money(value, company.currency)
        shown.append(Fact(name=name, label=field.verbose_name, words=words, raw=text_of(value)))  # type: ignore[union-attr]
    custom = AttributeDefinition.objects.filter(owner=AttributeOwner.COMPANY, is_active=True)
    return shown + [
        Fact(
            name=definition.code,
            label=str(definition),
            words=custom_words(definition, company.custom.get(definition.code)),
            raw="",
        )
        for definition in custom
    ]
