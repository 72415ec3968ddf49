"""All that the rules may look at, for one item and the stages it could go to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import Count, F, OuterRef

from production import gates, rules
from production.models import Assignment, ContentItem, Gate, Stage
from production.moves.held import Plan
from production.permissions import Seat
from production.prepared import Prepared, Slot


class Situation:
    """The facts, read once; `propose` puts them before the rules."""

    lines: Mapping[int, gates.GateLine] = {}

    def __init__(
        self,
        item: ContentItem,
        stages: Sequence[Stage],
        seat: Seat,
        all_gates: Sequence[Gate],
        states: Mapping[int, rules.GateState],
        wip: Mapping[int, int],
    ) -> None:
        self.item, self.stages, self.seat = item, stages, seat
        self.gates, self.states, self.wip = all_gates, states, wip

    @classmethod
    def whole(
        cls, item: ContentItem, stages: Sequence[Stage], seat: Seat, all_gates: Sequence[Gate]
    ) -> Situation:
        """For every stage of the board; `lines` has its gates."""
        lines = {line.gate.pk: line for line in gates.lines(item, all_gates)}
        states = {pk: line.state for pk, line in lines.items()}
        found = cls(item, stages, seat, all_gates, states, _wip(item, stages))
        found.lines = lines
        return found

    @classmethod
    def towards(cls, to: Stage, item: ContentItem, plan: Plan, seat: Seat) -> Situation:
        """For one stage, in one statement at most: what its rules do not ask for is not read."""
        passed, ticked = plan.gates_between(item.stage, to)
        asked = set(gates.wanted(passed))
        asked |= {"wip"} if to.wip_limit is not None else set()
        asked |= {gates.OUT} if _is_past_publishing(to) else set()
        asked |= _LOADS if _has_person_limit(item) and _enters_progress(item, to) else set()
        rows = _facts(item, frozenset(asked), to)
        facts = rows[0] if rows else {}
        states = {
            gate.pk: gates.state(item, gate, facts, ticked=gate.pk in ticked) for gate in passed
        }
        found = cls(item, plan.stages, seat, passed, states, {to.pk: facts.get("wip", 0)})
        if gates.OUT in asked:
            found.has_publication = facts[gates.OUT]
        if asked >= _LOADS:
            found.overloaded = _overloaded(item, rows)
        return found

    def propose(self, to: Stage) -> rules.ProposedMove:
        item = self.item
        return rules.ProposedMove(
            stage=to.name,
            kind=to.kind,
            from_kind=item.stage.kind,
            changes_stage=item.stage_id != to.pk,
            archived=item.archived_at is not None,
            stage_retired=to.retired_at is not None,
            blocked_reason=item.blocked_reason,
            open_gates=tuple(
                rules.OpenGate(gate.public_id, gate.label, gate.stage.name, state.have, state.need)
                for gate in gates.applying(item, self.stages, self.gates, to)
                if not (state := self.states[gate.pk]).met
            ),
            wip=self.wip.get(to.pk, 0),
            wip_limit=to.wip_limit,
            limit_blocks=to.limit_mode == Stage.LimitMode.BLOCK,
            overloaded=self.overloaded if _enters_progress(item, to) else (),
            person_limit_blocks=item.workspace.wip_per_person_blocks,
            has_primary_kpi=item.primary_kpi_id is not None,
            is_out=not _is_past_publishing(to)
            or item.published_at is not None
            or self.has_publication,
            allowed_kinds=self.seat.allowed_kinds,
        )

    @cached_property
    def has_publication(self) -> bool:
        found = _facts(self.item, frozenset({gates.OUT}))
        return bool(found and found[0][gates.OUT])

    @cached_property
    def overloaded(self) -> tuple[rules.PersonLoad, ...]:
        if not _has_person_limit(self.item):
            return ()
        return _overloaded(self.item, _facts(self.item, _LOADS))


def _is_past_publishing(to: Stage) -> bool:
    return rules.order(to.kind) > rules.order("publish")


def _enters_progress(item: ContentItem, to: Stage) -> bool:
    return item.committed_at is None and rules.order(to.kind) > 0


def _has_person_limit(item: ContentItem) -> bool:
    return item.workspace.wip_limit_per_person is not None and item.committed_at is None


def _overloaded(
    item: ContentItem, rows: Iterable[Mapping[str, Any]]
) -> tuple[rules.PersonLoad, ...]:
    limit = item.workspace.wip_limit_per_person or 0
    return tuple(
        rules.PersonLoad(row["person"], row["load"] + 1, limit)
        for row in rows
        if row["person"] is not None and row["load"] >= limit
    )


def _wip(item: ContentItem, stages: Sequence[Stage]) -> dict[int, int]:
    limited = [stage.pk for stage in stages if stage.wip_limit is not None]
    if not limited:
        return {}
    others = ContentItem.objects.filter(stage__in=limited, archived_at=None).exclude(pk=item.pk)
    return dict(others.values_list("stage").annotate(total=Count("id")))


_LOADS = frozenset({"person", "load"})
# What those who are assigned have in progress beside this item: a row for each of them.
_IN_PROGRESS = Assignment.objects.filter(
    user=OuterRef("assignments__user"),
    item__in=ContentItem.objects.in_progress(),
    item__workspace=OuterRef("workspace"),
).exclude(item=OuterRef("pk"))
_COLUMNS = gates.COLUMNS | {
    "wip": gates.count_of(
        ContentItem.objects.filter(stage=Slot("stage"), archived_at=None).exclude(pk=Slot("item"))
    ),
    "person": F("assignments__user__name"),
    "load": gates.count_of(_IN_PROGRESS),
}


def _facts(
    item: ContentItem, asked: frozenset[str], to: Stage | None = None
) -> list[dict[str, Any]]:
    """The columns asked for; no row for an item that is not in the database yet."""
    if not asked or item.pk is None:
        return []
    rows = _asking(asked).rows(item=item.pk, stage=to.pk if to else 0)
    return [dict(zip(sorted(asked), row, strict=True)) for row in rows]


@lru_cache(maxsize=256)
def _asking(asked: frozenset[str]) -> Prepared:
    columns = {name: _COLUMNS[name] for name in sorted(asked)}
    items = ContentItem.objects.filter(pk=Slot("item"))
    return Prepared(lambda: items.annotate(**columns).values_list(*columns))
