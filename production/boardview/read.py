"""Reading a board: every question once for all columns, however many cards there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import BigIntegerField, Count, F, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, RowNumber
from django.utils.translation import gettext

from production import gates
from production.boardview.cards import Card, Desk
from production.boardview.urgency import late
from production.models import Assignment, Board, ContentItem, Gate, Stage
from production.permissions import Seat

COLUMN = 16  # cards of a column that a page carries; the rest come as one scrolls
LANE_COLUMN = 6
# What a card shows; reading whole items, with their texts, would take half as long again.
SHOWN = (
    *("public_id", "workspace", "board", "stage", "number", "rank", "version", "title"),
    *("decision", "target_value", "result_value", "blocked_reason", "archived_at", "due_at"),
    *("idea_at", "history_from", "committed_at", "published_at", "learned_at"),
    *("stage_entered_at", "sources", "image_sources", "goal"),
    *("channel__public_id", "channel__name", "channel__platform"),
    *("pillar__public_id", "pillar__name", "format__name"),
    *("primary_kpi__name", "primary_kpi__short_name", "primary_kpi__unit"),
    "primary_kpi__direction",
)


class LaneBy(StrEnum):
    NONE = ""
    CHANNEL = "channel"
    PILLAR = "pillar"
    ASSIGNEE = "assignee"


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person asks to see of a board: the items after all filters."""

    seat: Seat
    board: Board
    stages: Sequence[Stage]
    items: QuerySet[ContentItem]
    now: datetime
    filtered: bool = False

    @property
    def target(self) -> timedelta:
        return timedelta(hours=self.seat.workspace.target_hours)


@dataclass(slots=True)
class Column:
    """A stage with the first of its cards; `matching` counts those that the filters let through."""

    stage: Stage
    wip: int
    matching: int
    cards: list[Card] = field(default_factory=list)

    @property
    def rest(self) -> int:
        return self.matching - len(self.cards)

    @property
    def last_rank(self) -> int | None:
        return self.cards[-1].item.rank if self.cards else None

    @property
    def is_full(self) -> bool:
        return self.stage.wip_limit is not None and self.wip >= self.stage.wip_limit

    @property
    def matching_text(self) -> str:
        return gettext("%(count)s shown") % {"count": self.matching}

    @property
    def wip_text(self) -> str:
        limit = self.stage.wip_limit
        if limit is None:
            return str(self.wip)
        numbers = {"count": self.wip, "limit": limit}
        if self.wip > limit:
            return gettext("%(count)s of %(limit)s, over") % numbers
        if self.wip == limit:
            return gettext("%(count)s of %(limit)s, full") % numbers
        return gettext("%(count)s of %(limit)s") % numbers


@dataclass(slots=True)
class Lane:
    key: str  # a public id, or "none"
    name: str
    columns: list[Column]

    @property
    def count(self) -> int:
        return sum(column.matching for column in self.columns)


@dataclass(slots=True)
class Counts:
    """How many cards each stage holds, and how many the usual views would show."""

    wip: dict[int, int]
    matching: dict[int, int]
    all: int
    mine: int
    late: int


def counts(sight: Sight) -> Counts:
    """The cards per stage: all of them, those the filters let through; mine, late or tight."""
    everything = ContentItem.objects.filter(stage__in=sight.stages, archived_at=None)
    mine = Assignment.objects.filter(user=sight.seat.user).values("item")
    urgent = late(sight.stages, target=sight.target, now=sight.now)
    numbers: dict[str, Any] = {
        "total": Count("*"),
        "mine": _total(everything.filter(pk__in=mine)),
        "late": _total(everything.filter(urgent)),
    }
    if sight.filtered:
        matching = Q(pk__in=sight.items.order_by().values("pk"))
        numbers["matching"] = Count("pk", filter=matching)
    found = Counts({}, {}, 0, 0, 0)
    for row in everything.values("stage_id").annotate(**numbers).order_by():
        found.wip[row["stage_id"]] = row["total"]
        found.matching[row["stage_id"]] = row["matching" if sight.filtered else "total"]
        found.all += row["total"]
        found.mine, found.late = row["mine"], row["late"]
    return found


def _total(items: QuerySet[ContentItem]) -> Any:
    """How many there are, as one number within another question."""
    rows = items.order_by().values("board").annotate(total=Count("*")).values("total")
    return Coalesce(Subquery(rows[:1]), 0)


def columns(sight: Sight, numbers: Counts) -> list[Column]:
    """Every stage with its first cards."""
    by_stage: dict[int, list[Card]] = defaultdict(list)
    for card in _write(sight, ContentItem.objects.filter(pk__in=_first_of_each(sight))):
        by_stage[card.item.stage_id].append(card)
    return [
        Column(
            stage,
            numbers.wip.get(stage.pk, 0),
            numbers.matching.get(stage.pk, 0),
            by_stage[stage.pk],
        )
        for stage in sight.stages
    ]


