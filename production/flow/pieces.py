"""Stays as they are kept: cut where an item was archived, restored or first published."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from production.flow.kinds import COMMITMENT, DELIVERY, reaches

Spell = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a stay of one item in one stage; `left_at` is None while it goes on.

    `blocked` is the blocked time inside it, overlaps counted once.
    """

    item: Hashable
    stage: Hashable
    kind: str
    entered_at: datetime
    left_at: datetime | None = None
    archived: bool = False
    after_publication: bool = False
    blocked: timedelta = timedelta(0)

    @property
    def is_out(self) -> bool:
        """Published before, or in a stage where only published things are."""
        return self.after_publication or reaches(self.kind, DELIVERY)


def by_item(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """The pieces of each item together, oldest first."""
    # Stable: pieces of no length keep the order in which they were given.
    ordered = sorted(pieces, key=lambda p: (str(p.item), p.entered_at))
    return [list(group) for _, group in groupby(ordered, key=lambda p: p.item)]


def visits_of(pieces: Iterable[Piece]) -> list[Piece]:
    """One item's stays on the board: pieces that were cut are whole again, the archive is left out.

    An item that is archived leaves its stage; one that is restored enters it anew.
    """
    whole: list[Piece] = []
    for piece in pieces:
        if piece.archived:
            continue
        last = whole[-1] if whole else None
        if last and last.stage == piece.stage and last.left_at == piece.entered_at:
            whole[-1] = replace(last, left_at=piece.left_at, blocked=last.blocked + piece.blocked)
        else:
            whole.append(piece)
    return whole


def progress_of(pieces: Iterable[Piece]) -> list[Spell]:
    """When one item was work in progress: committed, not out, not archived.

    `pieces` are all of the item, oldest first: an item that went back to the ideas stays committed.
    """
    pieces = list(pieces)
    spells: list[Spell] = []
    committed, before = False, pieces[0].kind if pieces else ""
    for piece in pieces:
        # Coming back from learning commits nothing: nobody knows when that work was begun.
        committed = committed or (reaches(piece.kind, COMMITMENT) and not reaches(before, DELIVERY))
        before = piece.kind
        if not committed or piece.archived or piece.is_out:
            continue
        if spells and spells[-1][1] == piece.entered_at:
            spells[-1] = (spells[-1][0], piece.left_at)
        else:
            spells.append((piece.entered_at, piece.left_at))
    return spells
