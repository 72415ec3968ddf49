"""Answers as a team of the demo would get them, for the OpenAPI page."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

ONE, TWO, THREE = (f"itm_01JD2M{n}Z9Q4T7W8X5V3R6P1N0K" for n in "ABC")
CHANNEL = "chn_01JD2M0Z9Q4T7W8X5V3R6P1N0K"
EDIT = "stg_01JD2M0Z9Q4T7W8X5V3R6P1N0K"
PERSON = "usr_01JD2M0Z9Q4T7W8X5V3R6P1N0K"
NOW = "2026-11-24T08:00:00Z"
PERIOD = {
    "start": "2026-10-26", "end": "2026-11-24", "days": 30, "time_zone": "Europe/Helsinki",
}  # fmt: skip
ALL = "/api/v1/flow/items/?days=30"
BEHIND = {"ids": [ONE, TWO], "all": ALL}
AGED_ALL = {"ids": [THREE], "all": "/api/v1/flow/ageing/?days=30"}
STANDING_ON = "/api/v1/flow/standing/?days=30&on=2026-11-24"


def _said(summary: str, value: dict[str, Any]) -> tuple[OpenApiExample, ...]:
    return (
        OpenApiExample(summary, value=value, response_only=True, media_type="application/json"),
    )


def _frame(start: str | None, end: str) -> dict[str, Any]:
    return {
        "period": PERIOD,
        "ends": {"start": start, "end": end},
        "behind": 0,
        "server_time": NOW,
    }


def _point(id: str, key: str, lead: int) -> dict[str, Any]:
    return {
        "id": id,
        "key": key,
        "published_at": "2026-11-20T15:00:00Z",
        "lead_seconds": lead,
        "cycle_seconds": lead - 36_000,
    }


def _page(row: dict[str, Any]) -> dict[str, Any]:
    return {"data": [row], "next_cursor": None, "server_time": NOW}


FIGURES = {
    "n": 41,
    "no_history": 2,
    "too_few": False,
    "within_target": 28,
    "share_within_target": {"value": 0.683, "low": 0.53, "high": 0.804},
    "p50": _point(ONE, "POST-40", 219_600),
    "p85": _point(TWO, "VID-31", 349_200),
    "mean_seconds": 248_400,
}
FEW = {
    "n": 2,
    "no_history": 0,
    "too_few": True,
    "within_target": 2,
    "share_within_target": None,
    "p50": None,
    "p85": None,
    "mean_seconds": None,
}
COLUMN = {"id": EDIT, "name": "Edit", "kind": "edit", "waiting": False}
SPENT = {
    **COLUMN,
    "active_seconds": 57_600,
    "waiting_seconds": 0,
    "blocked_seconds": 61_200,
    "share": 0.33,
}
GROUP = {"n": 41, "stages": [SPENT]}

HEADLINE = _said(
    "68 % within 72 h, p85 97 h",
    {
        **_frame("idea", "publication"),
        **FIGURES,
        "target_seconds": 259_200,
        "baseline_seconds": 604_800,
        "before": {
            "period": {**PERIOD, "start": "2026-09-26", "end": "2026-10-25"},
            **FEW,
        },
        "change": {"p50_seconds": None, "p85_seconds": None, "share_within_target": None},
        "items": BEHIND,
    },
)
TREND = _said(
    "Weeks of enough and of too few",
    {
        **_frame("idea", "publication"),
        "n": 43,
        "target_seconds": 259_200,
        "weeks": [
            {"week": "2026-W47", "monday": "2026-11-16", "whole": True, **FIGURES, "items": BEHIND},
            {"week": "2026-W48", "monday": "2026-11-23", "whole": False, **FEW, "items": BEHIND},
        ],
    },
)
GROUPS = _said(
    "Two channels, of which one has too few",
    {
        **_frame("idea", "publication"),
        "n": 43,
        "per": "channel",
        "target_seconds": 259_200,
        "groups": [
            {**FIGURES, "id": CHANNEL, "name": "TikTok", "all": f"{ALL}&channel={CHANNEL}"},
            {**FEW, "id": "none", "name": "", "all": f"{ALL}&channel=none"},
        ],
    },
)
ITEMS = _said(
    "A published item",
    _page(
        {
            **_point(ONE, "POST-40", 219_600),
            "title": "Three mistakes in the first second",
            "rework_count": 1,
            "reopened_count": 0,
        }
    ),
)
STAGES = _said(
    "Most of the time is editing",
    {
        **_frame("idea", "publication"),
        "n": 41,
        "too_few": False,
        "median": {"n": 1, "item": _point(ONE, "POST-40", 219_600), "stages": [SPENT]},
        "slow_fifth": {"n": 9, "stages": [SPENT], "items": BEHIND},
        "all": GROUP,
        "bottleneck": {
            **SPENT,
            "traffic": [{"monday": "2026-11-16", "arrivals": 11, "departures": 8, "net": 3}],
        },
        "items": BEHIND,
    },
)
AGEING = _said(
    "One item past the age by which 85 % have left its stage",
    {
        **_frame("commitment", "now"),
        "n": 1,
        "items": [
            {
                "id": THREE,
                "key": "POST-61",
                "title": "Why most hooks fail",
                "column": EDIT,
                "stage": "Edit",
                "age_seconds": 302_400,
                "age_at_least": False,
                "since_idea_seconds": 345_600,
                "in_stage_seconds": 118_800,
                "past": "p85",
                "blocked_reason": "",
            }
        ],
    },
)
CFD = _said(
    "Two days",
    {
        **_frame(None, "now"),
        "n": 56,
        "rungs": [COLUMN],
        "days": [
            {"day": "2026-11-23", "reached": [54, 40]},
            {"day": "2026-11-24", "reached": [56, 41]},
        ],
        "standing": STANDING_ON,
    },
)
THROUGHPUT = _said(
    "A day of none is a day",
    {
        **_frame(None, "publication"),
        "n": 41,
        "per_day": 1.37,
        "zero_days": 6,
        "days": [{"day": "2026-11-22", "n": 0}, {"day": "2026-11-23", "n": 1}],
        "items": BEHIND,
    },
)
WIP = _said(
    "Edit is over its limit",
    {
        **_frame("commitment", "publication"),
        "n": 15,
        "days": [{"day": "2026-11-23", "n": 14}, {"day": "2026-11-24", "n": 15}],
        "stages": [
            {
                "stage": EDIT, "name": "Edit", "board": "Videos", "kind": "edit", "n": 5,
                "whole": 5, "limit": 4, "over": True,
            }
        ],
        "people": [{"person": PERSON, "name": "Ben Salo", "n": 4, "limit": 5, "over": False}],
        "items": AGED_ALL,
        "standing": STANDING_ON,
    },
)  # fmt: skip
STANDING = _said(
    "Where an item stood",
    _page(
        {
            "id": THREE,
            "key": "POST-61",
            "column": EDIT,
            "entered_at": "2026-11-22T06:00:00Z",
            "in_progress": True,
            "out": False,
        }
    ),
)
REWORK = _said(
    "Seven of 43 went back",
    {
        **_frame("idea", "now"),
        "n": 43,
        "reworked": 7,
        "share_reworked": {"value": 0.163, "low": 0.081, "high": 0.3},
        "moves_back": 9,
        "reopened": 1,
        "reworked_ids": [TWO],
        "reopened_ids": [TWO],
        "items": BEHIND,
    },
)
EFFICIENCY = _said(
    "62 % of the time somebody worked",
    {
        **_frame("commitment", "publication"),
        "n": 41,
        "share": 0.62,
        "missing": None,
        "active_seconds": 6_300_000,
        "waiting_seconds": 2_500_000,
        "blocked_seconds": 1_361_000,
        "items": BEHIND,
    },
)
SLE = _said(
    "85 % within 97 h, as the items say",
    {
        **_frame("idea", "publication"),
        "n": 41,
        "promised_share": 0.85,
        "within_seconds": 349_200,
        "own": False,
        "hits": 35,
        "share_kept": {"value": 0.854, "low": 0.716, "high": 0.931},
        "kept": True,
        "missed_ids": [TWO],
        "items": BEHIND,
    },
)
FORECAST = _said(
    "45 or more by the end of the year",
    {
        **_frame(None, "publication"),
        "n": 40,
        "missing": None,
        "history": {**PERIOD, "end": "2026-11-23", "days": 29},
        "zero_days": 6,
        "short_history": False,
        "runs": 10_000,
        "seed": 739_944,
        "how_many": {
            "by": "2026-12-31",
            "chances": [{"chance": 0.5, "items": 51}, {"chance": 0.85, "items": 45}],
        },
        "when": {
            "items": 30,
            "chances": [{"chance": 0.5, "day": "2026-12-16"}, {"chance": 0.85, "day": None}],
        },
        "items": BEHIND,
    },
)
