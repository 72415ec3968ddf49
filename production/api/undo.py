from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from production.api.actions import does
from production.api.door import Door
from production.api.fields import Strict, Text
from production.api.items.writing import PlaceAnswer, place
from production.api.paging import envelope
from production.undo import undo_request


class Slip(Strict):
    request = Text(max_length=64, help_text=_("The `X-Request-Id` of what is to be taken back."))


class Requests(Door):
    noun: ClassVar[str] = "requests"

    @does("item.move", body=Slip, answer=PlaceAnswer, is_list=True, refuses=True)
    def undo(self, request: Request) -> Response:
        """Take back all moves, edits and archivings of one request of yours, within 30 seconds.

        All of it or nothing. The answer says where the items stand now.
        """
        slip = self.read(Slip)["request"]
        items = undo_request(slip, seat=self.seat, at=self.at)
        prefix = self.seat.workspace.item_prefix
        return Response(envelope([place(item, prefix) for item in items], None))
