"""What somebody's own words say about their plans (S48, S97, S116): read here, without any service, in ja and en."""

from intake.enquiries.reader import read_enquiry

__all__ = ["read_enquiry"]
