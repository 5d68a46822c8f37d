from notices.models.destination import Destination
from notices.models.notice import Notice
from notices.models.outbox import Delivery, OutboxMessage
from notices.models.preference import MailPreference, TopicPreference

__all__ = ["Delivery", "Destination", "MailPreference", "Notice", "OutboxMessage", "TopicPreference"]
