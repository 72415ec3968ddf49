"""The base of every noun of the API: find out who calls, ask the table, answer, say no in one way.

A noun is a class of methods marked with `@does("operation", …)`; each finds, calls one verb and
answers. Everything else happens here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import unquote_to_bytes

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from production import idempotency, limits, origin
from production.api.actions import ANY, Action
from production.api.auth import Bearer, Caller, Session
from production.api.csvout import CsvOut
from production.api.fields import PUBLIC_ID, kept
from production.api.paging import Page, envelope
from production.api.problems import Problem, invalid, problem_of, report, respond
from production.api.reading import FormIn, JsonIn, JsonOut
from production.api.replays import as_answer, canonical_body, replayed_answer
from production.api.schema import DoorSchema
from production.doors import request_id
from production.permissions import Seat

SAFE = ("GET", "HEAD")
LONGEST_ADDRESS = 8_000
_VERSION = re.compile(r'"([0-9]{1,10})"', re.ASCII)


class Door(ViewSetMixin, APIView):
    """A noun of the API."""

    noun: ClassVar[str] = ""  # first word of the operation ids, and the tag
    authentication_classes = (Bearer, Session)
    permission_classes = ()
    parser_classes = (JsonIn, FormIn)
    renderer_classes = (JsonOut,)
    metadata_class = None
    http_method_names = ("get", "head", "post", "put", "patch", "delete")
    schema = DoorSchema()

    # --- one request ------------------------------------------------------------------------

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.request_id = request_id(request)
        self.allowance: limits.Allowance | None = None
        self.at = timezone.now()
        self.headers: dict[str, str] = {}
        self.request = self.initialize_request(request, *args, **kwargs)
        try:
            self.initial(self.request, *args, **kwargs)
            with origin.coming_from(origin.API, self.request_id):
                response = self._handle(*args, **kwargs)
        except Exception as error:
            response = self.handle_exception(error)
        self.response = self.finalize_response(self.request, response, *args, **kwargs)
        return self.response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        _require_sane_address(request)
        super().initial(request, *args, **kwargs)
        self._require_known_parameters(request)

    def get_renderers(self) -> list[Any]:
        has_table = self.declared is not None and self.declared.csv
        return [JsonOut(), CsvOut()] if has_table else [JsonOut()]

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        is_file = self.declared is not None and self.declared.is_file
        return super().perform_content_negotiation(request, force or is_file)

    def check_permissions(self, request: Request) -> None:
        """Sit the caller down and ask the table; a token also needs the scope."""
        if not isinstance(request.auth, Caller):
            self._require_signed_in(request)
        self.seat: Seat = request.auth.seat
        request._request.seat = self.seat  # type: ignore[attr-defined]
        self.allowance = limits.take(request.auth.name, writes=request.method not in SAFE)
        if self.allowance and not self.allowance.allowed:
            raise Problem(429, "rate_limited")
        if (action := self.declared) is None:
            return
        if self.seat.scopes is not None and action.scope not in (ANY, *self.seat.scopes):
            raise Problem(403, "scope_missing", scope=action.scope)
        self.seat.require(action.operation)

    def _require_signed_in(self, request: Request) -> None:
        error = exceptions.NotAuthenticated()
        error.auth_header = self.get_authenticate_header(request)  # type: ignore[attr-defined]
        raise error

    @property
    def declared(self) -> Action | None:
        """What the method asked for says about itself; None for a method that is not there."""
        method = getattr(self, self.action or "", None)
        return getattr(method, "action", None)

    def _handle(self, *args: Any, **kwargs: Any) -> Response:
        method = (self.request.method or "").lower()
        if method not in self.http_method_names or not hasattr(self, method):
            raise exceptions.MethodNotAllowed(self.request.method)
        handler = getattr(self, method)
        if method == "post" and self.declared is not None and self.declared.body is None:
            _require_no_body(self.request.data)
        key = self.request.headers.get("Idempotency-Key")
        if method != "post" or key is None or (self.declared is not None and self.declared.is_file):
            return handler(self.request, *args, **kwargs)
        return self._handle_once(key, handler, *args, **kwargs)

    def _handle_once(self, key: str, handler: Any, *args: Any, **kwargs: Any) -> Response:
        call = idempotency.Call(
            self.seat.workspace.pk,
            self.request.auth.name,
            key,
            "POST",
            self.request.path,
            canonical_body(self.request.data),
        )

        said: list[Response] = []

        def run() -> idempotency.Answer:
            stands = True
            try:
                response = handler(self.request, *args, **kwargs)
            except Exception as error:
                problem = problem_of(error, self.request.data)
                if not idempotency.is_kept(problem.status):
                    raise
                response, stands = respond(problem, self.request_id), False
            said.append(response)
            answer = as_answer(response, self.declared.secrets)  # type: ignore[union-attr]
            return replace(answer, stands=stands)

        try:
            answer, replayed = idempotency.once(call, run, at=self.at)
        except idempotency.BadKey:
            raise Problem(400, "invalid_key") from None
        except idempotency.KeyReused:
            raise Problem(422, "idempotency_key_reused") from None
        except idempotency.InProgress:
            raise Problem(409, "in_progress", headers={"Retry-After": "1"}) from None
        return replayed_answer(answer) if replayed else said[0]

    def handle_exception(self, error: Exception) -> Response:
        if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
            error.auth_header = self.get_authenticate_header(self.request)  # type: ignore[union-attr]
        problem = problem_of(error, getattr(self.request, "_full_data", None))
        if problem.status >= 500 and problem.code == "internal":
            report(error, self, self.request._request)
        if problem.status == 405:
            problem.headers["Allow"] = ", ".join(self.allowed_methods)
        response = respond(problem, self.request_id)
        response.exception = True
        return response

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.allowance:
            if response.status_code == 304:
                limits.give_back(self.allowance)
            for name, value in self.allowance.headers.items():
                response.setdefault(name, value)
        response["X-Request-Id"] = self.request_id
        patch_cache_control(response, private=True, no_cache=True)
        patch_vary_headers(response, ("Authorization", "Cookie", "Putki-Workspace"))
        if response.status_code != 405 and "Allow" in response:
            del response["Allow"]
        return response

    def _require_known_parameters(self, request: Request) -> None:
        action = self.declared
        if action is None:
            return
        unknown = [name for name in request.query_params if name not in action.known_parameters]
        if unknown:
            raise invalid(
                {"field": name[:100], "code": "unknown_filter", "message": "Unknown here."}
                for name in unknown
            )

    # --- what nouns use ---------------------------------------------------------------------

    @property
    def wants_csv(self) -> bool:
        """Whether the caller asked for a table instead of JSON."""
        return self.request.accepted_renderer.format == CsvOut.format

    def read(self, serializer: type[serializers.BaseSerializer], **more: Any) -> dict[str, Any]:
        """The body, checked. Raises what becomes a 400 with every field at fault."""
        sent, context = self.request.data, {"seat": self.seat, "door": self}
        if more:
            checked = serializer(data=sent, context=context, **more)
        else:
            checked = kept(serializer, sent, context)
        checked.is_valid(raise_exception=True)
        return checked.validated_data

    def page(self, rows: Any, write: Any, orders: dict[str, str]) -> Response:
        """A page of rows, each written by `write`: a function of one row, or a serializer."""
        if isinstance(write, type):
            return Response(Page(self.request, orders).of(rows, lambda row: write(row).data))
        return Response(Page(self.request, orders).of(rows, write))

    def all(self, rows: Any, answer: type[serializers.BaseSerializer]) -> Response:
        """A list that is short by nature."""
        return Response(envelope(answer(rows, many=True).data, None))

    def created(self, data: Any, row: Any, **headers: str) -> Response:
        """201 with the address of what is new."""
        place = self.request.build_absolute_uri(f"{self.request.path}{row.public_id}/")
        return Response(data, 201, headers={"Location": place, **headers})

    def found(self, rows: Any, public_id: str, column: str = "public_id") -> Any:
        """The row among those the caller may see; foreign and unknown are the same 404."""
        known = PUBLIC_ID.fullmatch(public_id)
        row = rows.filter(**{column: public_id}).first() if known else None
        if row is None:
            raise Http404
        return row

    def if_match(self, current: int) -> int | None:
        """The version that the caller insists on; None when any will do."""
        wanted = self.versions_asked()
        if not wanted or current in wanted:
            return current if wanted else None
        return wanted[0]

    def versions_asked(self) -> list[int]:
        """The versions of `If-Match`, any of which will do; none when it does not matter."""
        header = self.request.headers.get("If-Match", "").strip()
        if not header or header == "*":
            return []
        wanted = [
            int(found[1]) for tag in header.split(",") if (found := _VERSION.fullmatch(tag.strip()))
        ]
        return wanted or [-1]

    def with_version(self, data: Any, version: int, status: int = 200, **headers: str) -> Response:
        """200 with an ETag, or 304 when the caller has that version already."""
        tag = f'"{version}"'
        if self.request.method in SAFE and self.has(tag):
            return Response(status=304, headers={"ETag": tag})
        return Response(data, status, headers={"ETag": tag, **headers})

    def has(self, tag: str) -> bool:
        """Whether If-None-Match names the tag (weakly compared, as RFC 9110 asks)."""
        known = self.request.headers.get("If-None-Match", "")
        return any(
            each.strip().removeprefix("W/") in (tag, "*") for each in known.split(",") if each
        )


def _require_sane_address(request: Request) -> None:
    if len(request.get_full_path()) > LONGEST_ADDRESS:
        raise Problem(414, "uri_too_long")
    query = request.META.get("QUERY_STRING", "")
    try:
        plain = unquote_to_bytes(query).decode()
    except UnicodeDecodeError:
        raise Problem(400, "malformed", "The address is not UTF-8.") from None
    if "\0" in plain or "\0" in request.path or "\ufffd" in request.path:
        raise Problem(400, "malformed", "The address holds NUL or is not UTF-8.")


def _require_no_body(sent: Any) -> None:
    """An operation that takes nothing says so, instead of passing over what was meant."""
    if not sent:
        return
    names = list(sent) if isinstance(sent, dict) else [""]
    message = "This operation takes no fields."
    raise invalid(
        {"field": str(name)[:100], "code": "unknown_field", "message": message} for name in names
    )
