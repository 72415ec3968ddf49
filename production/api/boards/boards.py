from __future__ import annotations

from typing import ClassVar

from django.utils.crypto import salted_hmac
from rest_framework.request import Request
from rest_framework.response import Response

from production import boards
from production.api.actions import does
from production.api.boards.whole import WholeBoardAnswer, write
from production.api.door import Door
from production.api.fields import Answer, Order, PublicId, StrictModel
from production.api.lookups import boards_of
from production.models import Board


class BoardAnswer(Answer):
    """A board; its cards come with the board itself."""

    id = PublicId()

    class Meta:
        model = Board
        fields = ("id", "name", "position", "version", "created_at", "archived_at")
        read_only_fields = fields


class BoardBody(StrictModel):
    class Meta:
        model = Board
        fields = ("name",)


class Boards(Door):
    noun: ClassVar[str] = "boards"

    @does("board.see", answer=BoardAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """The workspace's boards."""
        return self.page(boards_of(self.seat), BoardAnswer, {"created": "public_id"})

    @does("board.see", answer=WholeBoardAnswer, versioned=True)
    def retrieve(self, request: Request, id: str) -> Response:
        """The whole board: stages with their cards in order.

        An external contributor sees the cards assigned to them. Send the ETag back in
        `If-None-Match`: while nothing has happened in the workspace the answer is a quick 304.
        `cursor` leads on into the feed of events.
        """
        # Only we can make this tag, and only for a board that we have shown to this person.
        seat = self.seat
        about = f"{seat.workspace.pk} {seat.workspace.last_seq} {seat.user.pk} {seat.role} {id}"
        tag = f'"{salted_hmac("board", about).hexdigest()[:32]}"'
        # Weak, so that the answer may be packed: a strong tag promises these very bytes.
        headers = {"ETag": f"W/{tag}"}
        if self.has(tag):
            return Response(status=304, headers=headers)
        board = self.found(boards_of(seat), id)
        return Response(write(board, seat), headers=headers)

    @does("board.change", body=BoardBody, answer=BoardAnswer, status=201)
    def create(self, request: Request) -> Response:
        """A further board, with one stage per kind and without gates."""
        board = boards.add(self.read(BoardBody)["name"], seat=self.seat, at=self.at)
        return self.created(BoardAnswer(board).data, board)

    @does("board.change", body=BoardBody, answer=BoardAnswer)
    def partial_update(self, request: Request, id: str) -> Response:
        """Give the board another name."""
        board, values = self._board(id), self.read(BoardBody, partial=True)
        if "name" in values:
            board = boards.rename(board, values["name"], seat=self.seat, at=self.at)
        return Response(BoardAnswer(board).data)

    @does("board.change", body=Order, answer=BoardAnswer, is_list=True)
    def reorder(self, request: Request) -> Response:
        """Put the boards into this order; people land on the first."""
        boards.reorder(self.read(Order)["order"], seat=self.seat, at=self.at)
        return self.all(boards_of(self.seat).order_by("position", "id"), BoardAnswer)

    @does("board.change", answer=BoardAnswer, refuses=True)
    def archive(self, request: Request, id: str) -> Response:
        """Put the board away with its cards; the last one stays. Twice is once."""
        return self._say(boards.archive(self._board(id), seat=self.seat, at=self.at))

    @does("board.change", answer=BoardAnswer)
    def restore(self, request: Request, id: str) -> Response:
        """Bring an archived board back as it was. Twice is once."""
        return self._say(boards.restore(self._board(id), seat=self.seat, at=self.at))

    def _board(self, id: str) -> Board:
        return self.found(boards_of(self.seat), id)

    def _say(self, board: Board) -> Response:
        return Response(BoardAnswer(board).data)
