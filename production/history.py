"""One item's past: its lines in the log, and where its time went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from production import flow
from production.models import ContentItem, Event, Stage


@dataclass(frozen=True, slots=True)
class Spent:
    """A stretch of time in one stage, and what kind of time it was."""

    name: str
    duration: timedelta
    kind: str  # active, waiting, blocked
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class StageTime:
    """All stays in one stage added up."""

    name: str
    duration: timedelta
    visits: int
    waiting: bool


class Past:
    """Everything that the log says of one item up to `now`. Reads the log once."""

    def __init__(self, item: ContentItem, now: datetime) -> None:
        self.item, self.now = item, now

    @cached_property
    def events(self) -> list[Event]:
        """Its lines, oldest first."""
        return list(
            Event.objects.filter(workspace=self.item.workspace_id, subject=self.item.public_id)
            .select_related("actor")
            .order_by("seq")
        )

    @cached_property
    def voided(self) -> frozenset[int]:
        """The numbers of moves and edits that were taken back, and of the takings back."""
        undone = {
            e.data["voids"]: e.seq for e in self.events if isinstance(e.data.get("voids"), int)
        }
        return frozenset(undone) | frozenset(undone.values())

    @cached_property
    def _flow(self) -> flow.History | None:
        lines = [
            {
                "seq": event.seq,
                "type": event.type,
                "occurred_at": event.occurred_at,
                "source": event.source,
                "data": event.data,
            }
            for event in self.events
        ]
        try:
            return flow.history(lines)
        except ValueError:  # the log does not hold its creation
            return None

    @property
    def starts_late(self) -> datetime | None:
        """Since when the log knows the item, where it does not know its beginning."""
        return self.item.history_from

    @cached_property
    def visits(self) -> list[flow.Visit]:
        """Every stay in a stage, oldest first, by the names of today where the stages still are."""
        return self._flow.visits if self._flow else []

    @cached_property
    def stages(self) -> dict[str, Stage]:
        ids = {str(visit.stage) for visit in self.visits}
        found = Stage.objects.filter(workspace=self.item.workspace_id, public_id__in=ids)
        return {stage.public_id: stage for stage in found}

    @property
    def until(self) -> datetime:
        """The end of the lead time: first publication, or now."""
        return self.item.published_at or self.now

    @property
    def since(self) -> datetime:
        return self.item.history_from or self.item.idea_at

    def stage_times(self) -> list[StageTime]:
        """Time per stage in order of first entry; together from creation to now, exactly."""
        totals = flow.time_in_stage(self.visits, self.now)
        return [
            StageTime(
                self._name(str(stage), self.visits),
                spent,
                sum(visit.stage == stage for visit in self.visits),
                self._waits(str(stage)),
            )
            for stage, spent in totals.items()
        ]

    def bar(self) -> list[Spent]:
        """The way to publication as stretches: worked, waited, blocked; oldest first."""
        found: list[Spent] = []
        for visit in self.visits:
            start = max(visit.entered_at, self.since)
            end = min(visit.left_at or self.now, self.until)
            if end <= start:
                continue
            found += self._stretches(visit, start, end)
        return found

    def total(self, kind: str) -> timedelta:
        """How much of the way was of this kind."""
        return sum((each.duration for each in self.bar() if each.kind == kind), timedelta(0))

    def _stretches(self, visit: flow.Visit, start: datetime, end: datetime) -> list[Spent]:
        name = self._name(str(visit.stage), [visit])
        if self._waits(str(visit.stage)):
            return [Spent(name, end - start, "waiting", start, end)]
        stops = flow.merged(self._flow.blocked if self._flow else (), start, end)
        found, at = [], start
        for blocked_from, blocked_to in stops:
            if blocked_from > at:
                found.append(Spent(name, blocked_from - at, "active", at, blocked_from))
            length = blocked_to - blocked_from
            found.append(Spent(name, length, "blocked", blocked_from, blocked_to))
            at = blocked_to
        if end > at:
            found.append(Spent(name, end - at, "active", at, end))
        return found

    def _name(self, stage: str, visits: Sequence[flow.Visit]) -> str:
        if stage in self.stages:
            return self.stages[stage].name
        return next((visit.name for visit in visits if visit.stage == stage), "") or stage

    def _waits(self, stage: str) -> bool:
        return stage in self.stages and self.stages[stage].waiting
