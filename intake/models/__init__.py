from intake.models.imports import ImportRow, LeadImport, RehearsedRow
from intake.models.kept import BatchReceipt, Door, KeptEvent, KeptFault, KeptGroup, TypeSetting
from intake.models.site import DailySalt, FilteredEvent, Site, SiteSighting
from intake.models.webform import FormCount, FormSighting, Submission, WebForm, WebFormVersion

__all__ = [
    "BatchReceipt",
    "DailySalt",
    "Door",
    "FilteredEvent",
    "FormCount",
    "FormSighting",
    "ImportRow",
    "KeptEvent",
    "KeptFault",
    "KeptGroup",
    "LeadImport",
    "RehearsedRow",
    "Site",
    "SiteSighting",
    "Submission",
    "TypeSetting",
    "WebForm",
    "WebFormVersion",
]
