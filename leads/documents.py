"""Leads, companies and activities as documents of the API; what a reader may not see stands in them as dots or null."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from accounts.models import Team, User
from leads.enums import AttributeOwner, TitleLevel
from leads.models import Activity, AttributeDefinition, Company, Lead
from leads.queries.contact_data import contact, mask, name_of

Json = dict[str, Any]

LEAD_FIELDS = (
    "id", "email", "other_emails", "external_id", "name", "kana", "title", "title_level", "department", "phone",
    "language", "country", "region", "source", "campaign", "origin", "stage", "planned_on", "consent", "is_competitor",
    "custom", "company", "owner", "team", "is_anonymous", "created_at", "updated_at", "archived_at", "erased_at",
)  # fmt: skip
COMPANY_FIELDS = (
    "id", "name", "domain", "industry", "employees", "revenue", "currency", "country", "region", "custom", "created_at",
    "updated_at", "archived_at",
)  # fmt: skip
ACTIVITY_FIELDS = (
    "id", "lead_id", "type", "object", "occurred_at", "received_at", "properties", "source", "is_excluded",
)  # fmt: skip


def instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def day(on: date | None) -> str | None:
    return on.isoformat() if on else None


def named(row: User | Team | Company | None) -> Json | None:
    """Somebody or something by id and name."""
    return {"id": str(row.pk), "name": str(row)} if row else None


def hidden_attributes() -> frozenset[str]:
    """The custom attributes of leads that say how to reach them."""
    contact_data = AttributeDefinition.objects.filter(owner=AttributeOwner.LEAD, is_contact_data=True)
    return frozenset(contact_data.values_list("code", flat=True))


def lead_document(lead: Lead, hidden: Collection[str]) -> Json:
    """A lead that went through `reveal`. `hidden` are the custom attributes that are contact data."""
    is_open = getattr(lead, "is_open_to_reader", False)
    level = TitleLevel(lead.title_level).code if lead.title_level else None
    return {
        "id": str(lead.pk),
        "email": contact(lead, "email"),
        "other_emails": lead.other_emails if is_open else [mask(email) for email in lead.other_emails],
        "external_id": contact(lead, "external_id"),
        "name": lead.name if is_open or not lead.name else name_of(lead),
        "kana": lead.kana,
        "title": lead.title,
        "title_level": level,
        "department": lead.department,
        "phone": contact(lead, "phone"),
        "language": lead.language,
        "country": lead.country,
        "region": lead.region,
        "source": lead.source.code if lead.source else None,
        "campaign": lead.campaign,
        "origin": lead.origin,
        "stage": lead.stage,
        "planned_on": day(lead.planned_on),
        "consent": lead.consent,
        "is_competitor": lead.is_competitor,
        "custom": {name: value for name, value in lead.custom.items() if is_open or name not in hidden},
        "company": named(lead.company),
        "owner": named(lead.owner),
        "team": named(lead.team),
        "is_anonymous": lead.is_anonymous,
        "created_at": instant(lead.created_at),
        "updated_at": instant(lead.updated_at),
        "archived_at": instant(lead.archived_at),
        "erased_at": instant(lead.erased_at),
    }


def company_document(company: Company) -> Json:
    return {
        "id": str(company.pk),
        "name": company.name,
        "domain": company.domain,
        "industry": company.industry,
        "employees": company.employees,
        "revenue": company.revenue,
        "currency": company.currency,
        "country": company.country,
        "region": company.region,
        "custom": company.custom,
        "created_at": instant(company.created_at),
        "updated_at": instant(company.updated_at),
        "archived_at": instant(company.archived_at),
    }


def activity_document(activity: Activity, *, is_open: bool) -> Json:
    """An activity; its properties may say how to reach the lead, and are shown with its contact data only."""
    return {
        "id": str(activity.pk),
        "lead_id": str(activity.lead_id),
        "type": activity.type.code,
        "object": activity.object,
        "occurred_at": instant(activity.occurred_at),
        "received_at": instant(activity.received_at),
        "properties": activity.properties if is_open else None,
        "source": activity.source,
        "is_excluded": activity.is_excluded,
    }
