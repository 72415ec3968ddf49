"""Lists that people put in order: positions from 0, without gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    public_id: str
    position: int

    def save(self, *, update_fields: list[str]) -> None: ...


Row = TypeVar("Row", bound=Placed)


def arranged(rows: Sequence[Row], order: Sequence[str]) -> list[Row]:
    """The rows in the order of these public ids; those it does not name follow as they stood."""
    place = {public_id: index for index, public_id in enumerate(order)}
    return sorted(rows, key=lambda row: place.get(row.public_id, len(place)))


def put_in_order(rows: Sequence[Row], order: Sequence[str] = ()) -> list[Row]:
    """As `arranged`, with positions counted from 0 and written. The caller holds the rows."""
    found = arranged(rows, order)
    for position, row in enumerate(found):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
    return found


def stepped(order: Sequence[str], *, up: str | None = None, down: str | None = None) -> list[str]:
    """The order after one of its members took a step; the ends stay where they are."""
    stepped = list(order)
    for moved, step in ((up, -1), (down, 1)):
        if moved in stepped:
            here = stepped.index(moved)
            there = min(max(here + step, 0), len(stepped) - 1)
            stepped.insert(there, stepped.pop(here))
    return stepped
