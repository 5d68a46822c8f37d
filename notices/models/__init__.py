from notices.models.job import JobRun, Tick
from notices.models.notice import Notice
from notices.models.outbox import Delivery, OutboxMessage

__all__ = ["Delivery", "JobRun", "Notice", "OutboxMessage", "Tick"]
