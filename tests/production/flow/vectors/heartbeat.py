"""Heartbeat: two ways to count working days."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from production import flow
from tests.production.flow.vectors.reading import (
    Pairs,
    moment,
    oracle,
    vector,
)

# Heartbeat


def heartbeat_calendar(name: str) -> flow.WorkCalendar:
    days = oracle("heartbeat_working_days")["calendars"][name]
    return flow.WorkCalendar(
        ZoneInfo("Asia/Shanghai"),
        holidays={date.fromisoformat(day) for day, what in days.items() if what == "off"},
        extra={date.fromisoformat(day) for day, what in days.items() if what == "WORK"},
    )


@vector("heartbeat_working_days", "count_work_days_inclusive")
def heartbeat_days(section: str) -> Pairs:
    return [
        (
            heartbeat_calendar(case["calendar"]).count(
                moment(case["start"]).date(), moment(case["end"]).date()
            ),
            case["expected"],
        )
        for case in oracle("heartbeat_working_days")[section]["cases"]
    ]


@vector(
    "heartbeat_working_days",
    "work_time_fraction_clip_non_working_ends",
    "elapsed_minus_inner_non_working_days",
)
def heartbeat_time(section: str) -> Pairs:
    vectors = oracle("heartbeat_working_days")[section]
    pairs = []
    for case in vectors["cases"]:
        work = heartbeat_calendar(case.get("calendar") or vectors["calendar"])
        worked = work.time(moment(case["start"]), moment(case["end"]))
        pairs.append((worked.total_seconds(), case["expected_seconds"]))
    return pairs
