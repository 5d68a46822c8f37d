"""What somebody's own words say about their plans (S48, S97, S116): read here, without any service, in ja and en."""

from leads.enquiries.reading import LONGEST, Reading, Span, read_enquiry
from leads.enquiries.stored import RESERVED, TEXTS, StoredReading, enquiry_of, reading_in, with_reading

__all__ = [
    "LONGEST",
    "RESERVED",
    "TEXTS",
    "Reading",
    "Span",
    "StoredReading",
    "enquiry_of",
    "read_enquiry",
    "reading_in",
    "with_reading",
]
