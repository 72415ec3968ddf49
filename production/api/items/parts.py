from __future__ import annotations

from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from production import checklists, comments, hooks
from production.api.actions import does
from production.api.fields import (
    Answer,
    Moment,
    Order,
    PersonBrief,
    PublicId,
    Strict,
    StrictModel,
    Text,
    Truth,
)
from production.api.items.base import ItemPart
from production.models import ChecklistEntry, Comment, Hook


class HookAnswer(Answer):
    id = PublicId()

    class Meta:
        model = Hook
        fields = ("id", "text", "hook_type", "note", "chosen", "chosen_reason", "position")
        read_only_fields = fields


class HookBody(StrictModel):
    class Meta:
        model = Hook
        fields = ("text", "hook_type", "note")


class Reason(Strict):
    reason = Text(max_length=300, help_text="Why this one.")


class Hooks(ItemPart):
    """Openings for the first two seconds."""

    noun: ClassVar[str] = "hooks"

    @does("item.see", answer=HookAnswer, is_list=True)
    def list(self, request: Request, id: str) -> Response:
        """The openings of an item, in their order."""
        return self._all(self.item(id))

    @does("item.edit", body=HookBody, answer=HookAnswer, status=201, refuses=True)
    def create(self, request: Request, id: str) -> Response:
        """Write down one more opening."""
        item = self.workable(id)
        hook = hooks.add(item, **self.read(HookBody), by=self.seat.user, at=self.at)
        return self.created(HookAnswer(hook).data, hook)

    @does("item.edit", body=HookBody, answer=HookAnswer)
    def partial_update(self, request: Request, id: str, hook: str) -> Response:
        """Change text, type or note of an opening."""
        found = self._hook(id, hook)
        changes = self.read(HookBody, partial=True)
        return Response(HookAnswer(hooks.edit(found, changes, by=self.seat.user, at=self.at)).data)

    @does("item.edit", status=204)
    def destroy(self, request: Request, id: str, hook: str) -> Response:
        """Take an opening away."""
        hooks.remove(self._hook(id, hook), by=self.seat.user, at=self.at)
        return Response(status=204)

    @does("item.edit", body=Reason, answer=HookAnswer)
    def choose(self, request: Request, id: str, hook: str) -> Response:
        """Choose this opening instead of any other, with a reason."""
        found, reason = self._hook(id, hook), self.read(Reason)["reason"]
        chosen = hooks.choose(found, reason=reason, by=self.seat.user, at=self.at)
        return Response(HookAnswer(chosen).data)

    @does("item.edit", answer=HookAnswer)
    def unchoose(self, request: Request, id: str, hook: str) -> Response:
        """None is chosen any more."""
        found = self._hook(id, hook)
        return Response(HookAnswer(hooks.unchoose(found, by=self.seat.user, at=self.at)).data)

    @does("item.edit", body=Order, answer=HookAnswer, is_list=True)
    def reorder(self, request: Request, id: str) -> Response:
        """Put the openings into this order; those not named follow as they were."""
        item = self.workable(id)
        hooks.reorder(item, self.read(Order)["order"], by=self.seat.user, at=self.at)
        return self._all(item)

    def _all(self, item: Any) -> Response:
        return self.all(Hook.objects.filter(item=item).order_by("position", "id"), HookAnswer)

    def _hook(self, id: str, hook: str) -> Hook:
        return self.part(Hook.objects.all(), self.workable(id), hook)


class EntryAnswer(Answer):
    id = PublicId()

    class Meta:
        model = ChecklistEntry
        fields = ("id", "group", "text", "done", "position")
        read_only_fields = fields


class EntryBody(StrictModel):
    class Meta:
        model = ChecklistEntry
        fields = ("group", "text")


class EntryState(Strict):
    done = Truth()


