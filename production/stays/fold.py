"""From one item's lines of the log to its stays. Pure: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from production import flow
from production.flow.history import moment

MIGRATED = "stage.migrated"
# The lines of an item that say where it stood, since when, and whether anything held it up.
OWN = (
    "item.created",
    "item.moved",
    "item.move_undone",
    "item.archived",
    "item.restored",
    "item.blocked",
    "item.unblocked",
    "publication.published",
    "publication.removed",
)
_NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Piece:
    """One stay or a part of it, as the row keeps it; the stage by its public id."""

    stage: str
    kind: str
    entered_at: datetime
    left_at: datetime | None
    arrived: bool
    departed: bool
    archived: bool
    committed: bool
    in_progress: bool
    after_publication: bool = False
    published_at: datetime | None = None
    blocked: timedelta = _NOTHING

    @property
    def lasted(self) -> timedelta | None:
        return None if self.left_at is None else self.left_at - self.entered_at


def pieces(events: Iterable[Mapping[str, Any]]) -> list[Piece]:
    """The stays of one item, oldest first, each following the one before without a gap.

    `events` are its own lines and the migrations of the stages that it stood in, in the order of
    the log; others are passed over. Raises ValueError when none creates the item.
    """
    events = list(events)
    past = flow.history(event for event in events if event["type"] != MIGRATED)
    walk = _Walk(past)
    for event in events:
        walk.follow(event)
    published_at = past.stamps.published_at
    cut = [part for piece in walk.end() for part in _parts(piece, published_at)]
    if not past.blocked:
        return cut
    return [replace(piece, blocked=_blocked(piece, past.blocked)) for piece in cut]


class _Walk:
    """Follows the item from line to line. Undone moves were never made.

    A line that is dated before the one it follows counts as of the same moment.
    """

    def __init__(self, past: flow.History) -> None:
        self.moves = {move.seq: move for move in flow.standing(past.moves)}
        self.since = past.start.history_from or past.created_at
        self.stage, self.kind = str(past.first.stage), past.first.kind
        self.archived = False
        self.committed = _works(self.kind)
        self.walked: list[Piece] = []

    def follow(self, event: Mapping[str, Any]) -> None:
        move = self.moves.get(event["seq"])
        if move is not None:
            self._cut(move.at)
            self.stage, self.kind = str(move.target.stage), move.target.kind
            # Coming back from learning commits nothing: nobody knows when that work was begun.
            was_out = flow.reaches(move.source.kind, flow.DELIVERY)
            self.committed |= flow.reaches(self.kind, flow.COMMITMENT) and not was_out
        elif event["type"] == MIGRATED and event["data"]["from"]["id"] == self.stage:
            self._cut(moment(event["occurred_at"]))
            self._stand(event["data"]["to"])
        elif event["type"] == "item.archived" and not self.archived:
            self._cut(moment(event["occurred_at"]))
            self.archived = True
        elif event["type"] == "item.restored" and self.archived:
            self._cut(moment(event["occurred_at"]))
            self.archived = False
            self._stand(event["data"]["stage"])

    def end(self) -> list[Piece]:
        return [*self.walked, self._piece(None)]

    def _stand(self, stage: Mapping[str, Any]) -> None:
        self.stage, self.kind = stage["id"], stage["kind"]

    def _cut(self, at: datetime) -> None:
        at = max(at, self.since)
        self.walked.append(self._piece(at))
        self.since = at

    def _piece(self, until: datetime | None) -> Piece:
        is_out = flow.reaches(self.kind, flow.DELIVERY)
        return Piece(
            self.stage,
            self.kind,
            self.since,
            until,
            arrived=True,
            departed=until is not None,
            archived=self.archived,
            committed=self.committed,
            in_progress=self.committed and not is_out and not self.archived,
        )


def _works(kind: str) -> bool:
    return flow.reaches(kind, flow.COMMITMENT) and not flow.reaches(kind, flow.DELIVERY)


def _parts(piece: Piece, published_at: datetime | None) -> Sequence[Piece]:
    """The piece before and after publication."""
    if published_at is None:
        return [piece]
    if piece.entered_at >= published_at:
        return [replace(piece, after_publication=True, in_progress=False)]
    before = replace(piece, published_at=published_at)
    if piece.left_at is not None and piece.left_at <= published_at:
        return [before]
    after = replace(piece, entered_at=published_at, arrived=False)
    return [
        replace(before, left_at=published_at, departed=False),
        replace(after, after_publication=True, in_progress=False),
    ]


def _blocked(piece: Piece, spells: Sequence[tuple[datetime, datetime | None]]) -> timedelta:
    if piece.left_at is None:
        return _NOTHING
    return flow.total(flow.merged(spells, piece.entered_at, piece.left_at))
