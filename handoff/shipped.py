"""What a new installation starts with: a Japanese office calendar, two promises (S76, S77), coded reject reasons."""

from __future__ import annotations

from django.apps.registry import Apps

REJECT_REASONS = [
    ("not_expected", "Not the kind of lead we agreed on", "想定していたリードと違う", "nurture"),
    ("too_early", "Too early, still gathering information", "時期尚早（情報収集段階）", "nurture"),
    ("too_late", "We answered too late", "対応が遅かった", "nurture"),
    ("no_budget", "No budget", "予算がない", "nurture"),
    ("no_need", "No need", "ニーズがない", "nurture"),
    ("wrong_person", "Wrong person", "担当者が違う", "nurture"),
    ("unreachable", "Could not be reached", "連絡がつかない", "nurture"),
    ("chose_rival", "Chose a competitor", "他社に決定済み", "disqualified"),
    ("competitor", "Is a competitor", "競合他社", "disqualified"),
    ("duplicate", "Duplicate", "重複", "disqualified"),
]


def ship(apps: Apps) -> None:
    """Add the rows to an installation that has none of them; `apps` gives the models as a migration knows them."""
    apps.get_model("handoff", "Calendar").objects.create(name="Tokyo", is_default=True)
    policy = apps.get_model("handoff", "SlaPolicy")
    policy.objects.create(promise="first_contact", amount=3, mode="business_days")
    policy.objects.create(promise="result", amount=48, mode="elapsed_hours")
    reason = apps.get_model("handoff", "RejectReason")
    reason.objects.bulk_create(
        reason(code=code, label_en=english, label_ja=japanese, effect=effect)
        for code, english, japanese, effect in REJECT_REASONS
    )
