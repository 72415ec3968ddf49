"""The forecast over the API."""

from __future__ import annotations

from typing import Any

from production import forecast
from production.api.flow.asking import Asked, period_of

Plain = dict[str, Any]


def forecast_of(asked: Asked) -> tuple[Plain, list[Plain]]:
    """The answer, and its chances as the rows of a table."""
    ahead = asked.found.ahead
    many, when = ahead.how_many, ahead.when
    so_many = [
        {"chance": chance, "items": many.with_chance(chance)}
        for chance in (forecast.CHANCES if many else ())
    ]
    by_then = [
        {"chance": chance, "day": ahead.day(when.with_chance(chance))}
        for chance in (forecast.CHANCES if when else ())
    ]
    said = {
        **asked.frame(None, "publication"),
        "n": sum(many.history) if many else 0,
        "missing": None if many else _missing(ahead.history is not None),
        "history": period_of(ahead.history) if ahead.history else None,
        "zero_days": many.zero_days if many else None,
        "short_history": many.is_short if many else None,
        "runs": many.runs if many else None,
        "seed": ahead.seed,
        "how_many": {"by": ahead.by, "chances": so_many} if many else None,
        "when": {"items": ahead.items, "chances": by_then} if when else None,
        "items": asked.published(
            (each.id for each in asked.found.deliveries), ahead.history or asked.found.ask.period
        ),
    }
    rows = [
        {"question": "how_many", "by": ahead.by, "items": row["items"], "chance": row["chance"]}
        for row in so_many
    ]
    rows += [
        {"question": "when", "by": row["day"], "items": ahead.items, "chance": row["chance"]}
        for row in by_then
    ]
    return said, rows


def _missing(has_days: bool) -> str:
    return "nothing_published" if has_days else "no_day_over"
