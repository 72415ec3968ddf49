"""The board's promise and its truth: 85 % within 81 h, target 72 h."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from production import flow
from production.models import ContentItem, Workspace


@dataclass(frozen=True, slots=True)
class Headline:
    """The promise, and how far both hours are on one scale (0 to 1) for the drawing."""

    promise: flow.Promise
    from_commitment: bool
    share: float | None = None
    target_share: float | None = None


def headline(workspace: Workspace, now: datetime) -> Headline:
    """What the items published in the last 30 days promise, by the workspace's own clock.

    The days are local ones, today the last of them, so that the flow page says the same.
    """
    period = flow.Period.last(flow.WINDOW.days, now, ZoneInfo(workspace.time_zone))
    rows = ContentItem.objects.filter(
        workspace=workspace, published_at__gte=period.begins, published_at__lte=now
    ).values_list("idea_at", "history_from", "committed_at", "published_at")
    items = [_Stamped(*row) for row in rows]
    from_commitment = workspace.clock_start == workspace.ClockStart.COMMITMENT
    if from_commitment:
        items = [item.from_commitment() for item in items]
    target = timedelta(hours=workspace.target_hours)
    # The first moment of a window is outside it, that of a period inside.
    window = now - period.begins + timedelta.resolution
    promise = flow.promise(items, now, target=target, window=window)
    if promise.p85 is None:
        return Headline(promise, from_commitment)
    scale = max(promise.p85, target) * 1.185
    return Headline(promise, from_commitment, promise.p85 / scale, target / scale)


@dataclass(frozen=True, slots=True)
class _Stamped:
    idea_at: datetime
    history_from: datetime | None
    committed_at: datetime | None
    published_at: datetime | None

    def from_commitment(self) -> _Stamped:
        """The same item with its clock started at commitment, where that moment is known."""
        if flow.cycle_time(self) is None or self.committed_at is None:
            return _Stamped(self.idea_at, self.idea_at, self.committed_at, self.published_at)
        return _Stamped(self.committed_at, None, self.committed_at, self.published_at)
