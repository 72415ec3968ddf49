"""What the figures of flow have in common at the door."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from production.api.door import Door
from production.api.flow.asking import Asked

SEE = "flow.see"


class FlowDoor(Door):
    """Figures: each is asked for by the query string of the page, and may come as a table."""

    noun: ClassVar[str] = "flow"

    def _asked(self, also: tuple[str, ...] = ()) -> Asked:
        return Asked(self.request, self.seat, self.at, also)

    def _answer(self, said: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> Response:
        return Response(rows if self.wants_csv else said)
