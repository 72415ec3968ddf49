from __future__ import annotations

from typing import ClassVar

from django.db.models import Q, QuerySet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import savedviews
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Linked, PublicId, Strict, Text, Truth
from production.models import Board, SavedView


class ViewAnswer(Answer):
    """A board's filters under a name; `query` is the query string of page and API alike."""

    id = PublicId()
    board = Linked(read_only=True)
    own = serializers.SerializerMethodField()

    class Meta:
        model = SavedView
        fields = ("id", "board", "name", "query", "shared", "own", "created_at")
        read_only_fields = fields

    def get_own(self, view: SavedView) -> bool:
        return view.owner_id == self.context["user_id"]


class ViewBody(Strict):
    board = Linked(queryset=Board.objects.all())
    name = Text(max_length=60)
    query = Text(max_length=1000, allow_blank=True, help_text="channel=chn_…&mine=true")
    shared = Truth(required=False, default=False, help_text="For the whole team.")


class SharedBody(Strict):
    shared = Truth()


class SavedViews(Door):
    noun: ClassVar[str] = "saved-views"

    @does("board.see", answer=ViewAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """Your own views, and those the team shares."""
        return self.page(self._visible(), self._write, {"created": "public_id"})

    @does("view.save", body=ViewBody, answer=ViewAnswer, status=201)
    def create(self, request: Request) -> Response:
        """Keep filters under a name; the same name on the same board replaces them."""
        wish = self.read(ViewBody)
        view = savedviews.save(wish.pop("board"), seat=self.seat, **wish)
        return self.created(self._write(view), view)

    @does("view.share", body=SharedBody, answer=ViewAnswer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Show your own view to the team, or to nobody else any more."""
        view, shared = self._view(id), self.read(SharedBody)["shared"]
        savedviews.share(view, seat=self.seat, shared=shared)
        return Response(self._write(view))

    @does("view.save", status=204)
    def destroy(self, request: Request, id: str) -> Response:
        """Forget a view."""
        savedviews.delete(self._view(id), seat=self.seat)
        return Response(status=204)

    def _visible(self) -> QuerySet[SavedView]:
        own = Q(owner=self.seat.user)
        whose = own if self.seat.is_external else own | Q(shared=True)
        return SavedView.objects.filter(whose, workspace=self.seat.workspace).select_related(
            "board"
        )

    def _view(self, id: str) -> SavedView:
        return self.found(self._visible(), id)

    def _write(self, view: SavedView) -> dict[str, object]:
        return ViewAnswer(view, context={"user_id": self.seat.user.pk}).data
