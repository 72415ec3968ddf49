from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from production.comments import people_of
from production.items.create import DERIVATIVES
from production.itemview import sources
from production.itemview.seen import Seen
from production.itemview.sources import Source
from production.markdown import render
from production.models import Asset, ChecklistEntry, Comment, ContentItem, User


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with its words as safe HTML, and what this person may do with it."""

    comment: Comment
    html: str
    mine: bool
    removable: bool


class Around(Seen):
    """What stands around the work: details, cuts, sources, files, what people say."""

    @property
    def description_html(self) -> str:
        return render(self.item.description, below=3)

    @cached_property
    def labels(self) -> list[Any]:
        return list(self.item.labels.order_by("name", "id"))

    @cached_property
    def main(self) -> ContentItem | None:
        if self.item.parent_id is None:
            return None
        return self._tree.filter(pk=self.item.parent_id).first()

    @property
    def promise_differs(self) -> bool:
        """Whether this derivative promises something else than its main piece (R91)."""
        return self.main is not None and self.main.promise != self.item.promise

    @cached_property
    def derivatives(self) -> list[ContentItem]:
        """The cuts of this main piece, or of the main piece that this is a cut of."""
        root = self.item.parent_id or self.item.pk
        return list(self._tree.filter(parent=root, archived_at=None).order_by("number"))

    @cached_property
    def _tree(self) -> Any:
        return self.visible.select_related("workspace", "stage", "channel", "primary_kpi")

    @property
    def least_derivatives(self) -> int:
        return DERIVATIVES[0]

    @property
    def most_derivatives(self) -> int:
        return DERIVATIVES[1]

    @property
    def derivatives_share(self) -> float:
        return len(self.derivatives) / DERIVATIVES[1]

    @property
    def derivatives_target(self) -> float:
        return DERIVATIVES[0] / DERIVATIVES[1]

    @property
    def derivatives_missing(self) -> int:
        return max(DERIVATIVES[0] - len(self.derivatives), 0)

    @property
    def derivatives_cost(self) -> Any:
        """What a cut costs on average, where any cost is known."""
        known = [each.cost for each in self.derivatives if each.cost is not None]
        return sum(known) / len(known) if known else None

    @property
    def sources(self) -> list[Source]:
        return sources.read(self.item.sources)

    @property
    def image_sources(self) -> list[Source]:
        return sources.read(self.item.image_sources)

    @property
    def ai_used_for(self) -> list[Source]:
        return sources.read(self.item.ai_used_for)

    @cached_property
    def checklist(self) -> list[ChecklistEntry]:
        found = ChecklistEntry.objects.filter(item=self.item)
        return list(found.order_by("position", "id"))

    @property
    def checklist_groups(self) -> list[tuple[str, list[ChecklistEntry]]]:
        """The lines by group, groups in the order of their first line."""
        order = list(dict.fromkeys(entry.group for entry in self.checklist))
        arranged = sorted(self.checklist, key=lambda entry: order.index(entry.group))
        return [(name, list(entries)) for name, entries in groupby(arranged, lambda e: e.group)]

    @property
    def checklist_done(self) -> int:
        return sum(entry.done for entry in self.checklist)

    @cached_property
    def assets(self) -> list[Asset]:
        found = Asset.objects.filter(item=self.item).select_related("added_by")
        return list(found.order_by("id"))

    @property
    def pictures(self) -> list[Asset]:
        return [each for each in self.assets if each.mime.startswith("image/")]

    @property
    def asset_roles(self) -> list[tuple[str, Any]]:
        return Asset.Role.choices

    @cached_property
    def mentionable(self) -> list[User]:
        """Everybody who may be mentioned, by name."""
        return people_of(self.item)

    @cached_property
    def comments(self) -> list[Said]:
        names = [person.name for person in self.mentionable]
        found = Comment.objects.filter(item=self.item).select_related("author")
        return [self._said(each, names) for each in found.order_by("created_at", "id")]

    def _said(self, comment: Comment, names: list[str]) -> Said:
        mine = comment.author_id == self.seat.user.pk
        gone = comment.deleted_at is not None
        html = "" if gone else render(comment.text, breaks=True, names=names, below=3)
        removable = not gone and self.may.comment and (mine or self.may.moderate)
        return Said(comment, html, mine and not gone and self.may.comment, removable)