def _first_of_each(sight: Sight) -> Any:
    """The keys of the first cards of every stage.

    One list made of short ones, so that the database expects few cards and looks each of them up;
    asked as one condition per stage it expects every card there is, and reads them all.
    """
    parts, values = list[str](), list[Any]()
    for stage in sight.stages:
        first = sight.items.filter(stage=stage).order_by("rank", "id").values("pk")[:COLUMN]
        try:
            text, asked = first.query.sql_with_params()
        except EmptyResultSet:
            continue
        parts.append(f"SELECT * FROM ({text}) AS first_{len(parts)}")  # noqa: S608  built by Django
        values += asked
    return RawSQL(" UNION ALL ".join(parts), values) if parts else []  # noqa: S611


def column_after(sight: Sight, stage: Stage, rank: int | None, size: int = COLUMN) -> list[Card]:
    """The next cards of one stage below a rank."""
    items = sight.items.filter(stage=stage)
    if rank is not None:
        items = items.filter(rank__gt=rank)
    first = items.order_by("rank", "id").values("pk")[:size]
    return _write(sight, ContentItem.objects.filter(pk__in=first))


def some_cards(sight: Sight, public_ids: Iterable[str]) -> list[Card]:
    """Those of the named cards that this sight shows, each with the card above it."""
    found = sight.items.filter(public_id__in=list(public_ids)).values("pk")
    above = sight.items.filter(stage=OuterRef("stage"), rank__lt=OuterRef("rank"))
    nearest = above.order_by("-rank").values("public_id")[:1]
    items = ContentItem.objects.filter(pk__in=found)
    return _write(sight, items.annotate(above=Subquery(nearest)))


def lanes(sight: Sight, numbers: Counts, by: LaneBy) -> list[Lane]:
    """The columns once for each channel, pillar or first assignee that has cards."""
    key = {
        LaneBy.CHANNEL: F("channel_id"),
        LaneBy.PILLAR: F("pillar_id"),
        LaneBy.ASSIGNEE: Subquery(
            Assignment.objects.filter(item=OuterRef("pk")).order_by("id").values("user")[:1]
        ),
    }[by]
    keyed = sight.items.annotate(lane_key=Coalesce(key, 0, output_field=BigIntegerField()))
    sizes = {
        (row["lane_key"], row["stage_id"]): row["total"]
        for row in keyed.values("lane_key", "stage_id").order_by().annotate(total=Count("id"))
    }
    place = Window(
        RowNumber(), partition_by=[F("lane_key"), F("stage_id")], order_by=["rank", "id"]
    )
    first = keyed.annotate(place=place).filter(place__lte=LANE_COLUMN)
    rows = dict(first.values_list("pk", "lane_key"))
    cards: dict[tuple[int, int], list[Card]] = defaultdict(list)
    names: dict[int, tuple[str, str]] = {}
    for card in _write(sight, ContentItem.objects.filter(pk__in=list(rows))):
        lane_key = rows[card.item.pk]
        cards[lane_key, card.item.stage_id].append(card)
        names.setdefault(lane_key, _lane_name(card, by))
    ordered = sorted(names, key=lambda each: (each == 0, names[each][1].casefold(), each))
    return [
        Lane(
            *names[each],
            [
                Column(
                    stage,
                    numbers.wip.get(stage.pk, 0),
                    sizes.get((each, stage.pk), 0),
                    cards[each, stage.pk],
                )
                for stage in sight.stages
            ],
        )
        for each in ordered
    ]


def _lane_name(card: Card, by: LaneBy) -> tuple[str, str]:
    if by == LaneBy.ASSIGNEE:
        person = card.people[0] if card.people else None
        return (person.public_id, person.name) if person else ("none", gettext("Nobody"))
    row: Any = getattr(card.item, by.value)
    nothing = gettext("No channel") if by == LaneBy.CHANNEL else gettext("No pillar")
    return (row.public_id, row.name) if row else ("none", nothing)


def _write(sight: Sight, items: QuerySet[ContentItem]) -> list[Card]:
    all_gates = gates.of_board(sight.board.pk)
    looked_at = {gate.field for gate in all_gates if gate.field} - {Gate.Field.SCRIPT.value}
    rows = list(
        items.select_related("channel", "format", "pillar", "primary_kpi")
        .only(*SHOWN, *looked_at)
        .annotate(derivative_count=_derivatives(), **gates.evidence(all_gates))
        .order_by("rank", "id")
    )
    return Desk(sight.seat, sight.stages, sight.now).write(rows, all_gates)


def _derivatives() -> Any:
    children = (
        ContentItem.objects.filter(parent=OuterRef("pk"), archived_at=None)
        .order_by()
        .values("parent")
        .annotate(total=Count("id"))
        .values("total")
    )
    return Coalesce(Subquery(children), 0)
