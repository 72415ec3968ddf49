"""Cards, deliveries and pieces of stays for the tests of the figures; hours count from a Monday."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from production import flow
from production.flow import Delivery, Move, Piece, Place

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 16, 0, tzinfo=ZoneInfo("Europe/Helsinki")).astimezone(UTC)
HELSINKI = ZoneInfo("Europe/Helsinki")


def at(hours: float) -> datetime:
    return MONDAY + hours * HOUR


def delivery(key: str, lead: float | None, out: float = 0, cycle: float | None = None) -> Delivery:
    """Published so many hours after the Monday began, after a lead time of so many hours."""
    hours = [None if each is None else each * HOUR for each in (lead, cycle)]
    return Delivery(f"itm_{key}", key, at(out), *hours)


def deliveries(*leads: float | None) -> list[Delivery]:
    return [delivery(f"VID-{n}", lead, out=n) for n, lead in enumerate(leads, start=1)]


def path(item: str, *steps: tuple[float, str], first: str = "idea") -> list[Piece]:
    """The pieces of a card that enters these kinds at these hours, cut at its first delivery."""
    ends = [hours for hours, _ in steps]
    kinds = [first, *(kind for _, kind in steps)]
    pieces, was_out = [], False
    for came, left, kind in zip([0, *ends], [*ends, None], kinds, strict=True):
        was_out = was_out or (flow.reaches(kind, "learn") and bool(pieces))
        gone = None if left is None else at(left)
        pieces.append(Piece(item, f"stg_{kind}", kind, at(came), gone, after_publication=was_out))
    return pieces


walks = st.lists(
    st.lists(
        st.tuples(st.integers(0, 60 * 24 * 12), st.sampled_from(flow.KINDS)), min_size=0, max_size=8
    ),
    max_size=8,
)


def board(walked: Iterable[Iterable[tuple[int, str]]]) -> list[tuple[list[Piece], flow.Stamps]]:
    """Cards that wander: minutes waited and the kind entered; their pieces and their stamps."""
    cards = []
    for number, walk in enumerate(walked):
        moves, steps, now, here = [], [], 0, "idea"
        for seq, (wait, kind) in enumerate(walk, start=1):
            now += wait
            moves.append(Move(seq, at(now / 60), Place(here, here), Place(kind, kind)))
            steps.append((now / 60, kind))
            here = kind
        cards.append((path(f"itm_{number}", *steps), flow.stamps(flow.born("idea", MONDAY), moves)))
    return cards
