"""Celery as doorbell and process pool: no message carries data, losing every message loses nothing."""

from __future__ import annotations

import os
import warnings

from celery import Celery
from celery.schedules import crontab
from kombu.transport.redis import Channel

from leadqual import env

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadqual.settings")
# Root is dangerous where messages are pickled; we take JSON only, and the demo may run as root.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")
# It is about late acknowledgement, which we do not use.
warnings.filterwarnings("ignore", message=r"\s*In Celery 5\.1 we introduced an optional breaking change")

# Rings are acknowledged when they are taken, and not put back when their connection closes (docs/adr/0008).
Channel.do_restore = False

# A request that rings while the broker is away gives up at once: the sweeps find the work. A worker waits for it.
GIVE_UP = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1, "interval_max": 0.1}
PATIENCE = {} if env.role() == "worker" else GIVE_UP


def tick(task: str, seconds: float) -> dict[str, object]:
    """A beat entry; a tick nobody took before the next one is dropped."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "score": tick("scoring.score", 10),
    "sweep-due-scores": tick("scoring.sweep_due", 30),
    "rescore": tick("scoring.rescore", 30),
    "effects": tick("studio.effects", 30),
    "open-handoffs": tick("handoff.open_handoffs", 15),
    "sweep-deadlines": tick("handoff.sweep_deadlines", 30),
    "follow-coming": tick("handoff.follow_coming", 300),
    "alarm-left-behind": tick("handoff.alarm_left_behind", 300),
    "deliver-notices": tick("notices.deliver", 15),
    "deliver-to-destinations": tick("notices.deliver_outgoing", 10),
    "run-imports": tick("intake.run_imports", 15),
    "replay-kept": tick("intake.replay_kept", 30),
    "watch-intake": tick("intake.watch", 300),
    "find-duplicates": tick("leads.find_duplicates", 30),
    "export-leads": tick("scoring.export", 15),
    "forget-answers": tick("frame.forget_answers", 3600),
    "forget-drafts": tick("accounts.forget_drafts", 600),
    "send-confirmations": tick("intake.send_confirmations", 10),
    "forget-visits": tick("intake.forget_visits", 3600),
    "load-demo": tick("insights.load_demo", 30),
    "ensure-partitions": {"task": "leads.ensure_partitions", "schedule": crontab(minute="17", hour="3")},
}

app = Celery("leadqual")
app.conf.update(
    broker_url=env.broker_url(),
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        "visibility_timeout": 120,
        "socket_keepalive": True,
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
    }
    | PATIENCE,
    task_publish_retry=False,
    accept_content=["json"],
    task_serializer="json",
    task_default_queue="leadqual",
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    worker_max_tasks_per_child=2000,
    timezone="UTC",
    enable_utc=True,
    beat_schedule=BEAT_SCHEDULE,
)
app.autodiscover_tasks()
