from intake.models.imports import ImportRow, LeadImport, RehearsedRow
from intake.models.kept import BatchReceipt, Door, KeptEvent, KeptFault, KeptGroup

__all__ = [
    "BatchReceipt",
    "Door",
    "ImportRow",
    "KeptEvent",
    "KeptFault",
    "KeptGroup",
    "LeadImport",
    "RehearsedRow",
]
