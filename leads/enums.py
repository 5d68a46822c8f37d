from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class TitleLevel(models.IntegerChoices):
    """Ordered, so that rules can say "manager or above"."""

    STAFF = 1, _("Staff")
    LEAD = 2, _("Team lead")
    MANAGER = 3, _("Manager")
    DIRECTOR = 4, _("Director")
    EXECUTIVE = 5, _("Executive")

    @property
    def code(self) -> str:
        """The name the rule language and files use: staff < lead < manager < director < executive."""
        return self.name.lower()


class Origin(models.TextChoices):
    MARKETING = "marketing", _("From marketing")
    SALES = "sales", _("From sales")


class Stage(models.TextChoices):
    INQUIRY = "inquiry", _("Inquiry")
    MQL = "mql", _("MQL")
    SQL = "sql", _("SQL")
    OPPORTUNITY = "opportunity", _("Opportunity")
    CUSTOMER = "customer", _("Customer")
    NURTURE = "nurture", _("In nurture")
    DISQUALIFIED = "disqualified", _("Disqualified")


# From where what a lead did moves it forward by itself. Whoever is further on the way, or out, is for people to decide.
BEHIND = {
    Stage.MQL: (Stage.INQUIRY, Stage.NURTURE),
    Stage.SQL: (Stage.INQUIRY, Stage.NURTURE, Stage.MQL),
}


class ChannelKind(models.TextChoices):
    """Where a touch happened; online and offline need different processes (S110)."""

    SEARCH = "search", _("Search")
    ADS = "ads", _("Advertising")
    SOCIAL = "social", _("Social media")
    EMAIL = "email", pgettext_lazy("channel", "Email")
    WEB = "web", _("Website")
    WEBINAR = "webinar", _("Webinar")
    EVENT = "event", _("Exhibition or seminar")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    REFERRAL = "referral", _("Referral")
    OTHER = "other", _("Other")


class Industry(models.TextChoices):
    """Industries that have a name in both languages. The column is free text: any other value stands as written."""

    AGRICULTURE = "agriculture", pgettext_lazy("industry", "Agriculture")
    AUTOMOTIVE = "automotive", pgettext_lazy("industry", "Automotive")
    CHEMICALS = "chemicals", pgettext_lazy("industry", "Chemicals")
    CONSTRUCTION = "construction", pgettext_lazy("industry", "Construction")
    EDUCATION = "education", pgettext_lazy("industry", "Education")
    ELECTRONICS = "electronics", pgettext_lazy("industry", "Electronics")
    ENERGY = "energy", pgettext_lazy("industry", "Energy")
    FINANCE = "finance", pgettext_lazy("industry", "Finance")
    FOOD = "food", pgettext_lazy("industry", "Food and beverages")
    GOVERNMENT = "government", pgettext_lazy("industry", "Government")
    HEALTHCARE = "healthcare", pgettext_lazy("industry", "Healthcare")
    HOSPITALITY = "hospitality", pgettext_lazy("industry", "Hospitality")
    INSURANCE = "insurance", pgettext_lazy("industry", "Insurance")
    IT = "it", pgettext_lazy("industry", "IT")
    LOGISTICS = "logistics", pgettext_lazy("industry", "Logistics")
    MACHINERY = "machinery", pgettext_lazy("industry", "Machinery")
    MANUFACTURING = "manufacturing", pgettext_lazy("industry", "Manufacturing")
    MEDIA = "media", pgettext_lazy("industry", "Media")
    PHARMACEUTICALS = "pharmaceuticals", pgettext_lazy("industry", "Pharmaceuticals")
    REAL_ESTATE = "real_estate", pgettext_lazy("industry", "Real estate")
    RETAIL = "retail", pgettext_lazy("industry", "Retail")
    SERVICES = "services", pgettext_lazy("industry", "Services")
    TELECOM = "telecom", pgettext_lazy("industry", "Telecommunications")
    TRANSPORT = "transport", pgettext_lazy("industry", "Transport")
    WHOLESALE = "wholesale", pgettext_lazy("industry", "Wholesale")


class AttributeType(models.TextChoices):
    TEXT = "text", _("Text")
    INTEGER = "integer", _("Whole number")
    DECIMAL = "decimal", _("Decimal number")
    BOOLEAN = "boolean", _("Yes or no")
    DATE = "date", _("Date")
    CHOICE = "choice", _("One of a list")


class AttributeOwner(models.TextChoices):
    LEAD = "lead", _("Lead")
    COMPANY = "company", _("Company")


class ImportState(models.TextChoices):
    MAPPING = "mapping", _("Map columns")
    CHECKED = "checked", _("Reviewed")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    UNDONE = "undone", _("Undone")


class DisqualifyReason(models.TextChoices):
    """Why nobody will follow this lead up (S6). Stored with the stage change; every one of them can be taken back."""

    NO_NEED = "no_need", _("No need for our product")
    NO_BUDGET = "no_budget", _("No budget")
    OUTSIDE_TARGET = "outside_target", _("Outside our target (industry, size, region)")
    COMPETITOR = "competitor", _("Competitor or supplier")
    WRONG_DATA = "wrong_data", _("Wrong or fake contact details")
    NO_CONTACT_WISHED = "no_contact_wished", _("Asked not to be contacted")


class ForbiddingFact(models.TextChoices):
    """What forbids anybody to contact a lead. It wins in every merge and import; only a person may lift it, and nobody
    brings back what was erased."""

    REFUSED = "refused", _("Doesn’t want to be contacted")
    COMPETITOR = "competitor", _("Competitor")
    ERASED = "erased", _("Personal data erased")


