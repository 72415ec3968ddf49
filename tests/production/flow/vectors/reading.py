"""Every vector of other programs beside what ours says of the same input: (ours, theirs).

Theirs are read from the shared data; ours are in their unit. None is "we do not say".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from production import flow
from tests.shared import shared

FILES = (
    "jira_time_in_status_oracle",
    "jam_cycle_time",
    "jam_cfd_wip_throughput",
    "lighthouse_flow",
    "heartbeat_working_days",
    "trello_tkat",
    "kanboard_negative_oracle",
    "card_rank",
)
DAY = timedelta(days=1)
START = datetime(2026, 1, 5, 8, tzinfo=UTC)

Pairs = list[tuple[Any, Any]]
Check = Callable[[], Pairs]
VECTORS: dict[tuple[str, str], Check] = {}


def vector(file: str, *sections: str) -> Callable[[Callable[[str], Pairs]], Callable[[str], Pairs]]:
    """Keep a check for these sections of the file; it is told which one."""

    def keep(check: Callable[[str], Pairs]) -> Callable[[str], Pairs]:
        for section in sections:
            VECTORS[file, section] = lambda section=section: check(section)
        return check

    return keep


@cache
def oracle(file: str) -> dict[str, Any]:
    return json.loads(shared(f"flow-oracles/{file}.json").read_text())


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def date_difference(start: datetime, end: datetime) -> int:
    return flow.calendar_days(start, end, UTC) - 1
