"""What is in progress now: against the bands of its stage, against limits, person by person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from production.flowview.ask import Ask
from production.flowview.columns import Columns, bands
from production.models import Assignment, ContentItem, Kind, Stage

MOST_ITEMS = 1_000  # drawn; the oldest first
_WORK = (Kind.SCRIPT, Kind.SHOOT, Kind.EDIT, Kind.PUBLISH)


@dataclass(frozen=True, slots=True)
class InProgress:
    """An item that is committed and not out.

    `age` counts from commitment, `since_idea` from the idea, `in_stage` from entering the stage.
    `past` is the highest band of its stage that `age` has passed: "p50", "p70", "p85" or "".
    """

    id: str
    key: str
    title: str
    column: str
    stage: str
    age: timedelta
    since_idea: timedelta
    in_stage: timedelta
    blocked_reason: str
    past: str
    # Nobody knows when it was begun: the age is the least that it can be.
    at_least: bool


@dataclass(frozen=True, slots=True)
class Ageing:
    """All `n` items in progress, the oldest first; `items` are at most the 1 000 oldest."""

    n: int
    items: tuple[InProgress, ...]

    @property
    def late(self) -> tuple[InProgress, ...]:
        """Those older than 85 % of the published items were on leaving their stage."""
        return tuple(each for each in self.items if each.past == "p85")


@dataclass(frozen=True, slots=True)
class StageLoad:
    """The cards in a stage against its limit, which counts all of them (`whole`)."""

    stage: str
    name: str
    board: str
    kind: str
    n: int
    whole: int
    limit: int | None
    blocks: bool

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.whole > self.limit


@dataclass(frozen=True, slots=True)
class PersonLoad:
    """The items in progress that a person has, against the limit that holds for everyone."""

    person: str
    name: str
    n: int
    limit: int | None

    @property
    def is_over(self) -> bool:
        return self.limit is not None and self.n > self.limit


def ageing(ask: Ask, columns: Columns) -> Ageing:
    """Every item in progress with its age and the band it has passed."""
    found = _in_progress(ask, columns)
    fields = (
        "public_id", "number", "title", "stage", "idea_at", "committed_at", "stage_entered_at",
        "blocked_reason", "history_from",
    )  # fmt: skip
    rows = list(found.order_by("committed_at", "pk").values_list(*fields)[: MOST_ITEMS + 1])
    n = len(rows) if len(rows) <= MOST_ITEMS else found.count()
    limits = {stage.pk: bands(stage) for stage in columns.stages}
    items = []
    for id, number, title, stage, idea_at, committed_at, entered_at, reason, since in rows:
        age = _since(committed_at, ask.now)
        row = columns.by_pk[stage]
        items.append(
            InProgress(
                id=id,
                key=f"{ask.workspace.item_prefix}-{number}",
                title=title,
                column=columns.of(stage, row.kind),
                stage=row.name,
                age=age,
                since_idea=_since(idea_at, ask.now),
                in_stage=_since(entered_at, ask.now),
                blocked_reason=reason,
                past=_past(age, limits[stage]),
                at_least=since is not None and committed_at <= since,
            )
        )
    return Ageing(n, tuple(items[:MOST_ITEMS]))


def by_stage(ask: Ask, columns: Columns) -> tuple[StageLoad, ...]:
    """The stages of work, and any other with a limit, with what stands there now."""
    stages = [s for s in columns.live if s.kind in _WORK or s.wip_limit is not None]
    cards = ContentItem.objects.filter(stage__in=stages, archived_at=None).order_by()
    whole = dict(cards.values_list("stage").annotate(n=Count("*")))
    own = whole
    if ask.filters:
        narrowed = cards.filter(pk__in=ask.all_items().values("pk"))
        own = dict(narrowed.values_list("stage").annotate(n=Count("*")))
    return tuple(
        StageLoad(
            stage=each.public_id,
            name=each.name,
            board=each.board.name,
            kind=each.kind,
            n=own.get(each.pk, 0),
            whole=whole.get(each.pk, 0),
            limit=each.wip_limit,
            blocks=each.limit_mode == Stage.LimitMode.BLOCK,
        )
        for each in stages
    )


def by_person(ask: Ask, columns: Columns) -> tuple[PersonLoad, ...]:
    """Whoever has work in progress, most first; a person's limit counts the whole workspace."""
    loads = (
        Assignment.objects.filter(item__in=_in_progress(ask, columns).values("pk"))
        .order_by()
        .values_list("user__public_id", "user__name")
        .annotate(n=Count("*"))
    )
    limit = ask.workspace.wip_limit_per_person
    found = [PersonLoad(id, name, n, limit) for id, name, n in loads]
    return tuple(sorted(found, key=lambda each: (-each.n, each.name, each.person)))


def _in_progress(ask: Ask, columns: Columns) -> QuerySet[ContentItem]:
    return ask.all_items().in_progress().filter(board__in=columns.boards)


def _since(moment: datetime, now: datetime) -> timedelta:
    return max(now - moment, timedelta(0))


def _past(age: timedelta, limits: Mapping[str, timedelta | None]) -> str:
    passed = [name for name, limit in limits.items() if limit is not None and age > limit]
    return passed[-1] if passed else ""
