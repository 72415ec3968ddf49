from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import scripts
from production.api.actions import does
from production.api.fields import Answer, PersonBrief, Strict, Text, Whole
from production.api.items.base import ItemPart
from production.api.paging import bad, envelope
from production.api.problems import invalid
from production.models import Script, ScriptVersion


class ScriptAnswer(Answer):
    words = serializers.SerializerMethodField(help_text="How many.")
    updated_by = PersonBrief(read_only=True, allow_null=True)

    class Meta:
        model = Script
        fields = ("text", "version", "words", "updated_at", "updated_by")
        read_only_fields = fields
        extra_kwargs = {"version": {"help_text": "Its own, not the item's. 0: nothing yet."}}

    def get_words(self, script: Script) -> int:
        return scripts.words(script.text)


class ScriptBody(Strict):
    text = Text(max_length=scripts.LONGEST, allow_blank=True, help_text="Markdown.")
    version = Whole(
        required=False, min_value=0, max_value=2**31 - 1,
        help_text="The version you have seen, as with If-Match.",
    )  # fmt: skip


class VersionAnswer(Answer):
    by = PersonBrief(read_only=True, allow_null=True)

    class Meta:
        model = ScriptVersion
        fields = ("number", "at", "by", "text")
        read_only_fields = fields


class PieceAnswer(serializers.Serializer):
    op = serializers.ChoiceField(["same", "removed", "added"])
    text = serializers.CharField(max_length=scripts.LONGEST)


class DiffAnswer(serializers.Serializer):
    data = PieceAnswer(many=True, help_text="Joined without the removed: the new text.")


OLD = OpenApiParameter(
    "old", {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}, required=True
)
NEW = OpenApiParameter(
    "new",
    {"type": "integer", "minimum": 1, "maximum": 2**31 - 1},
    description="Without it: the present text.",
)


class Scripts(ItemPart):
    """The text of an item, a resource of its own with its own version."""

    noun: ClassVar[str] = "script"

    @does("item.see", answer=ScriptAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """The text as it is now."""
        script = scripts.of(self.item(id))
        return self.with_version(ScriptAnswer(script).data, script.version)

    @does("item.edit", body=ScriptBody, answer=ScriptAnswer, versioned=True)
    def update(self, request: Request, id: str) -> Response:
        """Replace the text. With If-Match or `version` only if it is still that one."""
        item, wish = self.workable(id), self.read(ScriptBody)
        current = scripts.of(item).version
        version = wish.get("version", current)
        if "If-Match" in request.headers and (asked := self.if_match(current)) is not None:
            version = asked
        saved = scripts.save(item, wish["text"], version=version, by=self.seat.user, at=self.at)
        return self._answer(saved.script)

    @does("item.see", answer=VersionAnswer, is_list=True)
    def versions(self, request: Request, id: str) -> Response:
        """The kept versions, newest first."""
        rows = scripts.versions(self.item(id))[:200]
        return Response(envelope(VersionAnswer(rows, many=True).data, None))

    @does("item.see", answer=DiffAnswer, parameters=[OLD, NEW])
    def diff(self, request: Request, id: str) -> Response:
        """What changed from one kept version to another, word by word."""
        item = self.item(id)
        old, new = self._number("old"), self._number("new")
        if old is None:
            raise invalid([bad("old", "required", "Say which version.")])
        try:
            pieces = scripts.compare(item, old, new)
        except ScriptVersion.DoesNotExist:
            raise Http404 from None
        return Response({"data": [{"op": piece.op, "text": piece.text} for piece in pieces]})

    @does("item.edit", answer=ScriptAnswer)
    def restore(self, request: Request, id: str, number: int) -> Response:
        """Bring a kept version back as the present text."""
        item = self.workable(id)
        try:
            saved = scripts.restore(item, number, by=self.seat.user, at=self.at)
        except ScriptVersion.DoesNotExist:
            raise Http404 from None
        return self._answer(saved.script)

    def _answer(self, script: Any) -> Response:
        return self.with_version(ScriptAnswer(script).data, script.version)

    def _number(self, name: str) -> int | None:
        text = self.request.query_params.get(name)
        if text is None:
            return None
        if not text.isascii() or not text.isdigit() or not 1 <= len(text) <= 9:
            raise invalid([bad(name, "invalid", "A version is a number.")])
        return int(text)