class ErasureReason(models.TextChoices):
    """Why a person's data is emptied. A choice, since a sentence would soon name the person."""

    ASKED = "asked", _("The person asked for it")
    CONSENT_WITHDRAWN = "withdrawn", _("The person withdrew their consent")
    NOT_NEEDED = "not_needed", _("No longer needed for what it was collected for")
    UNLAWFUL = "unlawful", _("Should not have been collected")


class ErasedKind(models.TextChoices):
    """What a kept digest was made of."""

    EMAIL = "email", pgettext_lazy("channel", "Email")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    PERSON = "person", _("Name and phone number")
    EXTERNAL_ID = "external", _("External ID")


class NurtureReason(models.TextChoices):
    TOO_EARLY = "too_early", _("Too early")
    GATHERING = "gathering", _("Just gathering information")
    NO_AUTHORITY = "no_authority", _("The contact can’t decide")
    NOT_REACHED = "not_reached", _("Could not be reached")
    BUDGET_LATER = "budget_later", _("Budget not before next year")


class ReactivateReason(models.TextChoices):
    NEW_INTEREST = "new_interest", _("Showed new interest")
    MISTAKE = "mistake", _("Closed by mistake")
    SITUATION_CHANGED = "situation_changed", _("The situation changed")


class NoteTopic(models.TextChoices):
    """What a note is about; feedback on products goes to those who make them (S121)."""

    GENERAL = "general", _("General")
    PRODUCT = "product", _("Product feedback")
    LIFTED = "lifted", _("Contact ban lifted")


class Temperature(models.TextChoices):
    """How near to a decision somebody's own words sound (S48)."""

    HOT = "hot", _("Hot enquiry")
    NEUTRAL = "neutral", _("Neutral enquiry")
    COLD = "cold", _("No plans")


class EnquiryKind(models.TextChoices):
    """Who speaks in somebody's own words."""

    ENQUIRY = "enquiry", _("Enquiry")
    PITCH = "pitch", _("Sales pitch")
    JOB = "job", _("Job application")
    SUPPORT = "support", _("Support request")
    OTHER = "other", _("Other message")


class EnquirySign(StrEnum):
    """What words of an enquiry tell."""

    # Asks for.
    QUOTE = "quote"  # a price, stock, a delivery date, a changed product, or orders: the fast lane (S97, S116)
    DEMO = "demo"
    TRIAL = "trial"
    DOCUMENTS = "documents"
    CONTACT = "contact"
    # Does not want.
    NO_QUOTE = "no_quote"
    NO_DEMO = "no_demo"
    NO_TRIAL = "no_trial"
    NO_DOCUMENTS = "no_documents"
    NO_CONTACT = "no_contact"
    REFUSAL = "refusal"  # to buy at all
    CONTACT_BAN = "contact_ban"  # wishes no contact at all, by no way: a fact that forbids
    # Says of the purchase.
    COMPARISON = "comparison"
    INTEREST = "interest"  # considers or plans to buy
    WISH = "wish"  # hot only beside a headcount or a time
    VAGUE = "vague"
    QUESTION = "question"  # about what we sell
    HEADCOUNT = "headcount"
    TIMING = "timing"
    # Speaks as somebody who does not buy.
    PITCH = "pitch"
    JOB = "job"
    SUPPORT = "support"
    OTHER = "other"


class ExclusionReason(models.TextChoices):
    """Why an activity does not count."""

    SCANNER = "scanner", _("Email security scanner")
    BY_HAND = "by_hand", _("Manual")
    REPLACED = "replaced", _("Replaced by a repaired one")


class Sureness(models.IntegerChoices):
    """How likely two leads are one person, the surest first."""

    SURE = 1, _("Certain")
    LIKELY = 2, _("Likely")
    POSSIBLE = 3, _("Possible")


class Likeness(models.TextChoices):
    """What of two leads is compared."""

    PHONE = "phone", _("Same phone number")
    NAME = "name", _("Name reads the same")
    COMPANY = "company", _("Same company")
    ADDRESS = "address", _("Same email address")
    PLACE = "place", pgettext_lazy("duplicate", "Same place")
    FACT = "fact", _("Same attribute")
    NUMBER = "number", _("Same corporate number")


class Finding(models.TextChoices):
    """What two leads, or two companies, are to each other."""

    SAME = "same", pgettext_lazy("duplicate", "Same")
    UNKNOWN = "unknown", pgettext_lazy("duplicate", "Unknown")
    DIFFERENT = "different", pgettext_lazy("duplicate", "Different")
    RELATED = "related", pgettext_lazy("duplicate", "Related")


class DuplicateState(models.TextChoices):
    """What people decided about two leads that look alike; a merge needs no word here, it removes the proposal."""

    OPEN = "open", _("To decide")
    LATER = "later", pgettext_lazy("duplicate", "Postponed")
    DIFFERENT = "different", pgettext_lazy("duplicate", "Different people")
    RELATED = "related", pgettext_lazy("duplicate", "Colleagues")


# Decided for good: proposed again only with a new value in common.
TWO_PEOPLE = (DuplicateState.DIFFERENT, DuplicateState.RELATED)


class CommonKind(models.TextChoices):
    """What of leads is counted, to find what too many of them have."""

    ADDRESS = "address", pgettext_lazy("channel", "Email")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    FACT = "fact", _("Attribute")
    NAME = "name", pgettext_lazy("duplicate", "Name within a company")


class MergeOrigin(models.TextChoices):
    """Why two leads became one: a person said so, a browser told who it is, or admins allow it where it is certain."""

    BY_HAND = "by_hand", _("Merged manually")
    IDENTIFICATION = "identification", _("Visitor identified")
    AUTOMATIC = "automatic", _("Merged automatically")
