"""A plan seen through a mapping: which cards come in, where they end, which moves remain."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, tzinfo

from production.imports.guess import KINDS
from production.imports.mapping import SKIP, STAGE, ImportMapping
from production.imports.plan import BoardPlan, SourceCard


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a card stands: an existing stage, or the stage to be made of a list."""

    stage: str = ""
    list_id: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A move between two spots."""

    at: datetime
    source: Spot
    target: Spot
    by: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class CardDraft:
    """A card that comes in. `history_from` is set when its beginning is unknown; `off_board` when
    it is archived, or open on a list that is closed."""

    card: SourceCard
    first: Spot
    last: Spot
    steps: tuple[Step, ...]
    created_at: datetime
    history_from: datetime | None
    off_board: bool
    off_since: datetime | None = None
    due_at: datetime | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an import would make, and what it would leave out."""

    cards: tuple[CardDraft, ...]
    new_lists: tuple[str, ...]
    moves: int
    moves_merged: int
    moves_skipped: int
    cards_skipped: int
    cards_already_here: int


def draft(
    plan: BoardPlan,
    mapping: ImportMapping,
    *,
    already_here: Collection[str],
    at: datetime,
    zone: tzinfo,
) -> Draft:
    """The cards with their ids not in `already_here`.

    `at` stands in for creations nobody knows. A day without a time is one of `zone`: due at its
    end, published at its noon.
    """
    spots = {column.id: spot_of(mapping, column.id) for column in plan.lists}
    closed = {column.id: column.closed_at for column in plan.lists if column.closed}
    cards, merged, skipped_moves = [], 0, 0
    skipped = here = 0
    for card in plan.cards:
        last = spots[card.list_id]
        if last is None:
            skipped += 1
        elif card.id in already_here:
            here += 1
        else:
            walk = _walk(card, spots, last, at)
            merged += walk.merged
            skipped_moves += walk.skipped
            kind = mapping.target_of(card.list_id).kind
            is_new_idea = plan.kind == "csv" and kind == KINDS[0]
            made = _card(card, walk, last, at, zone, is_new_idea=is_new_idea)
            if card.list_id in closed:
                made = replace(made, off_board=True, off_since=closed[card.list_id])
            cards.append(made)
    used = {spot.list_id for each in cards for spot in _spots(each) if spot.list_id}
    return Draft(
        cards=tuple(cards),
        new_lists=tuple(
            column.id
            for column in plan.lists
            if (spot := spots[column.id]) is not None
            and spot.list_id == column.id
            and (column.in_file or column.id in used)
        ),
        moves=sum(not step.inferred for each in cards for step in each.steps),
        moves_merged=merged,
        moves_skipped=skipped_moves,
        cards_skipped=skipped,
        cards_already_here=here,
    )


def spot_of(mapping: ImportMapping, list_id: str) -> Spot | None:
    """Where the cards of a list end; None when they stay away."""
    target = mapping.target_of(list_id)
    if target.how == SKIP:
        return None
    if target.how == STAGE:
        return Spot(stage=target.stage)
    return Spot(list_id=mapping.end_of(list_id))


@dataclass(frozen=True, slots=True)
class _Walk:
    """The way of a card over the spots. `known_from`: when it came from a list that stays away."""

    first: Spot
    steps: tuple[Step, ...]
    merged: int
    skipped: int
    known_from: datetime | None


def _walk(card: SourceCard, spots: dict[str, Spot | None], last: Spot, at: datetime) -> _Walk:
    first, known_from = _beginning(card, spots, last)
    here, merged, skipped = first, 0, 0
    steps = []
    for move in card.moves:
        there = spots[move.to_list]
        if there is None:
            skipped += not move.inferred
        elif there == here:
            # Coming back from a list that stays away is no move between stages either.
            merged += not move.inferred
        else:
            steps.append(Step(min(move.at, at), here, there, move.by, move.inferred))
            here = there
    return _Walk(first, tuple(steps), merged, skipped, known_from)


def _beginning(
    card: SourceCard, spots: dict[str, Spot | None], last: Spot
) -> tuple[Spot, datetime | None]:
    if (first := spots[card.first_list_id]) is not None:
        return first, None
    for move in card.moves:
        if (there := spots[move.to_list]) is not None:
            return there, move.at
    return last, None


def _card(
    card: SourceCard,
    walk: _Walk,
    last: Spot,
    at: datetime,
    zone: tzinfo,
    *,
    is_new_idea: bool,
) -> CardDraft:
    published_at = min(_moment(card.published_on, time(12), zone) or at, at)
    moments = [card.created_at, *_moments(card), published_at if card.published_on else None]
    created_at = min((moment for moment in moments if moment), default=at)
    gaps = [step.at for step in walk.steps if step.inferred]
    gaps += [walk.known_from] if walk.known_from else []
    history_from = None
    if gaps or not (card.history_complete or (is_new_idea and card.created_at)):
        unknown_until = published_at if card.published_on else card.history_from
        if unknown_until is None:
            unknown_until = created_at if card.history_complete else at
        history_from = max(min(max([unknown_until, *gaps]), at), created_at)
    return CardDraft(
        card=card,
        first=walk.first,
        last=last,
        steps=walk.steps,
        created_at=min(created_at, at),
        history_from=history_from,
        off_board=card.closed,
        due_at=card.due or _moment(card.due_on, time(23, 59), zone),
        published_at=published_at if card.published_on else None,
    )


def _moment(day: date | None, of_day: time, zone: tzinfo) -> datetime | None:
    return datetime.combine(day, of_day, zone) if day else None


def _moments(card: SourceCard) -> list[datetime]:
    """Moments at which the card must have existed already."""
    return [
        *(move.at for move in card.moves),
        *(entry.at for entry in card.archivings),
        *(comment.at for comment in card.comments),
    ]


def _spots(each: CardDraft) -> list[Spot]:
    return [each.first, each.last, *(step.target for step in each.steps)]
