"""The reader of the log that keeps the rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import structlog
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from production.models import ContentItem, Event, ReaderCursor, Stage, Stay, Workspace
from production.stays.fold import MIGRATED, OWN, Piece, pieces

log = structlog.get_logger("putki.stays")

READER = "stays"
FAR_BEHIND = 2_000  # events after which a page no longer waits for the worker
STRETCH = 1_000  # events read in one transaction: nobody else may write for long beside it
AT_ONCE = 500  # items folded with the same few statements
FEW = 50  # items whose migrations are looked for by name
TRIES = 3

_OF_A_PIECE = (
    "kind", "entered_at", "left_at", "lasted", "arrived", "departed", "archived",
    "committed", "in_progress", "after_publication", "published_at", "blocked",
)  # fmt: skip
_MOMENTS, _LENGTHS = ("entered_at", "left_at", "published_at"), ("lasted", "blocked")
_COLUMNS = ("item_id", "board_id", "stage_id", *_OF_A_PIECE)

# A row as it is kept, in the order of _COLUMNS.
Row = tuple[Any, ...]


def catch_up(workspace: Workspace, *, wait: bool = True) -> bool:
    """Read the log to its end and bring the rows up to date; whether anything was new.

    Each stretch of the log is a transaction of its own. Two at once do the work once; the second
    one waits for the first, or with `wait=False` leaves it to it.
    """
    folded: dict[str, int] = {}
    was_behind = False
    while lag(workspace):
        was_behind = True
        try:
            _read_on(workspace, folded, wait)
        except OperationalError:
            if wait:
                raise
            break
    return was_behind


def lag(workspace: Workspace) -> int:
    """How many events the rows do not know yet."""
    last, seen = state(workspace)
    return last - seen


def state(workspace: Workspace) -> tuple[int, int]:
    """The number of the last event, and of the last one that the rows know, at one moment."""
    seen = ReaderCursor.objects.filter(workspace=OuterRef("pk"), reader=READER)
    known = Coalesce(Subquery(seen.values("seq")[:1]), 0)
    found = Workspace.objects.annotate(known=known).values_list("last_seq", "known")
    return found.get(pk=workspace.pk)


def is_far_behind(workspace: Workspace) -> bool:
    """Whether so much has happened that a page should not wait for the figures."""
    return lag(workspace) > FAR_BEHIND


def behind() -> list[Workspace]:
    """The workspaces whose log has grown since."""
    cursors = ReaderCursor.objects.filter(workspace=OuterRef("pk"), reader=READER)
    known = Coalesce(Subquery(cursors.values("seq")[:1]), 0)
    return list(Workspace.objects.filter(last_seq__gt=known).order_by("pk"))


@transaction.atomic
def refill(workspace: Workspace) -> None:
    """Forget every stay of the workspace and fold the whole log anew."""
    cursor = _cursor(workspace)
    last = Workspace.objects.values_list("last_seq", flat=True).get(pk=workspace.pk)
    Stay.objects.filter(workspace=workspace)._raw_delete(using=Stay.objects.db)
    items = ContentItem.objects.filter(workspace=workspace).order_by("pk")
    for some in _portions(list(items.values_list("public_id", flat=True))):
        refold(workspace, some)
    cursor.seq = last
    cursor.save(update_fields=["seq"])


def _read_on(workspace: Workspace, folded: dict[str, int], wait: bool) -> None:
    """Read one stretch. `folded`: what this run has folded already, and how far it then knew."""
    for tries_left in reversed(range(TRIES)):
        try:
            with transaction.atomic():
                return _read_stretch(workspace, folded, wait)
        except IntegrityError:  # an item was deleted meanwhile; the log says so next time
            if not tries_left:
                raise
    return None


def _read_stretch(workspace: Workspace, folded: dict[str, int], wait: bool) -> None:
    cursor = _cursor(workspace, wait=wait)
    last = Workspace.objects.values_list("last_seq", flat=True).get(pk=workspace.pk)
    news = list(
        Event.objects.after(workspace.pk, cursor.seq)
        .filter(seq__lte=last, type__in=(*OWN, MIGRATED))
        .values_list("seq", "type", "subject")[:STRETCH]
    )
    end = news[-1][0] if len(news) == STRETCH else last
    touched = dict(_touched(workspace, news))
    todo = [item for item, seq in touched.items() if folded.get(item, 0) < seq]
    for some in _portions(todo):
        refold(workspace, some)
    folded |= dict.fromkeys(todo, last)
    cursor.seq = max(cursor.seq, end)
    cursor.save(update_fields=["seq"])


def _touched(
    workspace: Workspace, news: Sequence[tuple[int, str, str]]
) -> Iterator[tuple[str, int]]:
    """The items that the news concern, each with its latest number."""
    migrations = [seq for seq, type, _subject in news if type == MIGRATED]
    moved = dict(
        Event.objects.filter(workspace=workspace, seq__in=migrations).values_list(
            "seq", "data__items"
        )
    )
    for seq, type, subject in news:
        if type == MIGRATED:
            yield from ((item, seq) for item in moved[seq])
        else:
            yield subject, seq


def _cursor(workspace: Workspace, *, wait: bool = True) -> ReaderCursor:
    """Held until the transaction ends."""
    nowait = not wait and connection.features.has_select_for_update_nowait
    cursor, _ = ReaderCursor.objects.select_for_update(nowait=nowait).get_or_create(
        workspace=workspace, reader=READER
    )
    return cursor


def _portions(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), AT_ONCE):
        yield items[start : start + AT_ONCE]


def refold(workspace: Workspace, items: Sequence[str]) -> None:
    """Make the rows of these items, named by public id, what the log says of them.

    A handful of statements for all of them; rows that are right already stay as they are.
    """
    rows = ContentItem.objects.filter(workspace=workspace, public_id__in=items)
    places = {item: at for item, *at in rows.values_list("public_id", "pk", "board_id")}
    if not places:
        return
    boards = {board for _pk, board in places.values()}
    stages = dict(Stage.objects.filter(board__in=boards).values_list("public_id", "pk"))
    there = _there([pk for pk, _board in places.values()])
    lines = lines_of(workspace, list(places))
    wrong: list[int] = []
    new: list[Row] = []
    for item, (pk, board) in places.items():
        wanted = [
            (pk, board, stages.get(piece.stage), *(getattr(piece, name) for name in _OF_A_PIECE))
            for piece in _folded(item, lines[item])
        ]
        right = _alike(there[pk], wanted)
        wrong += [row for row, *_ in there[pk][right:]]
        new += wanted[right:]
    if wrong:
        Stay.objects.filter(pk__in=wrong)._raw_delete(using=Stay.objects.db)
    _insert(workspace, new)


def _insert(workspace: Workspace, rows: Sequence[Row]) -> None:
    """Many rows in one go, without an object for each: the whole log may be folded anew."""
    if not rows:
        return
    moment = connection.ops.adapt_datetimefield_value
    length = Stay._meta.get_field("blocked").get_db_prep_value
    adapters = dict.fromkeys(_MOMENTS, moment)
    adapters |= {name: lambda value: length(value, connection) for name in _LENGTHS}
    adapt = [adapters.get(name) for name in _COLUMNS]
    names = ", ".join(("workspace_id", *_COLUMNS))
    marks = ", ".join(["%s"] * (1 + len(_COLUMNS)))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {Stay._meta.db_table} ({names}) VALUES ({marks})",  # noqa: S608
            [
                (workspace.pk, *(f(v) if f else v for f, v in zip(adapt, row, strict=True)))
                for row in rows
            ],
        )


def _folded(item: str, lines: Sequence[Mapping[str, Any]]) -> list[Piece]:
    """None for an item that the log contradicts: it must not keep the others waiting."""
    try:
        return pieces(lines)
    except ValueError as error:
        log.error("the log contradicts itself", item=item, error=str(error))
        return []


def lines_of(workspace: Workspace, items: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """The lines that concern each item, in the order of the log."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    wanted = ("seq", "type", "subject", "occurred_at", "data", "source")
    own = Event.objects.filter(workspace=workspace, subject__in=items, type__in=OWN)
    for event in own.order_by("seq").values(*wanted):
        found[event["subject"]].append(event)
    migrated = Event.objects.filter(workspace=workspace, type=MIGRATED)
    if len(items) <= FEW:
        migrated = migrated.filter(data__items__has_any_keys=list(items))
    for event in migrated.order_by("seq").values(*wanted):
        for item in event["data"]["items"].keys() & found.keys():
            found[item].append(event)
            found[item].sort(key=lambda line: line["seq"])
    return found


def _there(items: Iterable[int]) -> dict[int, list[tuple[int, Row]]]:
    """The rows of each item with their keys, in order."""
    found: dict[int, list[tuple[int, Row]]] = defaultdict(list)
    rows = Stay.objects.filter(item__in=items).order_by("item", "entered_at", "pk")
    for pk, *row in rows.values_list("pk", *_COLUMNS):
        found[row[0]].append((pk, tuple(row)))
    return found


def _alike(there: Sequence[tuple[int, Row]], wanted: Sequence[Row]) -> int:
    """How many of the first rows are right: what follows is written anew, to stay in order."""
    for number, ((_pk, row), want) in enumerate(zip(there, wanted, strict=False)):
        if row != want:
            return number
    return min(len(there), len(wanted))
