from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import items
from production.api.actions import does
from production.api.fields import PUBLIC_ID, Answer, PublicId
from production.api.items import bodies
from production.api.items.base import ItemPart
from production.api.items.writing import ItemAnswer, write
from production.api.lookups import items_of, whole_items_of
from production.api.paging import bad, envelope
from production.api.problems import problem_of, spoken
from production.api.schema import FieldError, RefusalAnswer
from production.errors import Invalid
from production.history import Past
from production.models import ContentItem


class OutcomeAnswer(Answer):
    id = PublicId(help_text="Of the item.")
    primary_kpi = serializers.CharField(max_length=30, allow_null=True)

    class Meta:
        model = ContentItem
        fields = (
            "id", "version", "primary_kpi", "target_value", "result_value", "decision",
            "decision_reason", "learning", "decided_at",
        )  # fmt: skip
        read_only_fields = fields


class StageTimeAnswer(serializers.Serializer):
    stage = serializers.CharField(max_length=60, help_text="Its name today, or then.")
    seconds = serializers.IntegerField(min_value=0, max_value=2**53)
    visits = serializers.IntegerField(min_value=0, max_value=100_000)
    waiting = serializers.BooleanField(help_text="Whether items only wait there.")


class TimesAnswer(serializers.Serializer):
    since = serializers.DateTimeField(help_text="When it began, or since when the log knows.")
    until = serializers.DateTimeField(help_text="Its first publication, or now.")
    lead_seconds = serializers.IntegerField(min_value=0, max_value=2**53)
    stages = StageTimeAnswer(many=True, help_text="Together: from its creation to now.")


class BulkAnswer(serializers.Serializer):
    """What happened to each item. One that was refused does not stop the others."""

    class Not(serializers.Serializer):
        id = serializers.CharField(max_length=30)
        refusals = RefusalAnswer(many=True, required=False)
        errors = FieldError(many=True, required=False)

        class Meta:
            ref_name = "BulkNot"

    done = serializers.ListField(child=serializers.CharField(max_length=30))
    refused = Not(many=True, help_text="The rules said no.")
    invalid = Not(many=True, help_text="Not found, or a value that does not fit.")


class ItemActs(ItemPart):
    @does(
        "item.derive", body=bodies.Pieces, answer=ItemAnswer, is_list=True, refuses=True, status=201
    )
    def derive(self, request: Request, id: str) -> Response:
        """Cut a main piece into derivatives, each an item of its own; all of them or none.

        They inherit promise, pillar, goal, KPIs, call to action and address.
        """
        main = self.found(whole_items_of(self.seat), id)
        self.seat.require_work_on(main, "item.derive")
        pieces = self.read(bodies.Pieces)["pieces"]
        made = items.derive(main, pieces, seat=self.seat, at=self.at)
        rows = whole_items_of(self.seat).filter(pk__in=[item.pk for item in made])
        prefix = self.seat.workspace.item_prefix
        said = [write(row, prefix) for row in rows.order_by("public_id")]
        return Response(envelope(said, None), 201)

    @does("item.see", answer=ItemAnswer, is_list=True)
    def derivatives(self, request: Request, id: str) -> Response:
        """The pieces that were cut from an item and are not archived."""
        item, prefix = self.item(id), self.seat.workspace.item_prefix
        rows = whole_items_of(self.seat).filter(parent=item, archived_at=None)
        said = [write(row, prefix) for row in rows.order_by("public_id")[:200]]
        return Response(envelope(said, None))

    @does("item.see", answer=OutcomeAnswer, versioned=True)
    def outcome(self, request: Request, id: str) -> Response:
        """What came of an item: its result against its KPI, and the decision."""
        return self._answer_outcome(self.found(whole_items_of(self.seat), id))

    @does("outcome.record", body=bodies.Outcome, answer=OutcomeAnswer, versioned=True)
    def record_outcome(self, request: Request, id: str) -> Response:
        """Record result, decision, its reason and what was learned; what is left out is emptied."""
        item = self.found(whole_items_of(self.seat), id)
        self.seat.require_work_on(item, "outcome.record")
        sent = self.read(bodies.Outcome)
        empty = {name: None if name == "result_value" else "" for name in bodies.OUTCOME}
        edited = items.edit(
            item,
            empty | sent,
            by=self.seat.user,
            at=self.at,
            version=self.if_match(item.version),
        )
        return self._answer_outcome(edited.item)

    @does("item.see", answer=TimesAnswer)
    def times(self, request: Request, id: str) -> Response:
        """Where an item's time went, stage by stage."""
        past = Past(self.item(id), self.at)
        return Response(
            {
                "since": past.since,
                "until": past.until,
                "lead_seconds": _seconds(past.until - past.since),
                "stages": [
                    {
                        "stage": each.name,
                        "seconds": _seconds(each.duration),
                        "visits": each.visits,
                        "waiting": each.waiting,
                    }
                    for each in past.stage_times()
                ],
            }
        )

    @does("item.bulk", body=bodies.Bulk, answer=BulkAnswer)
    def bulk(self, request: Request) -> Response:
        """The same change to many items: fields, stage, archiving, more labels, more people.

        Each item stands under its own rules; the answer says for each what came of it.
        """
        wish = self.read(bodies.Bulk)
        changes, to = wish.get("changes", {}), wish.get("stage")
        asked = list(dict.fromkeys(wish["ids"]))
        sane = [id for id in asked if PUBLIC_ID.fullmatch(id)]
        rows = items_of(self.seat).select_related("stage", "workspace", "board")
        found = {row.public_id: row for row in rows.filter(public_id__in=sane)}
        wrong = [_not_found(id) for id in asked if id not in found]
        if to is not None:
            elsewhere = [id for id, row in found.items() if row.board_id != to.board_id]
            wrong += [_other_board(id) for id in elsewhere]
            found = {id: row for id, row in found.items() if row.board_id == to.board_id}
        result = items.edit_many(
            [found[id] for id in asked if id in found],
            seat=self.seat,
            at=self.at,
            changes=changes,
            to=to,
            archiving=wish["archive"],
            add_labels=wish.get("add_labels", ()),
            add_assignees=wish.get("add_assignees", ()),
        )
        return Response(
            {
                "done": [item.public_id for item in result.done],
                "refused": [
                    {"id": item.public_id, "refusals": [spoken(each) for each in refusals]}
                    for item, refusals in result.refused
                ],
                "invalid": wrong + [_invalid(item, error) for item, error in result.invalid],
            }
        )

    def _answer_outcome(self, item: ContentItem) -> Response:
        said = {name: getattr(item, name) for name in OutcomeAnswer.Meta.fields if name != "id"}
        said |= {
            "id": item.public_id,
            "primary_kpi": item.primary_kpi.public_id if item.primary_kpi else None,
        }
        return self.with_version(said, item.version)


def _seconds(duration: Any) -> int:
    return max(0, round(duration.total_seconds()))


def _not_found(id: str) -> dict[str, Any]:
    return {"id": id, "errors": [bad("id", "does_not_exist", "There is no such item.")]}


def _other_board(id: str) -> dict[str, Any]:
    return {"id": id, "errors": [bad("stage", "other_board", "The stage is on another board.")]}


def _invalid(item: ContentItem, error: Invalid) -> dict[str, Any]:
    return {"id": item.public_id, "errors": problem_of(error).more["errors"]}
