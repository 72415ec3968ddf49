from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from production import items
from production.api.actions import does
from production.api.door import Door
from production.api.items import bodies
from production.api.items.filtering import FILTERS, filtered
from production.api.items.writing import ItemAnswer, write
from production.api.lookups import boards_of, whole_items_of
from production.api.paging import since
from production.api.problems import Problem, invalid
from production.models import ContentItem

ORDERS = {"updated": "updated_at", "created": "public_id"}
ORDER = OpenApiParameter(
    "order",
    {"type": "string", "enum": ["updated", "-updated", "created", "-created"]},
    description="Rising, or falling with a minus.",
)
UPDATED_SINCE = OpenApiParameter(
    "updated_since",
    {"type": "string", "format": "date-time"},
    description="Only what changed at or after this moment; say its offset.",
)


class Items(Door):
    noun: ClassVar[str] = "items"

    @does("item.see", answer=ItemAnswer, is_page=True, parameters=[ORDER, UPDATED_SINCE, *FILTERS])
    def list(self, request: Request) -> Response:
        """Items, a page at a time.

        The filters are those of the board page. Archived items only with `archived=true`.
        """
        rows = filtered(request, since(request, whole_items_of(self.seat)), self.seat)
        return self.page(rows, self._write, ORDERS)

    @does("item.create", body=bodies.NewItem, answer=ItemAnswer, status=201, refuses=True)
    def create(self, request: Request) -> Response:
        """Write down a new item.

        It stands last in the first stage of the board unless told otherwise.
        """
        values = dict(self.read(bodies.NewItem))
        self._require_rights(values)
        board = values.pop("board", None) or self._first_board()
        stage, title = values.pop("stage", None), values.pop("title")
        if stage is not None and stage.board_id != board.pk:
            raise _bad("stage", "does_not_exist", "The stage is not one of this board.")
        with_template = values.pop("use_template")
        how: dict[str, Any] = {
            "title": title, "seat": self.seat, "at": self.at, "stage": stage, "values": values,
        }  # fmt: skip
        if with_template and (template := values.pop("format", None)) is None:
            raise _bad("format", "required", "A template needs a format.")
        item = (
            items.from_format(board, template, **how)
            if with_template
            else items.create(board, **how)
        )
        item.board = board
        said = write(
            item,
            self.seat.workspace.item_prefix,
            labels=values.get("labels", ()),
            assignees=values.get("assignees", ()),
        )
        place = request.build_absolute_uri(f"{request.path}{item.public_id}/")
        return self.with_version(said, item.version, 201, Location=place)

    @does("item.see", answer=ItemAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One item."""
        item = self.item(id)
        return self.with_version(self._write(item), item.version)

    @does("item.edit", body=bodies.ItemChanges, answer=ItemAnswer, versioned=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change the fields that are sent, and no others.

        With `If-Match` only when the version is still that one; the answer 412 shows both values.
        Without it the last writer of a field wins, field by field.
        """
        item = self.item(id)
        changes = self.read(bodies.ItemChanges, instance=item, partial=True)
        self.seat.require_work_on(item, "item.edit")
        self._require_rights(changes)
        with transaction.atomic():  # the answer shows this edit, not a later one by others
            edited = items.edit(
                item, changes, by=self.seat.user, at=self.at, version=self.if_match(item.version)
            )
            said = self._write(self.item(id)) if edited.event else self._write(item)
        return self.with_version(said, edited.item.version)

    # --- used by every noun below an item ---------------------------------------------------

    def item(self, id: str) -> ContentItem:
        return self.found(whole_items_of(self.seat), id)

    def _write(self, item: ContentItem) -> dict[str, Any]:
        return write(item, self.seat.workspace.item_prefix)

    def _require_rights(self, changes: Any) -> None:
        """Some fields are more than an edit."""
        if "assignees" in changes:
            self.seat.require("item.assign")
        if set(bodies.OUTCOME) & set(changes):
            self.seat.require("outcome.record")

    def _first_board(self) -> Any:
        board = boards_of(self.seat).filter(archived_at=None).order_by("position", "id").first()
        if board is None:
            raise _bad("board", "required", "The workspace has no board.")
        return board


def _bad(field: str, code: str, message: str) -> Problem:
    return invalid([{"field": field, "code": code, "message": message}])
