from intake.models.imports import ImportRow, LeadImport, RehearsedRow
from intake.models.kept import BatchReceipt, Door, KeptEvent, KeptFault, KeptGroup
from intake.models.site import DailySalt, FilteredEvent, Site, SiteSighting

__all__ = [
    "BatchReceipt",
    "DailySalt",
    "Door",
    "FilteredEvent",
    "ImportRow",
    "KeptEvent",
    "KeptFault",
    "KeptGroup",
    "LeadImport",
    "RehearsedRow",
    "Site",
    "SiteSighting",
]
