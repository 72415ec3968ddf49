"""The moments that an item carries: when it was an idea, committed, published, learned from.

The verbs take one step at a time (`born`, `after_move`, `after_publication`); after an undo they
fold the item's whole log again (`stamps`). Both ways agree because the fold is made of the steps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from production.flow.kinds import COMMITMENT, DELIVERY, DONE, PUBLISH, reaches
from production.flow.ledger import Move, standing


@dataclass(frozen=True, slots=True)
class Stamps:
    """Moments of one item; None is "not yet, or nobody knows".

    `history_from` is set when the beginning is unknown: a card imported without its creation, or
    one that was created already published. Such an item has no lead time.
    """

    idea_at: datetime
    stage_entered_at: datetime
    history_from: datetime | None = None
    committed_at: datetime | None = None
    published_at: datetime | None = None
    last_published_at: datetime | None = None
    learned_at: datetime | None = None
    done_at: datetime | None = None
    reopened_count: int = 0
    rework_count: int = 0


@dataclass(frozen=True, slots=True)
class Published:
    """A line of the log that says a publication of the item is out, and since when."""

    seq: int
    at: datetime


def born(
    kind: str,
    at: datetime,
    *,
    idea_at: datetime | None = None,
    history_from: datetime | None = None,
) -> Stamps:
    """The stamps of a new item in a stage of this kind.

    The clock starts at `at` unless the source of an import says `idea_at`. Created between
    commitment and delivery, the item is committed from its first known moment. Created already
    delivered and with no earlier idea, it has no history, and no delivery is invented for it.
    """
    delivered = reaches(kind, DELIVERY)
    if delivered and history_from is None and (idea_at is None or idea_at >= at):
        history_from = at
    since = history_from or at
    return Stamps(
        idea_at=idea_at or at,
        stage_entered_at=since,
        history_from=history_from,
        committed_at=since if reaches(kind, COMMITMENT) and not delivered else None,
    )


def after_move(before: Stamps, move: Move, *, has_publication: bool) -> Stamps:
    """The stamps once the item has moved; `has_publication` when one of it is out.

    First entries stay for ever: a later clean-up changes no moment. Going back before `publish`
    after having been out counts as re-opened. Without a publication the delivery is the entry
    into `learn` or beyond. A migration changes nothing.
    """
    if move.migration:
        return before

    source, target, at = move.source.kind, move.target.kind, move.at
    was_delivered = reaches(source, DELIVERY)
    arrives = reaches(target, DELIVERY) and not was_delivered
    goes_back = reaches(source, PUBLISH) and not reaches(target, PUBLISH)
    was_out = before.published_at is not None or was_delivered
    commits = reaches(target, COMMITMENT) and not was_delivered
    after = replace(
        before,
        stage_entered_at=at,
        committed_at=before.committed_at or (at if commits else None),
        learned_at=before.learned_at or (at if arrives else None),
        done_at=before.done_at or (at if target == DONE else None),
        reopened_count=before.reopened_count + (goes_back and was_out),
        rework_count=before.rework_count + move.backwards,
    )
    if arrives and not has_publication:
        after = replace(after, published_at=before.published_at or at, last_published_at=at)
    return after


def after_publication(before: Stamps, at: datetime, *, has_publication: bool) -> Stamps:
    """The stamps once a publication is out since `at`; `has_publication` when another one was.

    The first record replaces a delivery that was only inferred from the board.
    """
    if not has_publication:
        return replace(before, published_at=at, last_published_at=at)
    known = [m for m in (before.published_at, before.last_published_at) if m]
    return replace(before, published_at=min([*known, at]), last_published_at=max([*known, at]))


def stamps(start: Stamps, lines: Iterable[Move | Published]) -> Stamps:
    """What an item born with `start` carries after all lines of its log, in their order."""
    lines = list(lines)
    counts = {move.seq for move in standing(line for line in lines if isinstance(line, Move))}
    now, has_publication = start, False
    for line in lines:
        if isinstance(line, Published):
            now = after_publication(now, line.at, has_publication=has_publication)
            has_publication = True
        elif line.seq in counts:
            now = after_move(now, line, has_publication=has_publication)
    return now
