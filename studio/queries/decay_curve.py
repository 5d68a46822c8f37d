"""How the points of one activity fade, as a line to draw beside the form: a picture of one rule, no score."""

from __future__ import annotations

from datetime import timedelta

from engine.nodes import Decay, Rule

STEPS = 60
HALVES = 4  # half-lives drawn where nothing ends them
DAY = timedelta(days=1)


def decay_curve(rule: Rule) -> list[tuple[float, float]]:
    """(age in days, points) from the activity itself until little or nothing is left; empty where nothing fades.

    The line covers a little more than until a sudden end, so that it is seen.
    """
    decay = rule.decay
    if decay is None:
        return []
    points, days = float(max(rule.gives, key=abs)), 0.0
    end = decay.window or decay.linear
    if end:
        days = end.delta / DAY * 1.15
    elif decay.half_life:
        days = HALVES * (decay.half_life.delta / DAY)
    ages = [days * step / STEPS for step in range(STEPS + 1)]
    return [(age, points * share_left(decay, age)) for age in ages]


def share_left(decay: Decay, age: float) -> float:
    """The share of the points that is left at an age in days, as docs/engine.md has it."""
    if decay.window and age > decay.window.delta / DAY:
        return 0.0
    if decay.half_life:
        return float(0.5 ** (age / (decay.half_life.delta / DAY)))
    return max(0.0, 1 - age / (decay.linear.delta / DAY)) if decay.linear else 1.0
