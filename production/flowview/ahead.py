"""How many by a date, and when so many are out: the forecast in words that name its assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from production import flow, forecast
from production.flowview.ask import Ask

_DAY = timedelta(days=1)
AHEAD = 30  # days that a forecast looks ahead when no date was asked for
SHARE = 0.85


@dataclass(frozen=True, slots=True)
class Ahead:
    """Both forecasts from the same history; None where nothing came out in it.

    `history` is the part of the period whose days are over, None when none is. `by` is the last
    day of `how_many`, which begins tomorrow; `items` is what `when` is asked of.
    """

    history: flow.Period | None
    by: date
    items: int
    seed: int
    how_many: forecast.HowMany | None
    when: forecast.When | None
    today: date

    def day(self, number: int | None) -> date | None:
        """The date of a day of the forecast: 1 is tomorrow. None lies beyond ten years."""
        return None if number is None else self.today + number * _DAY


def ahead(ask: Ask, throughput: flow.Throughput, in_progress: int) -> Ahead:
    """Drawn from the throughput of the period; the same on one day as often as it is asked.

    Without a number asked for: when are all the items out that are in progress now?
    """
    today = flow.local_day(ask.now, ask.zone)
    by = ask.by or today + AHEAD * _DAY
    items = ask.items or max(in_progress, 1)
    seed = today.toordinal()
    past = ask.period.past(ask.now)
    counts = tuple(day.n for day in throughput.days if past and day.day <= past.end)
    if not counts:
        return Ahead(None, by, items, seed, None, None, today)
    return Ahead(
        history=past,
        by=by,
        items=items,
        seed=seed,
        how_many=forecast.how_many(counts, (by - today).days, seed=seed),
        when=forecast.when(counts, items, seed=seed),
        today=today,
    )
