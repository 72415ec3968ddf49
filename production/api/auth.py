"""Who is calling: a program with a token, or a browser with its session and a workspace named."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from production import tokens
from production.api.problems import Problem
from production.doors import seat_for
from production.models import User
from production.permissions import Seat

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}", re.ASCII)
_TOKEN = re.compile(r"[!-~]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Caller:
    """A seat, and the name under which its calls are counted and its keys are kept."""

    seat: Seat
    name: str


class Bearer(BaseAuthentication):
    """`Authorization: Bearer putki_…`: one query, which brings person, workspace and role along."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        scheme, _space, plain = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if not scheme:
            return None
        seat = None
        if scheme.lower() == "bearer" and _TOKEN.fullmatch(plain.strip()):
            seat = tokens.find(plain.strip(), timezone.now())
        if seat is None:
            raise AuthenticationFailed(_("The token is unknown, expired or revoked."))
        digest = hashlib.sha256(plain.strip().encode()).hexdigest()
        return seat.user, Caller(seat, f"tok:{digest[:24]}")

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="putki"'


class Session(BaseAuthentication):
    """A signed-in browser that says which workspace it means in `Putki-Workspace`."""

    def authenticate(self, request: Request) -> tuple[User, Caller] | None:
        user = getattr(request._request, "user", None)
        if user is None or not user.is_authenticated:
            return None
        _enforce_csrf(request._request)
        slug = request.META.get("HTTP_PUTKI_WORKSPACE", "")
        if not slug:
            raise Problem(400, "workspace_missing")
        if not _SLUG.fullmatch(slug):
            raise Http404
        seat = seat_for(user, slug)
        return user, Caller(seat, f"usr:{user.pk}")


def _enforce_csrf(request: HttpRequest) -> None:
    def next_view(request: HttpRequest) -> Any:
        return None

    check = CSRFCheck(next_view)
    check.process_request(request)
    if reason := check.process_view(request, next_view, (), {}):
        raise PermissionDenied(str(reason), code="csrf")
