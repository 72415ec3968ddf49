from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet

from production.api.door import Door
from production.api.lookups import items_of
from production.models import ContentItem


class ItemPart(Door):
    """Something that belongs to one item: found through the item, which is found by the seat."""

    noun: ClassVar[str] = "items"

    def item(self, id: str) -> ContentItem:
        rows = items_of(self.seat).select_related("stage", "workspace", "board", "channel")
        return self.found(rows, id)

    def workable(self, id: str) -> ContentItem:
        """The item, if the operation at hand may be done to it by this person in its stage."""
        item = self.item(id)
        self.seat.require_work_on(item, self.declared.operation)  # type: ignore[union-attr]
        return item

    def part(self, rows: QuerySet[Any], item: ContentItem, part: str) -> Any:
        row = self.found(rows.filter(item=item), part)
        row.item = item
        return row
