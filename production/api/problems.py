"""Every no of the API as a problem document (RFC 9457): a code for programs, words for people."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied as DjangoPermissionDenied
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from production import rules
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.sentences import say

log = structlog.get_logger("putki.api")

MEDIA_TYPE = "application/problem+json"

# code → (title, what to do)
PROBLEMS: dict[str, tuple[Any, Any]] = {
    "malformed": (_("Malformed request"), _("The request cannot be read.")),
    "invalid": (_("Invalid input"), _("Some of what was sent cannot be used; see errors.")),
    "unknown_field": (_("Unknown field"), _("The request names a field that does not exist here.")),
    "unknown_filter": (_("Unknown filter"), _("The address names a parameter unknown here.")),
    "invalid_cursor": (_("Invalid cursor"), _("Begin again without a cursor.")),
    "invalid_key": (
        _("Invalid Idempotency-Key"),
        _("A key is 1 to 255 printable ASCII characters."),
    ),
    "workspace_missing": (
        _("Workspace missing"),
        _("Name the workspace in the header Putki-Workspace."),
    ),
    "not_authenticated": (_("Not signed in"), _("Send a token: Authorization: Bearer putki_…")),
    "not_allowed": (_("Not allowed"), _("Your role in this workspace does not allow this.")),
    "scope_missing": (_("Scope missing"), _("The token was made without the scope for this.")),
    "csrf": (_("CSRF check failed"), _("Send the CSRF token of the session in X-CSRFToken.")),
    "not_found": (_("Not found"), _("There is nothing here that you may see.")),
    "method_not_allowed": (_("Method not allowed"), _("See the header Allow.")),
    "not_acceptable": (_("Not acceptable"), _("Only application/json is spoken here.")),
    "refused": (_("Refused"), _("The rules of the board say no; see refusals.")),
    "already_leased": (_("Publication is leased"), _("Another tool has it; see expires_at.")),
    "not_ready": (_("Publication is not ready"), _("See refusals for what is missing.")),
    "on_hold": (_("Publication is on hold"), _("Somebody has stopped it for now.")),
    "window_locked": (_("Outside the windows"), _("Choose a time in a window, or waive it.")),
    "duplicate_content": (
        _("Same content within a day"),
        _("Change it, choose another time, or allow the duplicate."),
    ),
    "channel_not_allowed": (_("Channel not allowed"), _("The token is for other channels.")),
    "lease_over": (_("Lease is over"), _("Claim the publication again.")),
    "lease_reported": (_("Lease has a report"), _("It can no longer be given back.")),
    "stale_fence": (
        _("Stale fence"),
        _("The claim is over. Do not post; a report that it is out was kept as evidence."),
    ),
    "conflict": (_("Conflict"), _("Something like this exists already, or is in use.")),
    "in_progress": (_("In progress"), _("The first request with this key has not ended yet.")),
    "version_conflict": (
        _("Version conflict"),
        _("Somebody was faster. Look at the present version, then send again."),
    ),
    "too_large": (_("Too large"), _("The request is larger than allowed.")),
    "uri_too_long": (_("Address too long"), _("The address is longer than 8 000 characters.")),
    "unsupported_media_type": (
        _("Unsupported media type"),
        _("Send application/json in UTF-8, not compressed."),
    ),
    "idempotency_key_reused": (
        _("Idempotency-Key reused"),
        _("The key came before with another body. Use a new key."),
    ),
    "rate_limited": (_("Too many requests"), _("Wait as long as Retry-After says.")),
    "internal": (_("Internal error"), _("This is our fault. Quote the request id.")),
    "busy": (_("Busy"), _("The database is busy or away. Try again shortly.")),
}


class Problem(Exception):
    """An answer that says no: `Problem(404, "not_found")`. `more` goes into the document."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        self.status, self.code, self.detail, self.more = status, code, detail, more
        self.headers = dict(headers or {})
        super().__init__(code)


def problem_of(error: Exception, sent: Any = None) -> Problem:
    """Whatever was raised, as a problem. `sent` is the body, to show both values of a conflict."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Stale):
        return _stale(error, sent)
    for kind, make in _MAKERS:
        if isinstance(error, kind):
            return make(error)
    return Problem(500, "internal")


def invalid(errors: Any) -> Problem:
    """400 with every field at fault. The code is the errors' own where they all are of one kind."""
    errors = list(errors)
    codes = {error["code"] for error in errors}
    code = codes.pop() if len(codes) == 1 and codes <= {"unknown_field", "unknown_filter"} else ""
    return Problem(400, code or "invalid", errors=errors)


