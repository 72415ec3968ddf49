from __future__ import annotations

from typing import ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import items, moves
from production.api.actions import does
from production.api.door import Door
from production.api.fields import PUBLIC_ID
from production.api.items import bodies
from production.api.items.writing import EventId, PlaceAnswer, event_id, place
from production.api.lookups import items_of
from production.api.problems import spoken
from production.api.schema import RefusalAnswer
from production.models import ContentItem


class MovedAnswer(PlaceAnswer):
    warnings = RefusalAnswer(many=True, help_text=_("Limits that only warn."))
    anchor_gone = serializers.BooleanField(
        help_text=_("An anchor was no longer there; the nearest place was taken.")
    )
    event = EventId(allow_null=True, help_text=_("Its line in the log; null: nothing changed."))


class StageBrief(serializers.Serializer):
    id = serializers.CharField(max_length=30)
    name = serializers.CharField(max_length=60)
    kind = serializers.CharField(max_length=10)


class OptionAnswer(serializers.Serializer):
    stage = StageBrief()
    allowed = serializers.BooleanField()
    refusals = RefusalAnswer(many=True)
    warnings = RefusalAnswer(many=True)


class OptionsAnswer(serializers.Serializer):
    data = OptionAnswer(many=True)


EXAMPLES = [
    OpenApiExample(
        "To the top of a stage",
        {"stage": "stg_01JQ8Z6T2M4N5P6Q7R8S9TAVBW", "before": "itm_01JQ8Z6T2MAAAAAAAAAAAAAAAA"},
        request_only=True,
    ),
    OpenApiExample(
        "Refused",
        {
            "type": "urn:putki:problem:refused",
            "title": "Refused",
            "status": 409,
            "detail": "Edit still needs: Shots are in. Edit is full (3 of 3). Move something out.",
            "instance": "urn:putki:request:5f0c6a1b2d3e4f50",
            "code": "refused",
            "request_id": "5f0c6a1b2d3e4f50",
            "refusals": [
                {
                    "code": "gate_open",
                    "detail": "Edit still needs: Shots are in.",
                    "params": {
                        "stage": "Edit",
                        "gate": "Shots are in",
                        "gate_id": "gat_01JQ8Z6T2M4N5P6Q7R8S9TAVBW",
                        "have": 0,
                        "need": 1,
                    },
                    "overridable": True,
                },
                {
                    "code": "wip_limit",
                    "detail": "Edit is full (3 of 3). Move something out.",
                    "params": {"stage": "Edit", "count": 3, "limit": 3},
                    "overridable": True,
                },
            ],
        },
        response_only=True,
        status_codes=["409"],
        media_type="application/problem+json",
    ),
]


class Moves(Door):
    """Where an item stands: moved, taken back, asked about."""

    noun: ClassVar[str] = "items"

    @does(
        "item.move", body=bodies.Move, answer=MovedAnswer, refuses=True, versioned=True,
        examples=EXAMPLES,
    )  # fmt: skip
    def move(self, request: Request, id: str) -> Response:
        """Put the item into a stage, at a place in it, or both.

        All rules apply; a refusal (409) lists every reason. The place is named by a neighbour:
        `before` or `after`; without one the item goes last. One call does stage and place.
        """
        wish = self.read(bodies.Move)
        names = {name: _sane(wish.get(name) or "") for name in ("stage", "before", "after")}
        versions = [wish["version"]] if "version" in wish else []
        if "If-Match" in request.headers:
            versions = self.versions_asked()
        try:
            moved = moves.move_named(
                moves.Names(_sane(id), **names),
                seat=self.seat,
                at=self.at,
                versions=versions,
                override=wish.get("override", ""),
            )
        except ContentItem.DoesNotExist:
            raise Http404 from None
        return self._answer_moved(moved)

    @does("item.move", answer=MovedAnswer, refuses=True)
    def undo(self, request: Request, id: str) -> Response:
        """Take back your own last move of the item, within 30 seconds.

        Both moves then count for nothing in the figures.
        """
        item = self.found(items_of(self.seat), id)
        return self._answer_moved(moves.undo(item, seat=self.seat, at=self.at))

    @does("item.see", answer=OptionsAnswer)
    def options(self, request: Request, id: str) -> Response:
        """Every stage of the board, and what a move there would be told."""
        rows = items_of(self.seat).select_related("stage", "workspace")
        item = self.found(rows, id)
        return Response(
            {
                "data": [
                    {
                        "stage": {
                            "id": option.stage.public_id,
                            "name": option.stage.name,
                            "kind": option.stage.kind,
                        },
                        "allowed": not option.refusals,
                        "refusals": [spoken(each) for each in option.refusals],
                        "warnings": [spoken(each) for each in option.warnings],
                    }
                    for option in moves.options(item, seat=self.seat)
                ]
            }
        )

    @does("item.archive", answer=PlaceAnswer)
    def archive(self, request: Request, id: str) -> Response:
        """Take the item off the board; it keeps its key and its past. Twice is once."""
        return self._answer_place(items.archive(self._whole(id), seat=self.seat, at=self.at))

    @does("item.archive", answer=PlaceAnswer, refuses=True)
    def restore(self, request: Request, id: str) -> Response:
        """Put an archived item back, last in its stage."""
        return self._answer_place(items.restore(self._whole(id), seat=self.seat, at=self.at))

    @does("item.edit", body=bodies.Block, answer=PlaceAnswer)
    def block(self, request: Request, id: str) -> Response:
        """Say why the item cannot go on. A blocked item does not move."""
        item, wish = self._whole(id), self.read(bodies.Block)
        self.seat.require_work_on(item)
        reason = wish["reason"]
        return self._answer_place(items.block(item, reason=reason, by=self.seat.user, at=self.at))

    @does("item.edit", answer=PlaceAnswer)
    def unblock(self, request: Request, id: str) -> Response:
        """The item may go on. Twice is once."""
        item = self._whole(id)
        self.seat.require_work_on(item)
        return self._answer_place(items.unblock(item, by=self.seat.user, at=self.at))

    def _whole(self, id: str) -> ContentItem:
        return self.found(items_of(self.seat).select_related("stage", "workspace"), id)

    def _answer_moved(self, moved: moves.Moved) -> Response:
        prefix = self.seat.workspace.item_prefix
        said = place(moved.item, prefix) | {
            "warnings": [spoken(each) for each in moved.warnings],
            "anchor_gone": moved.anchor_gone,
            "event": event_id(moved.event),
        }
        return self.with_version(said, moved.item.version)

    def _answer_place(self, item: ContentItem) -> Response:
        return self.with_version(place(item, self.seat.workspace.item_prefix), item.version)


def _sane(public_id: str) -> str:
    """An id that nothing has, for a text that is none."""
    return public_id if not public_id or PUBLIC_ID.fullmatch(public_id) else "?"
