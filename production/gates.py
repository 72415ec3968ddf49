"""What stands between an item and a stage: collects the facts, lets the rules judge, ticks by hand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q

from production import events, rules
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
    Workspace,
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


def lines_of(items: Sequence[ContentItem], gates: Sequence[Gate]) -> dict[int, list[GateLine]]:
    """As `lines`, for many items in a handful of queries; asks only for what the gates need."""
    found = _Evidence(items, gates)
    return {
        item.pk: [
            GateLine(
                gate,
                rules.gate_state(check_of(gate), found.facts(item, gate)),
                found.passes.get((item.pk, gate.pk)),
            )
            for gate in gates
        ]
        for item in items
    }


class _Evidence:
    """What a set of items has to show, read once."""

    def __init__(self, items: Sequence[ContentItem], gates: Sequence[Gate]) -> None:
        self.ids = [item.pk for item in items]
        kinds = {gate.check_kind for gate in gates}
        counted = {gate.counted for gate in gates if gate.check_kind == Gate.Check.COUNT}
        fields = {gate.field for gate in gates if gate.check_kind == Gate.Check.FIELD}
        if Gate.Check.OPENINGS in kinds:
            counted.add(Gate.Counted.HOOKS)
        self.counts: dict[int, Counter[str]] = defaultdict(Counter)
        self.passes = self._read_passes() if Gate.Check.MANUAL in kinds else {}
        self.chosen = self._read_hooks() if Gate.Counted.HOOKS in counted else set()
        self._read_counts(counted)
        self.scripted = self._read_scripts() if Gate.Field.SCRIPT in fields else set()
        self.signed = self._read_signatures() if Gate.Check.REVIEW in kinds else Counter()
        self.needed = self._signatures_needed(items) if Gate.Check.REVIEW in kinds else 1
        self.out = self._read_out() if Gate.Check.OUT in kinds else set()

    def facts(self, item: ContentItem, gate: Gate) -> rules.Facts:
        return rules.Facts(
            ticked=(item.pk, gate.pk) in self.passes,
            filled=frozenset({gate.field}) if self._is_filled(item, gate.field) else frozenset(),
            counts=self.counts[item.pk]
            | {"sources": len(item.sources), "image_sources": len(item.image_sources)},
            opening_chosen_with_reason=item.pk in self.chosen,
            signatures=self.signed[item.pk],
            signatures_needed=self.needed,
            out=item.pk in self.out,
        )

    def _is_filled(self, item: ContentItem, field: str) -> bool:
        if field == Gate.Field.SCRIPT:
            return item.pk in self.scripted
        if field in ("channel", "pillar", "format", "goal", "primary_kpi"):
            return getattr(item, f"{field}_id") is not None
        return bool(field) and getattr(item, field) not in (None, "", [], {})

    def _read_passes(self) -> dict[tuple[int, int], GatePass]:
        passes = GatePass.objects.filter(item__in=self.ids).select_related("by")
        return {(each.item_id, each.gate_id): each for each in passes}

    def _read_hooks(self) -> set[int]:
        rows = (
            Hook.objects.filter(item__in=self.ids)
            .values_list("item")
            .annotate(
                total=Count("id"),
                chosen=Count("id", filter=Q(chosen=True) & ~Q(chosen_reason="")),
            )
        )
        chosen = set()
        for item_id, total, with_reason in rows:
            self.counts[item_id]["hooks"] = total
            if with_reason:
                chosen.add(item_id)
        return chosen

    def _read_counts(self, counted: set[str]) -> None:
        if counted & {Gate.Counted.FILES, Gate.Counted.LINKS}:
            rows = (
                Asset.objects.filter(item__in=self.ids)
                .values_list("item")
                .annotate(
                    files=Count("id", filter=~Q(file="")),
                    links=Count("id", filter=Q(file="")),
                )
            )
            for item_id, files, links in rows:
                self.counts[item_id].update(files=files, links=links)
        if Gate.Counted.DERIVATIVES in counted:
            rows = ContentItem.objects.filter(parent__in=self.ids, archived_at=None)
            for item_id, total in rows.values_list("parent").annotate(total=Count("id")):
                self.counts[item_id]["derivatives"] = total
        if Gate.Counted.ASSIGNEES in counted:
            rows = Assignment.objects.filter(item__in=self.ids)
            for item_id, total in rows.values_list("item").annotate(total=Count("id")):
                self.counts[item_id]["assignees"] = total

    def _read_scripts(self) -> set[int]:
        return set(
            Script.objects.filter(item__in=self.ids).exclude(text="").values_list("item", flat=True)
        )

    def _read_signatures(self) -> Counter[int]:
        """Signatures on exactly the content as it is now, by people other than its last editor."""
        rows = (
            Review.objects.filter(
                item__in=self.ids,
                verdict=Review.Verdict.APPROVED,
                digest=F("item__content_digest"),
            )
            .exclude(reviewer=F("item__content_edited_by"))
            .values_list("item")
            .annotate(total=Count("reviewer", distinct=True))
        )
        return Counter(dict(rows))

    def _signatures_needed(self, items: Sequence[ContentItem]) -> int:
        workspaces = {item.workspace_id for item in items}
        return max(
            Workspace.objects.filter(pk__in=workspaces).values_list("min_reviewers", flat=True),
            default=1,
        )

    def _read_out(self) -> set[int]:
        out = Publication.objects.filter(item__in=self.ids, state=Publication.State.PUBLISHED)
        return set(out.values_list("item", flat=True))


@transaction.atomic
def tick(item: ContentItem, gate: Gate, *, by: User, at: datetime, evidence: str = "") -> GatePass:
    """Note that the item meets a manual gate; ticking twice is ticking once."""
    passed, is_new = GatePass.objects.update_or_create(
        item=item, gate=gate, defaults={"evidence": evidence, "by": by, "at": at}
    )
    if is_new:
        _record("gate.ticked", item, gate, by=by, at=at, evidence=evidence)
    return passed


@transaction.atomic
def untick(item: ContentItem, gate: Gate, *, by: User, at: datetime) -> None:
    """Take the tick back; without one nothing happens."""
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
