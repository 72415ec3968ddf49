"""Jira's own field, and jira-agile-metrics on single issues."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from production import flow
from production.flow import Move, Place
from tests.production.flow.vectors.reading import (
    Pairs,
    date_difference,
    moment,
    oracle,
    vector,
)

# Jira


@vector("jira_time_in_status_oracle", "items")
def jira(_: str) -> Pairs:
    kinds = {"10020": "idea", "10000": "idea", "10033": "idea", "3": "edit", "5": "learn"}
    pairs = []
    for item in oracle("jira_time_in_status_oracle")["items"]:
        count = item["counted_transitions"]
        moves = [
            Move(
                seq,
                moment(line["at"]),
                *(Place(line[end], kinds.get(line[end], "script")) for end in ("from", "to")),
                migration=seq > count,
            )
            for seq, line in enumerate(item["transitions"], start=1)
        ]
        stays = flow.visits(moves, moment(item["created_at"]), first=moves[0].source)
        totals = flow.time_in_stage(stays, moves[count - 1].at)
        ours = {stage: total / timedelta(milliseconds=1) for stage, total in totals.items()}
        visits = dict(Counter(stay.stage for stay in stays))
        theirs = item["expected_time_in_stage_ms"], item["expected_visits"]
        pairs.append(((ours, visits), theirs))
    return pairs


# jira-agile-metrics: single issues

JAM = {"Backlog": "idea", "Committed": "script", "Build": "shoot", "Test": "edit", "Done": "done"}
STATUS = {"Backlog": "idea", "Next": "script", "Build": "shoot"} | {
    "Code review": "edit",
    "QA": "edit",
    "Done": "done",
}


class Issue:
    """One Jira issue of the vectors, read as we read a card."""

    def __init__(self, issue: dict[str, Any]) -> None:
        self.key = issue["key"]
        self.moves: list[Move] = []
        self.flags: list[tuple[datetime, datetime | None]] = []
        for change in issue["changes"]:
            for item in change["items"]:
                self._take(moment(change["at"]), item)
        created, first = moment(issue["created"]), STATUS[issue["current_status"]]
        self.first = self.moves[0].source if self.moves else Place(first, first)
        self.stamps = flow.stamps(flow.born(self.first.kind, created), self.moves)
        self.visits = flow.visits(self.moves, created, first=self.first)

    def _take(self, at: datetime, item: dict[str, Any]) -> None:
        if item["field"] == "status":
            ends = [Place(STATUS[item[end]], STATUS[item[end]]) for end in ("from", "to")]
            self.moves.append(Move(len(self.moves) + 1, at, *ends))
        elif item["field"] == "Flagged" and item["to"]:
            self.flags.append((at, None))
        elif item["field"] == "Flagged":
            self.flags[-1] = (self.flags[-1][0], at)

    def reached(self, kind: str) -> str | None:
        """The day on which the card first stood there or further: what the CFD counts."""
        days = [v.entered_at for v in self.visits if flow.reaches(v.kind, kind)]
        return days[0].date().isoformat() if days else None

    def blocked_days(self, now: datetime) -> int:
        if self.stamps.committed_at is None:
            return 0
        end = self.stamps.published_at or now
        spells = flow.merged(self.flags, self.stamps.committed_at, end)
        return sum(date_difference(*spell) for spell in spells)

    def impediments(self) -> list[tuple[str, str | None]]:
        """The days on which each blocked spell began and ended; it ends with the publication."""
        ends = [(start, end or self.stamps.published_at) for start, end in self.flags]
        return [(a.date().isoformat(), b.date().isoformat() if b else None) for a, b in ends]


@vector("jam_cycle_time", "movement", "skipped_stages")
def jam_issues(case: str) -> Pairs:
    vectors = oracle("jam_cycle_time")["cases"][case]
    pairs = []
    for raw, theirs in zip(vectors["input_issues"], vectors["expected"], strict=True):
        issue, out = Issue(raw), None
        if issue.stamps.published_at and issue.stamps.committed_at:
            out = date_difference(issue.stamps.committed_at, issue.stamps.published_at)
        ours = {
            "key": issue.key,
            "stage_entry": {stage: issue.reached(kind) for stage, kind in JAM.items()},
            "cycle_time_days": out,
            "completed": issue.reached("done"),
            "blocked_days": issue.blocked_days(moment(vectors["now"])),
            "impediments": issue.impediments(),
        }
        named = {name: theirs[name] for name in ours}
        named["impediments"] = [(each["start"], each["end"]) for each in theirs["impediments"]]
        pairs.append((ours, named))
    return pairs


@vector("jam_cycle_time", "ageing_skipped_stages")
def jam_ages(case: str) -> Pairs:
    vectors = oracle("jam_cycle_time")["cases"][case]
    today = moment(vectors["today"])
    ages = {}
    for issue in map(Issue, vectors["input_issues"]):
        if issue.stamps.committed_at and not issue.stamps.published_at:
            ages[issue.key] = date_difference(issue.stamps.committed_at, today)
    return [(ages.get(line["key"]), line["age_days"]) for line in vectors["expected"]]
