from intake.models.imports import ImportRow, LeadImport

__all__ = ["ImportRow", "LeadImport"]
