from intake.models.imports import ImportRow, LeadImport, RehearsedRow

__all__ = ["ImportRow", "LeadImport", "RehearsedRow"]
