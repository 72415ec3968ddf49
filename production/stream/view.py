"""Who may open a stream, and where it begins."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.views.decorators.http import require_GET

from production.doors import seat_for
from production.permissions import Seat
from production.stream import reading
from production.stream.hub import hub

LARGEST = 2**63 - 1


class EventStream(HttpResponse):
    """What was missed so far; the server goes on with `tail` when the request is closed.

    Then neither a thread nor a database connection belongs to the stream any more.
    """

    def __init__(self, missed: bytes, tail: AsyncIterator[bytes]) -> None:
        super().__init__(missed, content_type="text/event-stream")
        self["Cache-Control"] = "no-store"
        self["X-Accel-Buffering"] = "no"
        self.tail = tail


@require_GET
def stream(request: HttpRequest, slug: str) -> HttpResponse:
    """The workspace's events after `since` (or the browser's `Last-Event-ID`), and then live."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    seat = seat_for(request.user, slug)
    since = beginning(request, seat)
    if since is None:
        return HttpResponseBadRequest("since is the number of an event")
    if hub.count(request.user.pk) >= settings.STREAMS_PER_PERSON:
        return HttpResponse(status=429, headers={"Retry-After": "30"})
    upto = seat.workspace.last_seq
    # Different for everyone, or all would come back at once when the server restarts.
    pause = b"retry: %d\n\n" % random.randint(2000, 7000)  # noqa: S311
    missed = reading.missed(seat, since, upto)
    return EventStream(pause + missed, hub.listen(seat, request.session.session_key or "", upto))


def beginning(request: HttpRequest, seat: Seat) -> int | None:
    """After which event to begin; None when what was asked is not a number."""
    asked = request.headers.get("Last-Event-ID") or request.GET.get("since")
    if not asked:
        return seat.workspace.last_seq
    if not (asked.isascii() and asked.isdigit() and len(asked) < 20):
        return None
    return min(int(asked), LARGEST)
