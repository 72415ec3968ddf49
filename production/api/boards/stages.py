from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from production import boards
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Linked, Order, PublicId, Strict, StrictModel, Text
from production.api.lookups import boards_of, stages_of
from production.models import Board, Stage


class StageAnswer(Answer):
    """A column of a board."""

    id = PublicId()
    board = Linked(read_only=True)

    class Meta:
        model = Stage
        fields = (
            "id", "board", "name", "kind", "position", "wip_limit", "limit_mode", "waiting",
            "version", "retired_at",
        )  # fmt: skip
        read_only_fields = fields


class StageBody(StrictModel):
    class Meta:
        model = Stage
        fields = ("name", "kind", "waiting", "wip_limit", "limit_mode")


class NewStage(StageBody):
    board = Linked(queryset=Board.objects.all())
    after = Linked(
        queryset=Stage.objects.filter(retired_at=None), required=False,
        help_text="Directly behind this stage; without it as the last of its kind.",
    )  # fmt: skip

    class Meta(StageBody.Meta):
        fields = (*StageBody.Meta.fields, "board", "after")


class Split(Strict):
    name = Text(max_length=60, help_text="Of the second stage.")


class Retirement(Strict):
    to = Linked(
        queryset=Stage.objects.filter(retired_at=None), required=False,
        help_text="Where the cards go: to the end of this stage.",
    )  # fmt: skip


class StageOrder(Order):
    board = Linked(queryset=Board.objects.all())


class Stages(Door):
    noun: ClassVar[str] = "stages"

    @does("board.see", answer=StageAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """The stages of all boards, retired ones too."""
        return self.page(stages_of(self.seat), StageAnswer, {"created": "public_id"})

    @does("board.see", answer=StageAnswer, is_list=True)
    def of_board(self, request: Request, id: str) -> Response:
        """The stages of a board that are in use, in their order."""
        return self._all(self.found(boards_of(self.seat), id))

    @does("board.see", answer=StageAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """One stage."""
        return self._say(self._stage(id))

    @does("board.change", body=NewStage, answer=StageAnswer, status=201)
    def create(self, request: Request) -> Response:
        """A new stage of a board."""
        values = self.read(NewStage)
        board, after = values.pop("board"), values.pop("after", None)
        stage = boards.add_stage(board, values, seat=self.seat, at=self.at, after=after)
        return self.created(StageAnswer(stage).data, stage, ETag=f'"{stage.version}"')

    @does("board.change", body=StageBody, answer=StageAnswer, versioned=True, refuses=True)
    def partial_update(self, request: Request, id: str) -> Response:
        """Change the fields that are sent: name, kind, waiting, limit."""
        stage = self._stage(id)
        changes = self.read(StageBody, instance=stage, partial=True)
        version = self.if_match(stage.version)
        boards.change_stage(stage, changes, seat=self.seat, at=self.at, version=version)
        return self._say(self._stage(id))

    @does("board.change", body=StageOrder, answer=StageAnswer, is_list=True)
    def reorder(self, request: Request) -> Response:
        """Put the stages of a board into this order; those not named follow as they stood."""
        wish = self.read(StageOrder)
        boards.reorder_stages(wish["board"], wish["order"], seat=self.seat, at=self.at)
        return self._all(wish["board"])

    @does("board.change", body=Split, answer=StageAnswer, status=201)
    def split(self, request: Request, id: str) -> Response:
        """A second stage of the same kind directly behind this one; the cards stay."""
        name = self.read(Split)["name"]
        stage = boards.split_stage(self._stage(id), name, seat=self.seat, at=self.at)
        place = request.build_absolute_uri(f"/api/v1/stages/{stage.public_id}/")
        return Response(StageAnswer(stage).data, 201, headers={"Location": place})

    @does("board.change", body=Retirement, answer=StageAnswer, refuses=True)
    def retire(self, request: Request, id: str) -> Response:
        """Take the stage off its board; its cards go to the end of `to`."""
        to = self.read(Retirement).get("to")
        boards.retire_stage(self._stage(id), seat=self.seat, at=self.at, to=to)
        return self._say(self._stage(id))

    @does("board.change", answer=StageAnswer, refuses=True)
    def restore(self, request: Request, id: str) -> Response:
        """Put it back where it stood, with its gates; its cards stay where they went."""
        boards.restore_stage(self._stage(id), seat=self.seat, at=self.at)
        return self._say(self._stage(id))

    def _stage(self, id: str) -> Stage:
        return self.found(stages_of(self.seat), id)

    def _all(self, board: Board) -> Response:
        rows = stages_of(self.seat).filter(board=board, retired_at=None)
        return self.all(rows.order_by("position", "id"), StageAnswer)

    def _say(self, stage: Stage) -> Response:
        return self.with_version(StageAnswer(stage).data, stage.version)
