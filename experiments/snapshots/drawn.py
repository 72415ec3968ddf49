"""Drawn publishing slots: posts are compared, not impressions (grade R3)."""

from __future__ import annotations

from math import expm1
from typing import Any

from experiments.reckoning import drawn_slots
from experiments.snapshots.gathering import Gathered


def analyse_drawn(each: Gathered, analysis: dict[str, Any]) -> dict[str, Any]:
    """The analysis with every contrast made anew by post, within week and channel.

    A line of results is a post: a variant is drawn for one slot a day at most. Posts differ by a
    factor of two by luck alone; before four of each in shared weeks nothing is said.
    """
    rows = {row["label"]: row for row in analysis["compared"]}
    control, *others = each.variants
    states = []
    for variant in others:
        states.append(_contrast(each, control, variant, rows[variant.label], len(others)))
    if analysis["verdict"]["state"] != "invalid":
        order = ("repeat", "running", "too_early", "improve", "no_difference", "drop")
        state = min(states, key=order.index)
        analysis["verdict"] = {"state": state, "reasons": ["by_post"]}
        best = [label for label, row in rows.items() if row["verdict"]["state"] == "repeat"]
        analysis["best"] = best[0] if best else None
    analysis["by_day"] = {}
    analysis["unit"] = "posts"
    return analysis


def _contrast(each: Gathered, control: Any, variant: Any, row: dict[str, Any], others: int) -> str:
    slots = drawn_slots()
    posts = [
        slots.Post(_block(day), place == variant.position, total, exposures)
        for (kpi, place, day), (exposures, total, *_rest) in each.lines.items()
        if kpi == each.experiment.kpi_id and place in (control.position, variant.position)
    ]
    row["estimate"] = "posts"
    try:
        found = slots.analyse_slots(posts, alpha=0.05 / others)
    except ValueError:
        found = None
    if found is None or not found.is_enough:
        row["posts"] = list(found.posts) if found else [0, 0]
        row["needed"] = found.needed if found else slots.posts_needed(0.405465)
        return _say(row, "too_early", "few_posts")
    sign = 1 if each.experiment.kpi.direction == "up" else -1
    row |= {
        "posts": list(found.posts), "needed": found.needed, "spread": found.spread,
        "lift": expm1(found.log_lift), "low": expm1(found.log_low),
        "high": expm1(min(found.log_high, 50)), "realistic": expm1(found.realistic),
        "p_better": found.p_better if sign > 0 else 1 - found.p_better,
        "variance": found.variance, "p": found.p_permutation,
    }  # fmt: skip
    low, high = sorted((sign * found.log_low, sign * found.log_high))
    if low > 0:
        return _say(row, "repeat", "better")
    if high < 0:
        return _say(row, "drop", "worse")
    if each.is_over:
        return _say(row, "improve", "planned_end")
    return _say(row, "running", "undecided")


def _say(row: dict[str, Any], state: str, reason: str) -> str:
    row["verdict"] = {"state": state, "reasons": [reason]}
    return state


def _block(day: Any) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"