class Checklist(ItemPart):
    """Lines to tick: B-roll, sub-tasks."""

    noun: ClassVar[str] = "checklist"

    @does("item.see", answer=EntryAnswer, is_list=True)
    def list(self, request: Request, id: str) -> Response:
        """The lines of an item, in their order."""
        return self._all(self.item(id))

    @does("item.edit", body=EntryBody, answer=EntryAnswer, status=201, refuses=True)
    def create(self, request: Request, id: str) -> Response:
        """One more line, below the others."""
        item = self.workable(id)
        entry = checklists.add(item, **self.read(EntryBody), by=self.seat.user, at=self.at)
        return self.created(EntryAnswer(entry).data, entry)

    @does("item.edit", body=EntryState, answer=EntryAnswer)
    def partial_update(self, request: Request, id: str, entry: str) -> Response:
        """Tick a line, or take the tick back. Twice is once."""
        found = self._entry(id, entry)
        verb = checklists.tick if self.read(EntryState)["done"] else checklists.untick
        return Response(EntryAnswer(verb(found, by=self.seat.user, at=self.at)).data)

    @does("item.edit", status=204)
    def destroy(self, request: Request, id: str, entry: str) -> Response:
        """Take a line away."""
        checklists.remove(self._entry(id, entry), by=self.seat.user, at=self.at)
        return Response(status=204)

    @does("item.edit", body=Order, answer=EntryAnswer, is_list=True)
    def reorder(self, request: Request, id: str) -> Response:
        """Put the lines into this order; those not named follow as they were."""
        item = self.workable(id)
        checklists.reorder(item, self.read(Order)["order"], by=self.seat.user, at=self.at)
        return self._all(item)

    def _all(self, item: Any) -> Response:
        rows = ChecklistEntry.objects.filter(item=item).order_by("position", "id")
        return self.all(rows, EntryAnswer)

    def _entry(self, id: str, entry: str) -> ChecklistEntry:
        return self.part(ChecklistEntry.objects.all(), self.workable(id), entry)


class CommentAnswer(Answer):
    id = PublicId()
    author = PersonBrief(allow_null=True, read_only=True)
    mentions = PersonBrief(many=True, read_only=True)
    created_at = Moment(read_only=True)

    class Meta:
        model = Comment
        fields = (
            "id", "author", "author_name", "text", "mentions", "created_at", "edited_at",
            "deleted_at",
        )  # fmt: skip
        read_only_fields = fields


class CommentBody(Strict):
    text = Text(max_length=10_000, help_text="Markdown; @Name tells that person.")


class Comments(ItemPart):
    noun: ClassVar[str] = "comments"

    @does("item.see", answer=CommentAnswer, is_page=True)
    def list(self, request: Request, id: str) -> Response:
        """What was said about an item. A deleted comment stays, without its words."""
        rows = Comment.objects.filter(item=self.item(id))
        rows = rows.select_related("author").prefetch_related("mentions")
        return self.page(rows, CommentAnswer, {"created": "created_at"})

    @does("comment.add", body=CommentBody, answer=CommentAnswer, status=201)
    def create(self, request: Request, id: str) -> Response:
        """Say something; whoever is mentioned and sees the item is told."""
        item = self.workable(id)
        comment = comments.add(item, self.read(CommentBody)["text"], by=self.seat.user, at=self.at)
        return self.created(CommentAnswer(comment).data, comment)

    @does("comment.add", body=CommentBody, answer=CommentAnswer, refuses=True)
    def partial_update(self, request: Request, id: str, comment: str) -> Response:
        """Say it differently; one's own only."""
        found = self._comment(id, comment)
        text = self.read(CommentBody)["text"]
        edited = comments.edit(found, text, by=self.seat.user, at=self.at)
        return Response(CommentAnswer(edited).data)

    @does("comment.add", status=204)
    def destroy(self, request: Request, id: str, comment: str) -> Response:
        """Take the words away: one's own, or as an owner anybody's."""
        comments.delete(self._comment(id, comment), seat=self.seat, at=self.at)
        return Response(status=204)

    def _comment(self, id: str, comment: str) -> Comment:
        return self.part(Comment.objects.select_related("author"), self.workable(id), comment)
