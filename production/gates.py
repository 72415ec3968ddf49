"""What stands between an item and a stage: collects the facts, lets the rules judge, ticks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from production import events, rules
from production.locks import require_unarchived
from production.models import (
    Asset,
    Assignment,
    ContentItem,
    Gate,
    GatePass,
    Hook,
    Publication,
    Review,
    Script,
    Stage,
    User,
)


@dataclass(frozen=True, slots=True)
class GateLine:
    """One gate as one item sees it."""

    gate: Gate
    state: rules.GateState
    passed: GatePass | None = None


def check_of(gate: Gate) -> rules.Check:
    return rules.Check(gate.check_kind, gate.field, gate.counted, gate.at_least)


def applying(
    item: ContentItem, stages: Sequence[Stage], gates: Iterable[Gate], to: Stage
) -> list[Gate]:
    """The gates on the way to `to`: those of every stage passed over, for this channel.

    Going back asks for nothing. `stages` are the board's stages in order.
    """
    order = {stage.pk: index for index, stage in enumerate(stages)}
    here, there = order.get(item.stage_id, -1), order.get(to.pk, len(order))
    return [
        gate
        for gate in gates
        if here < order.get(gate.stage_id, -1) <= there
        and gate.channel_id in (None, item.channel_id)
    ]


def of_board(board_id: int) -> list[Gate]:
    return list(
        Gate.objects.filter(stage__board_id=board_id, stage__retired_at=None, retired_at=None)
        .select_related("stage")
        .order_by("stage__position", "position", "id")
    )


def lines(item: ContentItem, gates: Sequence[Gate]) -> list[GateLine]:
    """Every gate with how far the item is."""
    return lines_of([item], gates)[item.pk]


def lines_of(
    items: Sequence[ContentItem],
    gates: Sequence[Gate],
    asked: Callable[[ContentItem], Sequence[Gate]] | None = None,
) -> dict[int, list[GateLine]]:
    """As `lines`, for many items in two queries at most; asks only for what the gates need.

    `asked` says which of the gates matter for an item; all of them unless told.
    """
    found = _Evidence(items, gates)
    return {
        item.pk: [
            GateLine(
                gate,
                found.state(item, gate),
                found.passes.get((item.pk, gate.pk)),
            )
            for gate in (gates if asked is None else asked(item))
        ]
        for item in items
    }


class _Evidence:
    """What a set of items has to show, read in two queries at most."""

    def __init__(self, items: Sequence[ContentItem], gates: Sequence[Gate]) -> None:
        ids = [item.pk for item in items]
        by_hand = any(gate.check_kind == Gate.Check.MANUAL for gate in gates)
        self.passes = _read_passes(ids) if by_hand else {}
        self.rows = _read_evidence(items, evidence(gates))

    def state(self, item: ContentItem, gate: Gate) -> rules.GateState:
        ticked = (item.pk, gate.pk) in self.passes
        return state(item, gate, self.rows.get(item.pk, {}), ticked=ticked)


def state(
    item: ContentItem, gate: Gate, found: Mapping[str, Any], *, ticked: bool
) -> rules.GateState:
    """How far the item is through the gate, by the columns of `evidence` that were `found`."""
    facts = rules.Facts(
        ticked=ticked,
        filled=frozenset({gate.field}) if _is_filled(item, gate.field, found) else frozenset(),
        counts={name.removeprefix(_N): count for name, count in found.items()}
        | {"sources": len(item.sources), "image_sources": len(item.image_sources)},
        opening_chosen_with_reason=bool(found.get("has_chosen")),
        signatures=found.get("signatures", 0),
        signatures_needed=found.get("signatures_needed", 1),
        out=bool(found.get(OUT)),
    )
    return rules.gate_state(check_of(gate), facts)


def _is_filled(item: ContentItem, field: str, found: Mapping[str, Any]) -> bool:
    if field == Gate.Field.SCRIPT:
        return bool(found.get("has_scripted"))
    if field in ("channel", "pillar", "format", "goal", "primary_kpi"):
        return getattr(item, f"{field}_id") is not None
    return bool(field) and getattr(item, field) not in (None, "", [], {})


def _read_passes(ids: Sequence[int]) -> dict[tuple[int, int], GatePass]:
    who = ("by__public_id", "by__name", "by__email")
    passes = GatePass.objects.filter(item__in=ids).select_related("by")
    passes = passes.only("item", "gate", "evidence", "at", *who)
    return {(each.item_id, each.gate_id): each for each in passes}


def _read_evidence(
    items: Sequence[ContentItem], columns: dict[str, Any]
) -> dict[int, dict[str, int]]:
    if not columns or not items:
        return {}
    if all(name in vars(items[0]) for name in columns):
        return {item.pk: {name: vars(item)[name] for name in columns} for item in items}
    rows = ContentItem.objects.filter(pk__in=[item.pk for item in items])
    return {row.pop("pk"): row for row in rows.values("pk", **columns)}


def evidence(gates: Sequence[Gate]) -> dict[str, Any]:
    """What has to be counted for these gates and no more, as columns of a query of items.

    Items that were read with these columns cost `lines_of` no further query for them.
    """
    return {name: COLUMNS[name] for name in sorted(wanted(gates))}


def wanted(gates: Iterable[Gate]) -> frozenset[str]:
    """The names of the columns of `evidence`."""
    return frozenset(name for gate in gates for name in _wanted(gate))


def _wanted(gate: Gate) -> Sequence[str]:
    if gate.check_kind == Gate.Check.COUNT:
        return [_N + gate.counted] if _N + gate.counted in COLUMNS else []
    if gate.check_kind == Gate.Check.FIELD:
        return ["has_scripted"] if gate.field == Gate.Field.SCRIPT else []
    return _WANTED.get(gate.check_kind, ())


def _of_item(model: Any) -> QuerySet[Any]:
    return model.objects.filter(item=OuterRef("pk"))


def _signatures() -> QuerySet[Any]:
    """Signatures on exactly the content as it is now, by people other than its last editor."""
    return (
        _of_item(Review)
        .filter(verdict=Review.Verdict.APPROVED, digest=OuterRef("content_digest"))
        .exclude(reviewer=Coalesce(OuterRef("content_edited_by"), 0))
    )


def count_of(rows: QuerySet[Any], of: str = "pk") -> Any:
    total = rows.order_by().annotate(one=Value(1)).values("one")
    counted = total.annotate(total=Count(of, distinct=of != "pk")).values("total")
    return Coalesce(Subquery(counted), 0)


_N = "n_"  # before the names of counts, which are names of relations too
OUT = "has_out"
COLUMNS: dict[str, Any] = {
    _N + Gate.Counted.HOOKS: count_of(_of_item(Hook)),
    _N + Gate.Counted.FILES: count_of(_of_item(Asset).exclude(file="")),
    _N + Gate.Counted.LINKS: count_of(_of_item(Asset).filter(file="")),
    _N + Gate.Counted.DERIVATIVES: count_of(
        ContentItem.objects.filter(parent=OuterRef("pk"), archived_at=None)
    ),
    _N + Gate.Counted.ASSIGNEES: count_of(_of_item(Assignment)),
    "has_chosen": Exists(_of_item(Hook).filter(chosen=True).exclude(chosen_reason="")),
    "has_scripted": Exists(_of_item(Script).exclude(text="")),
    "signatures": count_of(_signatures(), of="reviewer"),
    "signatures_needed": F("workspace__min_reviewers"),
    OUT: Exists(_of_item(Publication).filter(state=Publication.State.PUBLISHED)),
}
_WANTED: dict[str, Sequence[str]] = {
    Gate.Check.OPENINGS: (_N + Gate.Counted.HOOKS, "has_chosen"),
    Gate.Check.REVIEW: ("signatures", "signatures_needed"),
    Gate.Check.OUT: (OUT,),
}


@transaction.atomic
def tick(item: ContentItem, gate: Gate, *, by: User, at: datetime, evidence: str = "") -> GatePass:
    """Note that the item meets a manual gate; ticking twice is ticking once.

    Raises Refused for an archived item.
    """
    require_unarchived(item)
    passed, is_new = GatePass.objects.update_or_create(
        item=item, gate=gate, defaults={"evidence": evidence, "by": by, "at": at}
    )
    if is_new:
        _record("gate.ticked", item, gate, by=by, at=at, evidence=evidence)
    return passed


@transaction.atomic
def untick(item: ContentItem, gate: Gate, *, by: User, at: datetime) -> None:
    """Take the tick back; without one nothing happens. Raises Refused for an archived item."""
    require_unarchived(item)
    removed, _ = GatePass.objects.filter(item=item, gate=gate).delete()
    if removed:
        _record("gate.unticked", item, gate, by=by, at=at)


def _record(
    type: str, item: ContentItem, gate: Gate, *, by: User, at: datetime, **data: str
) -> None:
    events.record(
        type,
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=by,
        at=at,
        data={"gate": gate.public_id, "label": gate.label, **data},
    )
