"""Reading one item's ledger out of its events.

Everything that the card's history and its figures need, from the lines that the log has of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from production.flow.ledger import Move, Place, Visit, visits
from production.flow.stamps import Published, Stamps, born, stamps


@dataclass(frozen=True, slots=True)
class History:
    """One item's past. `lines` are its moves and publications in the order of the log."""

    created_at: datetime
    first: Place
    start: Stamps
    lines: tuple[Move | Published, ...]
    blocked: tuple[tuple[datetime, datetime | None], ...]

    @property
    def moves(self) -> list[Move]:
        """The item's ledger, undone moves and migrations included."""
        return [line for line in self.lines if isinstance(line, Move)]

    @property
    def visits(self) -> list[Visit]:
        """Every stay in a stage, oldest first."""
        return visits(
            self.moves,
            self.created_at,
            first=self.first,
            history_from=self.start.history_from,
        )

    @property
    def stamps(self) -> Stamps:
        """What the item should carry."""
        return stamps(self.start, self.lines)


def history(events: Iterable[Mapping[str, Any]]) -> History:
    """One item's past from its events, in the order of the log.

    Each event is a mapping with `seq`, `type`, `occurred_at` and `data`, `source` if there is one;
    times may be datetimes or ISO 8601 text. Events of other types are passed over; a publication
    that was removed never was out. Raises ValueError when no event creates the item.
    """
    events = list(events)
    created = next((event for event in events if event["type"] == "item.created"), None)
    if created is None:
        raise ValueError("the log does not say when the item was created")

    at, data = moment(created["occurred_at"]), created["data"]
    first = _place(data["stage"])
    start = born(
        first.kind,
        at,
        idea_at=_moment_or_none(data.get("idea_at")),
        history_from=_moment_or_none(data.get("history_from")),
    )
    return History(at, first, start, tuple(_lines(events)), tuple(_blocked(events)))


def moment(value: datetime | str) -> datetime:
    """The datetime meant; ValueError for text that is none, or that names no time zone."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    if at.tzinfo is None:
        raise ValueError(f"{value} does not say its time zone")
    return at


def _moment_or_none(value: datetime | str | None) -> datetime | None:
    return None if value is None else moment(value)


def _lines(events: Iterable[Mapping[str, Any]]) -> Iterable[Move | Published]:
    lines: dict[int, Move | Published] = {}
    out: dict[str, int] = {}  # the line of each publication that is out
    for event in events:
        if event["type"] in ("item.moved", "item.move_undone"):
            lines[event["seq"]] = _move(event)
        elif event["type"] in ("publication.published", "publication.removed"):
            publication = event["data"]["publication"]
            lines.pop(out.pop(publication, 0), None)
            if event["type"] == "publication.published":
                out[publication] = event["seq"]
                lines[event["seq"]] = _published(event)
    return lines.values()


def _blocked(
    events: Iterable[Mapping[str, Any]],
) -> list[tuple[datetime, datetime | None]]:
    """The blocked spells; a new reason ends the spell of the old one."""
    spells: list[tuple[datetime, datetime | None]] = []
    for event in events:
        if event["type"] not in ("item.blocked", "item.unblocked"):
            continue
        at = moment(event["occurred_at"])
        if spells and spells[-1][1] is None:
            spells[-1] = (spells[-1][0], at)
        if event["type"] == "item.blocked":
            spells.append((at, None))
    return spells


def _move(event: Mapping[str, Any]) -> Move:
    data = event["data"]
    voids = data.get("voids") or ()
    return Move(
        seq=event["seq"],
        at=moment(event["occurred_at"]),
        source=_place(data["from"]),
        target=_place(data["to"]),
        migration="migration" in (event.get("source"), data.get("source")),
        voids=frozenset([voids] if isinstance(voids, int) else voids),
    )


def _published(event: Mapping[str, Any]) -> Published:
    return Published(event["seq"], moment(event["data"]["published_at"]))


def _place(data: Mapping[str, Any]) -> Place:
    return Place(data["id"], data["kind"], data.get("name", ""), data.get("position", 0))
