"""What the latest events may have changed, so that the rest need not be counted again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from production import stays
from production.flowview.ask import Ask
from production.flowview.columns import Columns
from production.flowview.days import Change
from production.models import ContentItem, Event, Workspace

MOST_EVENTS = 200  # more news than this, and everything is counted anew
# What happens to an item that is not out changes no figure of those that are, except where it
# may have been out until then: these and whatever happens to a publication.
_OF_AN_ITEM = (
    "item.", "gate.", "hook.", "script.", "checklist.", "comment.", "asset.", "review.",
)  # fmt: skip
_MAY_TAKE_BACK = ("item.move_undone", "item.deleted")

Sort = tuple[Any, ...]


class News:
    """The events of a workspace up to number `last`."""

    def __init__(self, workspace: Workspace, last: int) -> None:
        self.workspace, self.last = workspace, last
        self._read: dict[int, list[tuple[str, str]] | None] = {}
        self._items: dict[str, tuple[int, int, datetime | None]] = {}

    def may_change_published(self, *, since: int) -> bool:
        """Whether an event after `since` may have concerned an item that is or was out."""
        happened = self._since(since)
        return happened is None or any(
            subject not in self._items
            or self._items[subject][2] is not None
            or not type.startswith(_OF_AN_ITEM)
            or type in _MAY_TAKE_BACK
            for type, subject in happened
        )

    def brought_up(
        self, counted: Iterable[Sequence[Any]], ask: Ask, columns: Columns, *, since: int
    ) -> list[Change] | None:
        """What was counted when the log ended at `since`, with what has happened after.

        Of each item that has news its share then is taken away and its share now put in its
        place: both follow from the log alone. None when something else has happened, too.
        """
        happened = self._since(since)
        if happened is None or any(subject not in self._items for _type, subject in happened):
            return None
        touched = {subject for type, subject in happened if type in stays.OWN}
        counts: Counter[Sort] = Counter()
        for *alike, n, sign in counted:
            counts[*alike, sign] += n
        stages = {(s.board_id, s.public_id): s.pk for s in columns.stages}
        lines = stays.lines_of(self.workspace, sorted(touched)) if touched else {}
        try:
            for item in touched:
                board = self._items[item][1]
                if board not in columns.boards:
                    continue
                now = [line for line in lines[item] if line["seq"] <= self.last]
                then = [line for line in now if line["seq"] <= since]
                for weight, part in ((-1, then), (1, now)):
                    for sort in _share(part, board, stages, ask):
                        counts[sort] += weight
        except (KeyError, ValueError):  # a stage that is gone, or a log that contradicts itself
            return None
        return [Change._make((*sort[:-1], n, sort[-1])) for sort, n in counts.items() if n]

    def _since(self, seq: int) -> list[tuple[str, str]] | None:
        """The (type, subject) of each event; None when they are too many."""
        if seq not in self._read:
            events = Event.objects.after(self.workspace.pk, seq).filter(seq__lte=self.last)
            found = list(events.values_list("type", "subject")[: MOST_EVENTS + 1])
            subjects = {subject for _type, subject in found} - self._items.keys()
            if len(found) <= MOST_EVENTS and subjects:
                items = ContentItem.objects.filter(
                    workspace=self.workspace, public_id__in=subjects
                ).values_list("public_id", "pk", "board_id", "published_at")
                self._items |= {id: tuple(rest) for id, *rest in items}  # type: ignore[misc]
            self._read[seq] = found if len(found) <= MOST_EVENTS else None
        return self._read[seq]


def _share(
    lines: Sequence[Mapping[str, Any]],
    board: int,
    stages: Mapping[tuple[int, str], int],
    ask: Ask,
) -> Iterator[Sort]:
    """What one item adds to `days.changes`, each without its n, which is 1."""
    if not lines:
        return
    period = ask.period
    begins, ends = period.begins, period.ends
    eve = period.before().end
    for piece in stays.pieces(lines):
        sort = (
            stages[board, piece.stage], piece.kind, piece.archived, piece.in_progress,
            piece.after_publication,
        )  # fmt: skip
        was_there = piece.entered_at < begins
        if begins <= piece.entered_at < ends:
            yield (period.day_of(piece.entered_at), *sort, piece.arrived, 1)
        if piece.left_at is not None and begins <= piece.left_at < ends:
            yield (period.day_of(piece.left_at), *sort, piece.departed, -1)
            if was_there:
                yield (eve, *sort, False, 1)
        elif was_there and (piece.left_at is None or (ends <= ask.now and piece.left_at >= ends)):
            yield (eve, *sort, False, 1)
