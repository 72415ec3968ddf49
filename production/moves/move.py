from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from production import events, gates, rules
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import ContentItem, Event, Stage, User
from production.moves import stamps
from production.moves.held import Names, Plan, hold, hold_named, plan_of
from production.moves.places import Anchors, Place, find_place
from production.moves.situation import Situation
from production.moves.stamps import brief
from production.permissions import Seat
from production.prepared import update


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of a move. `event` is None when nothing had to change."""

    item: ContentItem
    event: Event | None
    warnings: tuple[rules.Refusal, ...] = ()
    anchor_gone: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A stage the item could go to, and why it may not."""

    stage: Stage
    refusals: tuple[rules.Refusal, ...]
    warnings: tuple[rules.Refusal, ...] = ()


def options(item: ContentItem, *, seat: Seat) -> list[Option]:
    """Every stage of the board as the item sees it: what the board greys out, and why."""
    board = item.board_id
    stages = Stage.objects.filter(board=board, retired_at=None).order_by("position", "id")
    situation = Situation.whole(item, list(stages), seat, gates.of_board(board))
    found = []
    for stage in situation.stages:
        proposed = situation.propose(stage)
        found.append(
            Option(stage, tuple(rules.refusals(proposed)), tuple(rules.warnings(proposed)))
        )
    return found


@transaction.atomic
def move(
    item: ContentItem,
    *,
    to: Stage,
    seat: Seat,
    at: datetime,
    anchors: Anchors = Anchors(),  # noqa: B008  frozen, carries nothing
    version: int | None = None,
    override: str = "",
) -> Moved:
    """Put the item into a stage, at the place the anchors name or last.

    Raises Refused with every reason; Stale when `version` is given and is not the item's;
    NotAllowed when `override` (an owner's reason) comes from somebody else;
    ValueError for a foreign stage.
    """
    item = hold(item.pk)
    plan = plan_of(item)
    to = plan.stage(to.pk) or to
    if to.board_id != item.board_id:
        raise ValueError(f"{to.name} is not a stage of this item's board")
    wish = Wish(to, anchors, () if version is None else (version,), override)
    return _move(item, plan, wish, seat=seat, at=at)


@transaction.atomic
def move_named(
    names: Names,
    *,
    seat: Seat,
    at: datetime,
    versions: Collection[int] = (),
    override: str = "",
) -> Moved:
    """As `move`, with everything named: found, held and read in one statement.

    Any of `versions` will do. Raises also ContentItem.DoesNotExist for an item that the person may
    not see, and Invalid for a stage or a neighbour that is not on its board.
    """
    item = hold_named(names, seat)
    near = {name: getattr(item, f"{name}_id") for name in ("before", "after")}
    _require_there(names, {"stage": item.to_id, **near})  # type: ignore[attr-defined]
    plan = plan_of(item)
    asked = item.to_id or item.stage_id  # type: ignore[attr-defined]
    to = plan.stage(asked) or Stage.objects.get(pk=asked)
    anchors = Anchors(**{name: ContentItem(pk=pk) for name, pk in near.items() if pk})
    wish = Wish(to, anchors, versions, override)
    return _move(item, plan, wish, seat=seat, at=at)


def _require_there(names: Names, found: Mapping[str, int | None]) -> None:
    if missing := [name for name, pk in found.items() if getattr(names, name) and pk is None]:
        said = ("does_not_exist", gettext("There is no such thing on this board."))
        raise Invalid({name: [said] for name in missing})


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked of an item that is held."""

    to: Stage
    anchors: Anchors
    versions: Collection[int]
    override: str


def _move(item: ContentItem, plan: Plan, wish: Wish, *, seat: Seat, at: datetime) -> Moved:
    to, came_from = wish.to, plan.stage(item.stage_id) or item.stage
    item.stage = came_from
    if item.workspace_id == seat.workspace.pk:
        item.workspace = seat.workspace
    if wish.versions and item.version not in wish.versions:
        raise Stale(item.version, {"stage": came_from.public_id})
    if came_from.pk == to.pk:
        return _reorder(item, wish.anchors, seat=seat, at=at)

    situation = Situation.towards(to, item, plan, seat)
    proposed = situation.propose(to)
    overridden = _judge(rules.refusals(proposed), seat, wish.override)
    was_rank = item.rank
    place = find_place(item, to, wish.anchors)
    has_publication = rules.order(to.kind) > rules.order("publish") and situation.has_publication
    stamps.write(item, stamps.after_move(item, came_from, to, at, has_publication=has_publication))
    item.stage, item.rank, item.version, item.updated_at = (
        to,
        place.rank,
        item.version + 1,
        at,
    )
    update(item, ("stage", "rank", "version", "updated_at", *stamps.STAMPS))

    data = data_of(came_from, to, place) | {"was_rank": was_rank}
    warnings = tuple(rules.warnings(proposed))
    if warnings:
        data["warnings"] = [_plain(warning) for warning in warnings]
    if overridden:
        data["override"] = {
            "reason": wish.override,
            "refusals": [_plain(each) for each in overridden],
        }
    event = _record("item.moved", item, seat.user, at, data)
    return Moved(item, event, warnings, place.anchor_gone)


def _reorder(item: ContentItem, anchors: Anchors, *, seat: Seat, at: datetime) -> Moved:
    if item.archived_at:
        raise Refused([rules.Refusal("archived")])
    if not anchors or _stands_there(item, anchors):
        return Moved(item, None)
    place = find_place(item, item.stage, anchors)
    item.rank = place.rank
    update(item, ("rank",))
    event = _record("item.reordered", item, seat.user, at, data_of(None, item.stage, place))
    return Moved(item, event, (), place.anchor_gone)


def _stands_there(item: ContentItem, anchors: Anchors) -> bool:
    return item in (anchors.before, anchors.after)


def _judge(refusals: Sequence[rules.Refusal], seat: Seat, override: str) -> Sequence[rules.Refusal]:
    """The refusals that an owner's reason sets aside; raises for all that stay."""
    if not refusals:
        return ()
    if not override:
        raise Refused(refusals)
    if not seat.may("item.override"):
        raise NotAllowed("item.override")
    if staying := [refusal for refusal in refusals if not refusal.overridable]:
        raise Refused(staying)
    return refusals


def data_of(came_from: Stage | None, to: Stage, place: Place) -> dict[str, Any]:
    data: dict[str, Any] = {"rank": place.rank}
    if came_from is None:
        data["stage"] = brief(to)
    else:
        data |= {"from": brief(came_from), "to": brief(to)}
    if place.ranks:
        data["ranks"] = place.ranks
    return data


def _plain(refusal: rules.Refusal) -> dict[str, Any]:
    return {"code": refusal.code, **refusal.params}


def _record(type: str, item: ContentItem, by: User, at: datetime, data: dict[str, Any]) -> Event:
    return events.record(
        type,
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=by,
        at=at,
        data=data,
    )
