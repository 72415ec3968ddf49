"""What the charts are drawn by: the stages of one board, or the kinds of stage of several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from production import flow
from production.flowview.ask import Ask
from production.models import Kind, Stage


@dataclass(frozen=True, slots=True)
class Column:
    """A stage of the only board, or a kind of stage; `id` is the stage's public id or the kind."""

    id: str
    name: str
    kind: str
    waiting: bool
    retired: bool = False
    p50: timedelta | None = None
    p70: timedelta | None = None
    p85: timedelta | None = None


class Columns:
    """The columns of what is asked for, and the one that each stage belongs to."""

    def __init__(self, ask: Ask) -> None:
        asked = Stage.objects.filter(workspace=ask.workspace).select_related("board")
        if ask.boards:
            asked = asked.filter(board__in=[board.pk for board in ask.boards])
        self.stages: Sequence[Stage] = list(
            asked.order_by("board__position", "board_id", "position", "pk")
        )
        self.by_pk = {stage.pk: stage for stage in self.stages}
        live = {s.board_id for s in self.stages if ask.boards or s.board.archived_at is None}
        self.live = [s for s in self.stages if s.board_id in live and s.retired_at is None]
        # Work in progress is asked for on boards that are in use. Named one by one, because the
        # database then knows how many rows to expect.
        self.boards = sorted(live)
        self.of_one_board = len(live) == 1
        self.waiting = frozenset(stage.pk for stage in self.stages if stage.waiting)

    def all(self, also: Iterable[str] = ()) -> list[Column]:
        """The columns in order of work; retired stages only when named in `also`."""
        named = set(also)
        if not self.of_one_board:
            waits = {s.kind for s in self.live if s.waiting}
            kinds = [k for k in Kind if k in named or any(s.kind == k for s in self.live)]
            return [
                Column(kind.value, str(kind.label), kind.value, kind in waits) for kind in kinds
            ]
        stages = [s for s in self.stages if s in self.live or s.public_id in named]
        found = [_column(stage) for stage in sorted(stages, key=_place)]
        gone = [kind for kind in Kind if kind.value in named]
        return [*found, *(Column(k.value, str(k.label), k.value, False, True) for k in gone)]

    def of(self, stage: int | None, kind: str) -> str:
        """The id of the column in which a stay of this stage is counted."""
        row = self.by_pk.get(stage) if stage is not None else None
        return row.public_id if row and self.of_one_board else kind

    def rungs(self) -> list[Column]:
        """The columns before publication: the steps of the cumulative flow, in order of work."""
        return [each for each in self.all() if not flow.reaches(each.kind, flow.DELIVERY)]

    def rung_of(self, rungs: Sequence[Column]) -> Any:
        """A function from (stage, kind) to the index of its step.

        A stage that is no longer there counts as the first step of its kind or of a later one.
        """
        index = {each.id: number for number, each in enumerate(rungs)}

        def rung(stage: int | None, kind: str) -> int:
            if (known := index.get(self.of(stage, kind))) is not None:
                return known
            later = (n for n, each in enumerate(rungs) if flow.reaches(each.kind, kind))
            return next(later, len(rungs) - 1)

        return rung


def spent(
    rows: Iterable[tuple[int | None, str, timedelta, timedelta]], n: int, columns: Columns
) -> flow.Spent:
    """The time of `n` items by column, from sums by stage: (stage, kind, time, blocked)."""
    by_stage: dict[tuple[int | None, str], list[flow.StageTime]] = {}
    for stage, kind, time, blocked in rows:
        key = (stage, kind)
        by_stage.setdefault(key, []).append(flow.StageTime(key, time, blocked))
    waiting = {key for key in by_stage if key[0] in columns.waiting}
    whole = flow.spent((t for times in by_stage.values() for t in times), n, waiting=waiting)
    split: dict[Any, flow.Split] = {}
    for (stage, kind), part in whole.stages.items():  # type: ignore[misc]
        column = columns.of(stage, kind)
        split[column] = split[column] + part if column in split else part
    return flow.Spent(n, split)


def bands(stage: Stage) -> Mapping[str, timedelta | None]:
    """The ages by which half, 70 % and 85 % had left the stage."""
    seconds = {"p50": stage.p50_seconds, "p70": stage.p70_seconds, "p85": stage.p85_seconds}
    return {
        name: None if value is None else timedelta(seconds=value) for name, value in seconds.items()
    }


def _column(stage: Stage) -> Column:
    return Column(
        stage.public_id,
        stage.name,
        stage.kind,
        stage.waiting,
        stage.retired_at is not None,
        **bands(stage),
    )


def _place(stage: Stage) -> tuple[int, int, int]:
    return Kind.values.index(stage.kind), stage.position, stage.pk
