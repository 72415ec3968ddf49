"""Lighthouse: durations and shares in calendar days, and its forecasts."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from production import flow
from production.flow import Move, Place, Stamps, Visit
from production.forecast import Outcomes
from tests.production.flow.vectors.reading import (
    DAY,
    START,
    Pairs,
    moment,
    oracle,
    vector,
)

# Lighthouse


@vector("lighthouse_flow", "percentile_floor_index")
def lighthouse_percentiles(section: str) -> Pairs:
    vectors = oracle("lighthouse_flow")[section]
    items = [timedelta(hours=n) for n in vectors["items"]]
    return [
        (flow.percentile(items, p / 100) / timedelta(hours=1) if p else None, theirs)
        for p, theirs in vectors["cases"]
    ]


@vector("lighthouse_flow", "cycle_time_days_plus_one")
def lighthouse_cycle_times(section: str) -> Pairs:
    pairs = []
    for case in oracle("lighthouse_flow")[section]["cases"]:
        started, closed = (case[end] and moment(case[end]) for end in ("started", "closed"))
        card = Stamps(
            idea_at=moment(case["created"]) if case["created"] else started or START,
            stage_entered_at=START,
            committed_at=started,
            published_at=closed if case["state"] == "Done" else None,
        )
        ours = None
        if flow.cycle_time(card) is not None and card.committed_at and card.published_at:
            zone = ZoneInfo(case["zone"])
            ours = flow.calendar_days(card.committed_at, card.published_at, zone)
        pairs.append((ours, case["expected"]))
    return pairs


@vector("lighthouse_flow", "work_item_age_days_plus_one")
def lighthouse_ages(section: str) -> Pairs:
    vectors = oracle("lighthouse_flow")[section]
    now, zone = moment(vectors["today"]) + timedelta(hours=12), ZoneInfo(vectors["zone"])
    pairs = []
    for case in vectors["cases"]:
        kind = {"ToDo": "idea", "Doing": "edit", "Done": "done"}[case["state"]]
        known = case["started"] or case["created"]
        ours = None
        if known:
            card = flow.born("idea", moment(known))
            step = Move(1, moment(known), Place("idea", "idea"), Place(kind, kind))
            if kind != "idea":
                card = flow.after_move(card, step, has_publication=False)
            age = flow.age(card, now)
            ours = None if age is None else flow.calendar_days(now - age, now, zone)
        pairs.append((ours, case["expected"]))
    return pairs


def outcomes(section: str, name: str) -> tuple[Outcomes, list[Any]]:
    vectors = oracle("lighthouse_flow")[section]
    runs = {int(value): n for value, n in vectors[name].items()}
    return Outcomes.of(runs), vectors["cases"]


@vector("lighthouse_flow", "when_forecast_percentile")
def lighthouse_when(section: str) -> Pairs:
    runs, cases = outcomes(section, "histogram_days_to_trials")
    return [(runs.at_most(p / 100), theirs) for p, theirs in cases]


@vector("lighthouse_flow", "when_forecast_likelihood_percent")
def lighthouse_when_likely(section: str) -> Pairs:
    runs, cases = outcomes(section, "histogram_days_to_trials")
    return [(round(runs.chance_of_at_most(day) * 100, 9), theirs) for day, theirs in cases]


@vector("lighthouse_flow", "how_many_percentile")
def lighthouse_how_many(section: str) -> Pairs:
    runs, cases = outcomes(section, "histogram_items_to_trials")
    return [(runs.at_least(p / 100), theirs) for p, theirs in cases]


@vector("lighthouse_flow", "how_many_likelihood_percent")
def lighthouse_how_many_likely(section: str) -> Pairs:
    runs, cases = outcomes(section, "histogram_items_to_trials")
    return [(round(runs.chance_of_at_least(n) * 100, 9), theirs) for n, theirs in cases]


def leaving(days: dict[str, int]) -> list[Visit]:
    """Stays that end on these days after the start, one after the other."""
    stays, entered = [], START
    for stage, day in days.items():
        stays.append(Visit(stage, "edit", entered, START + day * DAY))
        entered = START + day * DAY
    return [*stays, Visit("Done", "done", entered)]


@vector("lighthouse_flow", "age_at_stage_exit")
def lighthouse_exits(section: str) -> Pairs:
    twenty, single, again, skipping = oracle("lighthouse_flow")[section]["cases"]
    samples: dict[Any, list[timedelta]] = {}
    for i in range(1, 21):
        days = {"In Progress": i - 1, "Review": i + 19, "Test": i + 39}
        for stage, age in flow.ages_on_leaving(leaving(days), START).items():
            samples.setdefault(stage, []).append(age + DAY)
    of_twenty = {
        stage: {p: flow.percentile(ages, int(p) / 100).days for p in ("50", "70", "85", "95")}
        for stage, ages in samples.items()
    }
    one = flow.ages_on_leaving(leaving({"In Progress": 6}), START)
    exits = [0, *again["exits_of_review_days"]]
    review = [Visit("Review", "edit", START + a * DAY, START + b * DAY) for a, b in pairwise(exits)]
    last = flow.ages_on_leaving(review, START)["Review"]
    stages = list(flow.ages_on_leaving(leaving({"In Progress": 2, "Test": 5}), START))
    return [
        (of_twenty, twenty["expected"]),
        (one["In Progress"].days + 1, single["expected"]["In Progress"]["50"]),
        (last.days + 1, again["expected"]["Review"]["50"]),
        (stages, skipping["expected_stages"]),
    ]


@vector("lighthouse_flow", "cumulative_time_in_stage")
def lighthouse_totals(section: str) -> Pairs:
    vectors = oracle("lighthouse_flow")[section]
    sums: dict[str, Counter[Any]] = {}
    for group in ("completed", "in_flight"):
        sums[group] = Counter()
        for days in vectors[f"{group}_cards_days"]:
            stays = leaving(dict(zip(days, accumulated(days.values()), strict=True)))
            for stage, spent in flow.time_in_stage(stays[:-1], START).items():
                sums[group][stage] += spent.days
    return [
        (
            {
                "completed": sums["completed"][stage],
                "ongoing": sums["in_flight"][stage],
                "total": sums["completed"][stage] + sums["in_flight"][stage],
            },
            theirs,
        )
        for stage, theirs in vectors["expected"].items()
    ]


def accumulated(days: Any) -> list[int]:
    ends, now = [], 0
    for length in days:
        now += length
        ends.append(now)
    return ends


@vector("lighthouse_flow", "flow_efficiency_percent")
def lighthouse_efficiency(section: str) -> Pairs:
    pairs = []
    for case in oracle("lighthouse_flow")[section]["cases"]:
        stays = leaving(dict(zip(case["days"], accumulated(case["days"].values()), strict=True)))
        out = stays[-1].entered_at
        card = Stamps(idea_at=START, stage_entered_at=out, committed_at=START, published_at=out)
        share = flow.flow_efficiency(stays[:-1], card, waiting=case["wait"])
        pairs.append((None if share is None else round(share * 100, 2), case["expected"]))
    return pairs
