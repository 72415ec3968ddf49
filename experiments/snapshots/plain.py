"""An analysis as plain values: what a snapshot keeps and what pages and programs read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import expm1
from typing import Any

from experiments.reckoning import statistics

DAYS_KEPT = 92  # of the interval by day


def plain(data: Any, found: Any, days: Sequence[date]) -> dict[str, Any]:
    """All that is shown of an analysis, lifts as parts: 0.14 is +14 %. What is unknown is None."""
    return {
        "method": found.method_version,
        "control": found.control,
        "verdict": _verdict(found.verdict),
        "best": found.best,
        "leading": found.leading,
        "in_race": list(found.in_race),
        "uneven": found.is_delivery_uneven,
        "srm": _srm(found.srm, data),
        "variants": [
            {
                "label": each.name,
                "exposures": _number(each.daily.exposures.sum()),
                "total": _number(each.daily.sums.sum()),
                "p_best": _number(chance),
            }
            for each, chance in zip(data.variants, found.p_best, strict=True)
        ],
        "compared": [_compared(each) for each in found.compared],
        "by_day": _by_day(data, days),
        "first_day": days[0].isoformat() if days else None,
        "last_day": days[-1].isoformat() if days else None,
    }


def _compared(each: Any) -> dict[str, Any]:
    estimate = each.estimate
    low, high = estimate.narrowest
    return {
        "label": each.name,
        "estimate": estimate.method.value,
        "days": estimate.days,
        "events": _number(estimate.events),
        "lift": _part(estimate.log_lift),
        "low": _part(low),
        "high": _part(high),
        "realistic": _part(estimate.realistic),
        "realistic_low": _part(estimate.realistic - 1.2816 * estimate.realistic_sd),
        "realistic_high": _part(estimate.realistic + 1.2816 * estimate.realistic_sd),
        "p_better": _number(estimate.p_better),
        "variance": _number(estimate.variance),
        "phi": _number(estimate.phi),
        "p": _number(estimate.p),
        "holm_p": _number(each.holm_p),
        "difference": [_number(end) for end in estimate.difference or ()],
        "fading": bool(each.halves and each.halves.is_fading),
        "verdict": _verdict(each.verdict),
        "guardrails": [
            {
                "kpi": rail.name,
                "state": rail.state.value,
                "margin": _part(rail.margin),
                "lift": _part(rail.estimate.log_lift),
                "low": _part(rail.estimate.log_low),
                "high": _part(rail.estimate.log_high),
                "events": _number(rail.estimate.events),
            }
            for rail in each.guardrails
        ],
    }


def _verdict(verdict: Any) -> dict[str, Any]:
    return {"state": verdict.state.value, "reasons": list(verdict.reasons)}


def _srm(found: Any, data: Any) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "flagged": found.is_flagged,
        "deviation": _number(found.deviation),
        "p": _number(found.p),
        "observed": [_number(each) for each in found.observed],
        "expected": [_number(each) for each in found.expected],
        "viewers": data.randomised is not None,
    }


def _by_day(data: Any, days: Sequence[date]) -> dict[str, list[dict[str, Any]]]:
    """The interval of each variant as it stood at the end of each day; nothing for one day."""
    if len(days) < 2:
        return {}
    stats = statistics()
    found: dict[str, list[dict[str, Any]]] = {each.name: [] for each in data.variants[1:]}
    for count in range(max(1, len(days) - DAYS_KEPT + 1), len(days) + 1):
        until = slice(0, count)
        variants = tuple(replace(each, daily=each.daily.days(until)) for each in data.variants)
        randomised = data.randomised and tuple(row[:count] for row in data.randomised)
        then = replace(data, variants=variants, guardrails=(), randomised=randomised, ended=False)
        for each in stats.analyse(then).compared:
            found[each.name].append(
                {
                    "day": days[count - 1].isoformat(),
                    "lift": _part(each.estimate.log_lift),
                    "low": _part(each.estimate.log_low),
                    "high": _part(each.estimate.log_high),
                }
            )
    return found


def _part(log_lift: float) -> float | None:
    """The lift as a part; None when it is not known or open."""
    if not math.isfinite(log_lift) or log_lift > 700:
        return None
    return expm1(log_lift)


def _number(value: float) -> float | None:
    value = float(value)
    return value if math.isfinite(value) else None
