"""What a move holds and reads first: the item with its board, the stages and their gates.

Every move asks this, so the statements are few and built once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, FilteredRelation, Model, OuterRef, Q, QuerySet, Subquery

from production import faults
from production.models import Assignment, ContentItem, Gate, GatePass, Stage
from production.permissions import Seat
from production.prepared import Prepared, Slot


@dataclass(frozen=True, slots=True)
class Names:
    """A move in the words of a caller: public ids. What is not named is empty."""

    item: str
    stage: str = ""
    before: str = ""
    after: str = ""


def hold(item_id: int) -> ContentItem:
    """The item read anew, with its board; both rows are held until the transaction ends."""
    return _one(_BY_KEY.models(item=item_id))


def hold_named(names: Names, seat: Seat) -> ContentItem:
    """As `hold`, for the item of this name if the person may see it; DoesNotExist otherwise.

    It brings the keys of the other names along, as far as these are on its board: `to_id`,
    `before_id`, `after_id`.
    """
    return _one(
        _BY_NAME[seat.is_external].models(
            item=names.item,
            workspace=seat.workspace.pk,
            person=seat.user.pk,
            stage=names.stage,
            before=names.before,
            after=names.after,
        )
    )


def _one(found: list[ContentItem]) -> ContentItem:
    if not found:
        raise ContentItem.DoesNotExist
    faults.point("board-locked")
    return found[0]


def _holding(items: QuerySet[ContentItem]) -> QuerySet[ContentItem]:
    """With a lock on the board and then on the item, in the order of `production.locks`.

    One statement is enough: PostgreSQL reads a locked row anew when it had to wait for it. That is
    true of locked rows alone, so the stages are asked for afterwards.
    """
    items = items.select_related("board")
    if faults.is_on("no-board-lock"):
        return items
    return items.select_for_update(no_key=True, of=("board", "self"))


def _seen(items: QuerySet[ContentItem], is_external: bool) -> QuerySet[ContentItem]:
    if not is_external:
        return items
    return items.filter(Exists(Assignment.objects.filter(item=OuterRef("pk"), user=Slot("person"))))


def _named(is_external: bool) -> QuerySet[ContentItem]:
    def beside(name: str) -> Subquery:
        items = ContentItem.objects.filter(board=OuterRef("board"), public_id=Slot(name))
        return Subquery(_seen(items, is_external).values("pk"))

    items = ContentItem.objects.filter(public_id=Slot("item"), workspace=Slot("workspace"))
    stages = Stage.objects.filter(board=OuterRef("board"), public_id=Slot("stage"))
    return _seen(items, is_external).annotate(
        to_id=Subquery(stages.values("pk")), before_id=beside("before"), after_id=beside("after")
    )


_BY_KEY = Prepared(lambda: _holding(ContentItem.objects.filter(pk=Slot("item"))))
_BY_NAME = {
    False: Prepared(lambda: _holding(_named(is_external=False))),
    True: Prepared(lambda: _holding(_named(is_external=True))),
}


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


_STAGE, _GATE = _columns(Stage), _columns(Gate)
_STAGES = Prepared(
    lambda: (
        Stage.objects.filter(board=Slot("board"), retired_at=None)
        .annotate(
            asked=FilteredRelation("gates", condition=Q(gates__retired_at=None)),
            ticked=Exists(GatePass.objects.filter(gate=OuterRef("asked__id"), item=Slot("item"))),
        )
        .order_by("position", "id", "asked__position", "asked__id")
        .values_list(*_STAGE, *(f"asked__{name}" for name in _GATE), "ticked")
    )
)


class Plan:
    """The stages of a board in use, in order; the gates before them and what an item has ticked."""

    def __init__(self, rows: list[Any]) -> None:
        self.stages: list[Stage] = []
        self._asked: list[tuple[Stage, Any]] = []
        for row in rows:
            if not self.stages or self.stages[-1].pk != row[0]:
                self.stages.append(_made(Stage, _STAGE, row[: len(_STAGE)]))
            if row[len(_STAGE)] is not None:
                self._asked.append((self.stages[-1], row[len(_STAGE) :]))

    def stage(self, pk: int | None) -> Stage | None:
        return next((stage for stage in self.stages if stage.pk == pk), None)

    def gates_between(self, came_from: Stage, to: Stage) -> tuple[list[Gate], set[int]]:
        """The gates that a way onward passes, and those of them that are ticked."""
        here, there = came_from.position, to.position
        found, ticked = [], set()
        for stage, (*columns, is_ticked) in self._asked:
            if here < stage.position <= there:
                gate = _made(Gate, _GATE, columns)
                gate.stage = stage
                found.append(gate)
                ticked |= {gate.pk} if is_ticked else set()
        return found, ticked


def plan_of(item: ContentItem) -> Plan:
    """In one statement."""
    return Plan(_STAGES.rows(board=item.board_id, item=item.pk))


def _made(model: Any, names: list[str], values: Any) -> Any:
    return model.from_db(connection.alias, names, values)
