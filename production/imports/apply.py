"""Writes a draft into a board: stages, labels, cards with their past, all or nothing.

The rows are made in memory and written in bulk inside the caller's transaction; `undoing.py` takes
back what `Made` names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext as _

from production import ordering
from production.events import Line
from production.imports.draft import Draft, Spot
from production.imports.history import Actor, Chronicle
from production.imports.mapping import BOARD_NAME_LENGTH, ImportMapping
from production.imports.parts import Parts, described, fitting, title_of
from production.imports.plan import BoardPlan
from production.models import (
    Board,
    Channel,
    ContentItem,
    Format,
    ImportRun,
    Label,
    Stage,
    User,
    Workspace,
)
from production.moves import stamps

LABEL_LENGTH = 50
Progress = Callable[[int, int], None]


@dataclass
class Made:
    """What an import made, by public ids: what an undo has to take back, and what to report."""

    board: str = ""
    stages: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


class Writing:
    """One import being written; `write` does it."""

    def __init__(
        self,
        run: ImportRun,
        plan: BoardPlan,
        mapping: ImportMapping,
        *,
        people: Mapping[str, User],
        by: User,
        at: datetime,
        progress: Progress = lambda done, total: None,
    ) -> None:
        self.run, self.plan, self.mapping = run, plan, mapping
        self.workspace: Workspace = run.workspace
        self.by, self.at, self.progress = by, at, progress
        self.people = people
        self.names = {member.id: member.name for member in plan.members}
        self.source = dict(ImportRun.Kind.choices)[run.kind]
        self.made = Made()
        self.lines: list[Line] = []
        self.stages: dict[Spot, Stage] = {}

    def write(self, draft: Draft, board: Board | None) -> tuple[Board, Made, list[Line]]:
        """Make everything; the lines are for the log, which the caller writes last."""
        self.board = board or self._new_board()
        self._find_stages()
        self._make_stages(draft)
        labels = self._labels(draft)
        with translation.override(self.workspace.language):
            items = self._items(draft)
        parts = Parts(self.run, self.people, self.names, self.by, self.at)
        chronicle = Chronicle(stage_of=self._stage_of, actor_of=self._actor, at=self.at)
        pasts: list[tuple[Line, ...]] = []
        for number, (item, each) in enumerate(zip(items, draft.cards, strict=True), start=1):
            comments = parts.add(item, each, [labels[_bare(name)] for name in each.card.labels])
            past = chronicle.past_of(item, each, comments)
            item_lines, carries = past.lines, past.stamps
            if each.published_at:
                publication = parts.publication(item, each.published_at, each.card.url)
                said, carries = chronicle.published(
                    item, carries, publication.public_id, each.published_at, publication.permalink
                )
                item_lines = (*item_lines, *said)
            stamps.write(item, carries)
            item.archived_at = past.archived_at
            pasts.append(item_lines)
            self.progress(number, len(items))
        ContentItem.objects.bulk_create(items, batch_size=200)
        parts.save()
        self.lines += _in_order_of_time(pasts)
        self.made.counts = {"items": len(items), "moves": draft.moves, **parts.counts()}
        self.made.counts["archived"] = sum(item.archived_at is not None for item in items)
        return self.board, self.made, self.lines

    def _new_board(self) -> Board:
        wanted = self.mapping.board_name or self.plan.name
        taken = set(Board.objects.filter(workspace=self.workspace).values_list("name", flat=True))
        last = Board.objects.filter(workspace=self.workspace).aggregate(last=Max("position"))
        board = Board.objects.create(
            workspace=self.workspace,
            name=_free(wanted, taken, BOARD_NAME_LENGTH),
            position=(last["last"] or 0) + 1,
        )
        self.made.board = board.public_id
        self._line("board.added", board.public_id, name=board.name)
        return board

    def _find_stages(self) -> None:
        for stage in Stage.objects.filter(board=self.board, retired_at=None):
            self.stages[Spot(stage=stage.public_id)] = stage

    def _make_stages(self, draft: Draft) -> None:
        taken = {stage.name for stage in self.stages.values()}
        last = Stage.objects.filter(board=self.board).aggregate(last=Max("position"))["last"]
        position = -1 if last is None else last
        columns = [self.plan.list_by_id(ident) for ident in draft.new_lists]
        in_use = {self.mapping.end_of(column.id) for column in self.plan.lists if not column.closed}
        # A board of closed lists alone would have no stage left to work on.
        keeps_one = bool(self.stages) or any(column.id in in_use for column in columns)
        for column in columns:
            target = self.mapping.lists[column.id]
            position += 1
            retired = column.id not in in_use and keeps_one
            stage = Stage.objects.create(
                workspace=self.workspace,
                board=self.board,
                name=_free(target.name or column.name, taken, 60),
                kind=target.kind,
                position=position,
                waiting=target.waiting,
                retired_at=(column.closed_at or self.at) if retired else None,
                source_ref=column.id,
            )
            if not retired:
                taken.add(stage.name)
            self.stages[Spot(list_id=column.id)] = stage
            self.made.stages.append(stage.public_id)
            says = {"stage": stage.public_id, "name": stage.name}
            self._line("stage.added", stage.public_id, **says, kind=stage.kind, position=position)
            if retired:
                self._line("stage.retired", stage.public_id, **says)

    def _labels(self, draft: Draft) -> dict[str, Label]:
        """The labels of the cards, found or made, by their bare names."""
        known = {_bare(label.name): label for label in Label.objects.filter(
            workspace=self.workspace)}  # fmt: skip
        for name in dict.fromkeys(name for each in draft.cards for name in each.card.labels):
            if _bare(name) not in known:
                label = Label.objects.create(workspace=self.workspace, name=name[:LABEL_LENGTH])
                known[_bare(name)] = label
                self.made.labels.append(label.public_id)
                self._line("label.added", label.public_id, name=label.name)
        return known

    def _items(self, draft: Draft) -> list[ContentItem]:
        channels = _by_name(Channel.objects.filter(workspace=self.workspace, retired_at=None))
        formats = _by_name(Format.objects.filter(workspace=self.workspace, retired_at=None))
        last = ContentItem.objects.filter(board=self.board).aggregate(last=Max("rank"))["last"]
        rank = 0 if last is None else last + ordering.GAP
        number = self._take_numbers(len(draft.cards))
        items = []
        for place, each in enumerate(draft.cards):
            card = each.card
            channel = channels.get(_bare(card.channel))
            format = formats.get(_bare(card.format))
            creator = self._actor(card.created_by).user
            item = ContentItem(
                workspace=self.workspace,
                board=self.board,
                stage=self._stage_of(each.last),
                number=number + place,
                # One rank for all stages of the board: no two cards meet on their way through it.
                rank=rank + place * ordering.GAP,
                title=title_of(card),
                description=described(card),
                channel=channel,
                format=format,
                due_at=each.due_at,
                url=card.url[:500] if len(card.url) <= 500 else "",
                custom=self._custom(card, channel, format),
                idea_at=each.created_at,
                stage_entered_at=each.created_at,
                created_at=each.created_at,
                created_by=creator,
                content_edited_by=creator,
                updated_at=self.at,
                import_run=self.run,
                source_ref=source_ref(self.run.kind, card.id),
            )
            items.append(item)
        return items

    def _custom(self, card: Any, channel: Channel | None, format: Format | None) -> dict[str, str]:
        """What has no field of its own, under the names of the source."""
        custom = {entry.name[:100]: entry.value for entry in fitting(card)}
        strangers = [self.names.get(ident, "") for ident in card.members
                     if ident not in self.people]  # fmt: skip
        for name, value in (
            (_("Channel"), card.channel if channel is None else ""),
            (_("Format"), card.format if format is None else ""),
            (_("People in the source"), ", ".join(filter(None, strangers))),
            (_("Number in the source"), card.short_key),
        ):
            if value:
                custom.setdefault(name, value)
        return custom

    def _take_numbers(self, count: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE production_workspace SET last_item_number = last_item_number + %s "
                "WHERE id = %s RETURNING last_item_number",
                [count, self.workspace.pk],
            )
            return int(cursor.fetchone()[0]) - count + 1

    def _stage_of(self, spot: Spot) -> Stage:
        return self.stages[spot]

    def _actor(self, member: str) -> Actor:
        return Actor(self.people.get(member), self.names.get(member, "") or self.source)

    def _line(self, type: str, subject: str, **data: Any) -> None:
        self.lines.append(Line(type, subject, self.at, data, self.board_id(type), self.by))

    def board_id(self, type: str) -> int | None:
        """The board a line belongs to; the words of the plan belong to none."""
        if type.startswith("label.") or not hasattr(self, "board"):
            return None
        return self.board.pk


def source_ref(kind: str, ident: str) -> str:
    """What an item remembers of its card: `trello:5ca3…`."""
    return f"{kind}:{ident}"


def _in_order_of_time(pasts: Iterable[tuple[Line, ...]]) -> list[Line]:
    """All lines as they happened; those of one card never overtake each other."""
    keyed = []
    for past in pasts:
        latest = past[0].at
        for line in past:
            latest = max(latest, line.at)
            keyed.append((latest, line))
    keyed.sort(key=lambda entry: entry[0])
    return [line for _, line in keyed]


def _by_name(entries: Iterable[Any]) -> dict[str, Any]:
    found = {}
    for entry in entries:
        found[_bare(entry.name)] = entry
    return found


def _bare(name: str) -> str:
    return " ".join(name[:LABEL_LENGTH].split()).casefold()


def _free(name: str, taken: Iterable[str], longest: int) -> str:
    """The name, or the name with a number, that nobody has yet."""
    known = {each.casefold() for each in taken}
    base = name.strip()[:longest] or "?"
    free, number = base, 1
    while free.casefold() in known:
        number += 1
        free = f"{base[: longest - 6]} ({number})"
    return free
