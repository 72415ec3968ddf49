"""The figures of flow as plain values: durations in seconds, days as dates, shares from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from production import flow, flowview

Plain = dict[str, Any]


def seconds(duration: timedelta | None) -> float | None:
    """The exact length; whole where it is whole."""
    if duration is None:
        return None
    length = duration.total_seconds()
    return int(length) if length.is_integer() else length


def point(item: flow.Delivery | None) -> Plain | None:
    """One published item with its times."""
    if item is None:
        return None
    return {
        "id": item.id,
        "key": item.key,
        "published_at": item.published_at,
        "lead_seconds": seconds(item.lead),
        "cycle_seconds": seconds(item.cycle),
    }


def share(found: flow.Share | None) -> Plain | None:
    """A share with the interval in which it lies with 95 %."""
    if found is None:
        return None
    return {"value": found.value, "low": found.low, "high": found.high}


def figures(said: flow.Figures) -> Plain:
    """The headline of a set of items."""
    return {
        "n": said.n,
        "no_history": said.no_history,
        "too_few": said.too_few,
        "within_target": said.hits,
        "share_within_target": share(said.within),
        "p50": point(said.p50),
        "p85": point(said.p85),
        "mean_seconds": seconds(said.mean),
    }


def changes(said: flow.Comparison) -> Plain:
    """By how much each figure differs from the period before; less is faster."""
    return {
        "p50_seconds": seconds(said.p50_change),
        "p85_seconds": seconds(said.p85_change),
        "share_within_target": said.share_change,
    }


def column(each: flowview.Column) -> Plain:
    return {"id": each.id, "name": each.name, "kind": each.kind, "waiting": each.waiting}


def split(part: flow.Split) -> Plain:
    return {
        "active_seconds": seconds(part.active),
        "waiting_seconds": seconds(part.waiting),
        "blocked_seconds": seconds(part.blocked),
    }


def spent(whole: flow.Spent, columns: Iterable[flowview.Column]) -> list[Plain]:
    """The time per item by stage, in the order of the work."""
    return [
        {
            **column(each),
            **split(whole.mean(each.id)),
            "share": whole.share(each.id) if whole.total.length else 0,
        }
        for each in columns
    ]


def days(counts: Iterable[flow.Day]) -> list[Plain]:
    return [{"day": each.day, "n": each.n} for each in counts]


def aged(each: flowview.InProgress) -> Plain:
    """An item in progress with its age."""
    return {
        "id": each.id,
        "key": each.key,
        "title": each.title,
        "column": each.column,
        "stage": each.stage,
        "age_seconds": seconds(each.age),
        "age_at_least": each.at_least,
        "since_idea_seconds": seconds(each.since_idea),
        "in_stage_seconds": seconds(each.in_stage),
        "past": each.past,
        "blocked_reason": each.blocked_reason,
    }


def stage_load(each: flowview.StageLoad) -> Plain:
    return {
        "stage": each.stage,
        "name": each.name,
        "board": each.board,
        "kind": each.kind,
        "n": each.n,
        "whole": each.whole,
        "limit": each.limit,
        "over": each.is_over,
    }


def person_load(each: flowview.PersonLoad) -> Plain:
    return {
        "person": each.person,
        "name": each.name,
        "n": each.n,
        "limit": each.limit,
        "over": each.is_over,
    }