def respond(problem: Problem, request_id: str) -> Response:
    title, advice = PROBLEMS[problem.code]
    document = {
        "type": f"urn:putki:problem:{problem.code}",
        "title": str(title),
        "status": problem.status,
        "detail": problem.detail or str(advice),
        "instance": f"urn:putki:request:{request_id}",
        "code": problem.code,
        "request_id": request_id,
        **problem.more,
    }
    return Response(document, problem.status, headers=problem.headers, content_type=MEDIA_TYPE)


def report(error: Exception, view: Any, request: Any) -> None:
    """Log what nobody foresaw, as Django itself would, and tell whoever listens for crashes."""
    log.exception("request failed", exc_info=error)
    got_request_exception.send(sender=view.__class__, request=request)


def spoken(refusal: rules.Refusal) -> dict[str, Any]:
    """A refusal as the API says it."""
    return {
        "code": refusal.code,
        "detail": say(refusal),
        "params": dict(refusal.params),
        "overridable": refusal.overridable,
    }


def _invalid(error: Invalid) -> Problem:
    return invalid(
        {"field": field, "code": code, "message": str(message)}
        for field, found in error.errors.items()
        for code, message in found
    )


def _busy(error: Exception) -> Problem:
    log.warning("database is busy or away", error=str(error)[:200])
    return Problem(503, "busy", headers={"Retry-After": "2"})


def _refused(error: Refused) -> Problem:
    refusals = [spoken(refusal) for refusal in error.refusals]
    detail = " ".join(refusal["detail"] for refusal in refusals)
    return Problem(409, "refused", detail, refusals=refusals)


def _stale(error: Stale, sent: Any) -> Problem:
    yours = sent if isinstance(sent, dict) else {}
    return Problem(
        412,
        "version_conflict",
        current_version=error.current,
        current=error.values,
        yours={name: yours[name] for name in error.values if name in yours},
        headers={"ETag": f'"{error.current}"'},
    )


_FRAMEWORK = {
    exceptions.NotAuthenticated: (401, "not_authenticated"),
    exceptions.AuthenticationFailed: (401, "not_authenticated"),
    exceptions.PermissionDenied: (403, "not_allowed"),
    exceptions.NotFound: (404, "not_found"),
    exceptions.MethodNotAllowed: (405, "method_not_allowed"),
    exceptions.NotAcceptable: (406, "not_acceptable"),
    exceptions.UnsupportedMediaType: (415, "unsupported_media_type"),
    exceptions.ParseError: (400, "malformed"),
}


def _of_framework(error: exceptions.APIException) -> Problem:
    if isinstance(error, exceptions.ValidationError):
        return invalid(flatten(error.get_full_details()))
    status, code = _FRAMEWORK.get(type(error), (error.status_code, "invalid"))
    if isinstance(error.detail, str) and error.detail.code in PROBLEMS:
        code = error.detail.code
    default = str(type(error).default_detail)
    detail = str(error.detail) if str(error.detail) != default and status != 405 else ""
    headers = {}
    if header := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = header
    return Problem(status, code, detail, headers=headers)


_MAKERS: tuple[tuple[Any, Callable[[Any], Problem]], ...] = (
    (Refused, _refused),
    (Invalid, _invalid),
    (NotAllowed, lambda error: Problem(403, "not_allowed", operation=error.operation)),
    (Http404, lambda _error: Problem(404, "not_found")),
    (exceptions.APIException, _of_framework),
    (DjangoPermissionDenied, lambda _error: Problem(403, "not_allowed")),
    (RequestDataTooBig, lambda _error: Problem(413, "too_large")),
    ((SuspiciousOperation, UnicodeError), lambda _error: Problem(400, "malformed")),
    ((OperationalError, InterfaceError), _busy),
    (IntegrityError, lambda _error: Problem(409, "conflict")),
    (DataError, lambda _error: Problem(400, "invalid")),
)


def flatten(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """The nested errors of a serializer as a flat list: `pieces[2].title`."""
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        yield {"field": path, "code": details["code"], "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from flatten(inner, _join(path, name))
    else:
        for index, inner in enumerate(details):
            is_message = isinstance(inner, dict) and set(inner) == {"message", "code"}
            yield from flatten(inner, path if is_message else f"{path}[{index}]")


def _join(path: str, name: Any) -> str:
    if name == "non_field_errors":
        return path
    if isinstance(name, int):
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else str(name)
