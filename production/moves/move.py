from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import transaction
from django.db.models import Count, F

from production import events, gates, rules
from production.errors import NotAllowed, Refused, Stale
from production.locks import hold_board, lock_item
from production.models import (
    Assignment,
    ContentItem,
    Event,
    Gate,
    Publication,
    Stage,
    User,
)
from production.moves import stamps
from production.moves.places import Anchors, Place, find_place
from production.moves.stamps import brief
from production.permissions import Seat


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
    stages = _stages(item.board_id)
    situation = Situation(item, stages, seat, gates.of_board(item.board_id))
    found = []
    for stage in stages:
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
    hold_board(item.board_id)
    stages = _stages(item.board_id)
    item = _held(item, stages, seat)
    to = next((stage for stage in stages if stage.pk == to.pk), to)
    if to.board_id != item.board_id:
        raise ValueError(f"{to.name} is not a stage of this item's board")
    if version is not None and version != item.version:
        raise Stale(item.version, {"stage": item.stage.public_id})
    came_from = item.stage
    if came_from.pk == to.pk:
        return _reorder(item, anchors, seat=seat, at=at)

    situation = Situation(item, stages, seat, _gates_between(stages, came_from, to), towards=[to])
    proposed = situation.propose(to)
    overridden = _judge(rules.refusals(proposed), seat, override)
    was_rank = item.rank
    place = find_place(item, to, anchors)
    has_publication = (
        situation.has_publication if rules.order(to.kind) > rules.order("publish") else False
    )
    stamps.write(item, stamps.after_move(item, came_from, to, at, has_publication=has_publication))
    item.stage, item.rank, item.version, item.updated_at = (
        to,
        place.rank,
        item.version + 1,
        at,
    )
    item.save(update_fields=["stage", "rank", "version", "updated_at", *stamps.STAMPS])

    data = data_of(came_from, to, place) | {"was_rank": was_rank}
    warnings = tuple(rules.warnings(proposed))
    if warnings:
        data["warnings"] = [_plain(warning) for warning in warnings]
    if overridden:
        data["override"] = {
            "reason": override,
            "refusals": [_plain(each) for each in overridden],
        }
    event = _record("item.moved", item, seat.user, at, data)
    return Moved(item, event, warnings, place.anchor_gone)


def _held(item: ContentItem, stages: Sequence[Stage], seat: Seat) -> ContentItem:
    """The item locked and read anew; what is known of its surroundings is not read again."""
    held = lock_item(item.pk, related=())
    if (here := next((stage for stage in stages if stage.pk == held.stage_id), None)) is not None:
        held.stage = here
    if held.workspace_id == seat.workspace.pk:
        held.workspace = seat.workspace
    return held


def _reorder(item: ContentItem, anchors: Anchors, *, seat: Seat, at: datetime) -> Moved:
    if item.archived_at:
        raise Refused([rules.Refusal("archived")])
    if not anchors or _stands_there(item, anchors):
        return Moved(item, None)
    place = find_place(item, item.stage, anchors)
    item.rank = place.rank
    item.save(update_fields=["rank"])
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


def _stages(board_id: int) -> list[Stage]:
    return list(Stage.objects.filter(board_id=board_id, retired_at=None).order_by("position", "id"))


def _gates_between(stages: Sequence[Stage], came_from: Stage, to: Stage) -> list[Gate]:
    if to.position <= came_from.position:
        return []
    passed = {
        stage.pk: stage for stage in stages if came_from.position < stage.position <= to.position
    }
    found = list(Gate.objects.filter(stage__in=list(passed), retired_at=None))
    for gate in found:
        gate.stage = passed[gate.stage_id]
    return sorted(found, key=lambda gate: (gate.stage.position, gate.position, gate.pk))


class Situation:
    """All that the rules may look at, read once for any number of stages."""

    def __init__(
        self,
        item: ContentItem,
        stages: Sequence[Stage],
        seat: Seat,
        all_gates: Sequence[Gate],
        *,
        towards: Sequence[Stage] | None = None,
    ) -> None:
        """`towards`: the stages that will be proposed; all when not said."""
        self.item, self.stages, self.seat, self.gates = item, stages, seat, all_gates
        self.lines = {line.gate.pk: line for line in gates.lines(item, all_gates)}
        proposed = stages if towards is None else towards
        limited = [stage.pk for stage in proposed if stage.wip_limit is not None]
        self.wip: dict[int, int] = (
            {}
            if not limited
            else dict(
                ContentItem.objects.filter(
                    board_id=item.board_id,
                    stage__in=limited,
                    archived_at=None,
                )
                .exclude(pk=item.pk)
                .values_list("stage")
                .annotate(total=Count("id"))
            )
        )
        self.overloaded = self._overloaded()

    @classmethod
    def of_new(cls, item: ContentItem, stages: Sequence[Stage], seat: Seat) -> Situation:
        """An item that has no row yet and would start elsewhere than in the first stage."""
        return cls(item, stages, seat, gates.of_board(item.board_id))

    def propose(self, to: Stage) -> rules.ProposedMove:
        item = self.item
        enters_progress = item.committed_at is None and rules.order(to.kind) > 0
        return rules.ProposedMove(
            stage=to.name,
            kind=to.kind,
            from_kind=item.stage.kind,
            changes_stage=item.stage_id != to.pk,
            archived=item.archived_at is not None,
            stage_retired=to.retired_at is not None,
            blocked_reason=item.blocked_reason,
            open_gates=tuple(
                rules.OpenGate(
                    gate.public_id,
                    gate.label,
                    gate.stage.name,
                    self.lines[gate.pk].state.have,
                    self.lines[gate.pk].state.need,
                )
                for gate in gates.applying(item, self.stages, self.gates, to)
                if not self.lines[gate.pk].state.met
            ),
            wip=self.wip.get(to.pk, 0),
            wip_limit=to.wip_limit,
            limit_blocks=to.limit_mode == Stage.LimitMode.BLOCK,
            overloaded=self.overloaded if enters_progress else (),
            person_limit_blocks=item.workspace.wip_per_person_blocks,
            has_primary_kpi=item.primary_kpi_id is not None,
            is_out=rules.order(to.kind) <= rules.order("publish")
            or item.published_at is not None
            or self.has_publication,
            allowed_kinds=self.seat.allowed_kinds,
        )

    @cached_property
    def has_publication(self) -> bool:
        if self.item.pk is None:
            return False
        out = Publication.objects.filter(item_id=self.item.pk, state=Publication.State.PUBLISHED)
        return out.exists()

    def _overloaded(self) -> tuple[rules.PersonLoad, ...]:
        limit = self.item.workspace.wip_limit_per_person
        if limit is None or self.item.pk is None or self.item.committed_at is not None:
            return ()
        people = Assignment.objects.filter(item=self.item).values("user")
        loads = (
            Assignment.objects.filter(user__in=people, item__in=ContentItem.objects.in_progress())
            .filter(item__workspace=self.item.workspace_id)
            .exclude(item=self.item)
            .values_list(F("user__name"))
            .annotate(total=Count("id"))
        )
        return tuple(
            rules.PersonLoad(name, total + 1, limit) for name, total in loads if total >= limit
        )


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
