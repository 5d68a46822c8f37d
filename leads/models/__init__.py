from leads.models.activity import Activity, ActivityKey, ActivityType, DirtyMark
from leads.models.attribute import AttributeDefinition
from leads.models.company import Company
from leads.models.company_merge import CompanyMerge
from leads.models.duplicate import CommonValue, Duplicate, DuplicateMark, DuplicateRules, IdentityKey
from leads.models.erasure import ErasedAddress, Erasure
from leads.models.exclusion import Exclusion
from leads.models.export import LeadExport
from leads.models.feed import Feed
from leads.models.lead import Lead, StageChange, Visitor
from leads.models.merge import Merge
from leads.models.note import Note
from leads.models.saved_filter import SavedFilter
from leads.models.source import Source

__all__ = [
    "Activity",
    "ActivityKey",
    "ActivityType",
    "AttributeDefinition",
    "CommonValue",
    "Company",
    "CompanyMerge",
    "DirtyMark",
    "Duplicate",
    "DuplicateMark",
    "DuplicateRules",
    "ErasedAddress",
    "Erasure",
    "Exclusion",
    "Feed",
    "IdentityKey",
    "Lead",
    "LeadExport",
    "Merge",
    "Note",
    "SavedFilter",
    "Source",
    "StageChange",
    "Visitor",
]
