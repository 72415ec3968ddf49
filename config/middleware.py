"""What every request gets: an id that follows it into the logs, and one line when it is done."""

import re
from collections.abc import Callable
from time import perf_counter
from uuid import uuid4

import structlog
from django.http import HttpRequest, HttpResponse

log = structlog.get_logger("putki.request")

ASKED_ALL_THE_TIME = ("health/", "metrics")
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


class RequestLog:
    """Gives the request its id (`request.request_id`, header `X-Request-Id`) and logs it.

    The line names the route, not the path: addresses of feeds and invitations are secrets.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = perf_counter()
        request.request_id = accepted_id(request.headers.get("X-Request-Id", ""))  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.request_id)  # type: ignore[attr-defined]

        response = self.get_response(request)

        response["X-Request-Id"] = request.request_id  # type: ignore[attr-defined]
        note(request, response, perf_counter() - started)
        return response


def accepted_id(offered: str) -> str:
    """The caller's own id if it is harmless, else a new one."""
    return offered if ACCEPTABLE_ID.fullmatch(offered) else uuid4().hex


def note(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    match = request.resolver_match
    if match and match.route.startswith(ASKED_ALL_THE_TIME) and response.status_code < 400:
        return
    # Asking for the user here would cost a query; whoever was asked for is known already.
    user = request.__dict__.get("_cached_user")
    write = log.error if response.status_code >= 500 else log.info
    write(
        "request",
        method=request.method,
        route=match.route if match else None,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        user=user.pk if user is not None else None,
        address=request.META.get("REMOTE_ADDR"),
    )
