from notices.models.destination import Destination
from notices.models.notice import Notice
from notices.models.outbox import Delivery, OutboxMessage
from notices.models.preference import MailOptOut

__all__ = ["Delivery", "Destination", "MailOptOut", "Notice", "OutboxMessage"]
