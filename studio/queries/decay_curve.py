"""How the points of one activity fade, as a line to draw beside the form: a picture of one rule, no score."""

from __future__ import annotations

from datetime import timedelta

from engine.nodes import Decay, Rule

STEPS = 60
HALVES = 4  # half-lives drawn where nothing ends them
DAY = timedelta(days=1)


def decay_curve(rule: Rule) -> list[tuple[float, float]]:
    """(age in days, points) from the activity itself until little or nothing is left; empty where nothing fades."""
    decay = rule.decay
    if decay is None:
        return []
    points = float(max(rule.gives, key=abs))
    ages = [_drawn(decay) * step / STEPS for step in range(STEPS + 1)]
    return [(age, points * _left(decay, age)) for age in ages]


def _drawn(decay: Decay) -> float:
    """Days that the line covers: a little more than until a sudden end, so that it is seen."""
    if decay.window:
        return decay.window.delta / DAY * 1.15
    if decay.linear:
        return decay.linear.delta / DAY * 1.15
    return HALVES * (decay.half_life.delta / DAY) if decay.half_life else 0.0


def _left(decay: Decay, age: float) -> float:
    """The share of the points that is left at an age in days, as docs/engine.md has it."""
    if decay.window and age > decay.window.delta / DAY:
        return 0.0
    if decay.half_life:
        return float(0.5 ** (age / (decay.half_life.delta / DAY)))
    return max(0.0, 1 - age / (decay.linear.delta / DAY)) if decay.linear else 1.0
