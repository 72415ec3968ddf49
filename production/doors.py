"""What every page begins with: who sits where, and may they?"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from production import origin
from production.errors import NotAllowed
from production.models import ContentItem, FormerSlug, Membership, User
from production.permissions import Seat, seat_of
from production.prepared import Prepared, Slot

View = Callable[..., HttpResponseBase]
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SEAT = Prepared(
    lambda: Membership.objects.filter(
        user=Slot("user"), workspace__slug=Slot("slug"), removed_at=None
    ).select_related("workspace", "user")
)
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9]{0,7})-([1-9][0-9]{0,8})", re.ASCII)


def seat_for(user: User, slug: str) -> Seat:
    """The person's seat in the workspace; Http404 when they have none."""
    found = _SEAT.models(user=user.pk, slug=slug)
    if not found:
        raise Http404
    return seat_of(found[0])


def seated(operation: str) -> Callable[[View], View]:
    """A page of a workspace: `view(request, seat, …)`, behind sign-in and the table of permissions.

    A stranger gets 404, a member without the permission 403, a former address a redirect. Changes
    made inside are written to the log as coming from a page.
    """

    def decorate(view: View) -> View:
        @login_required
        @wraps(view)
        def inner(request: HttpRequest, slug: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                seat = seat_for(request.user, slug)  # type: ignore[arg-type]
            except Http404:
                if moved := _new_address(request, slug):
                    return moved
                raise
            request.seat = seat  # type: ignore[attr-defined]
            timezone.activate(seat.user.time_zone or seat.workspace.time_zone)
            try:
                seat.require(operation)
                with origin.coming_from(origin.PAGE, request_id(request)):
                    return view(request, seat, *args, **kwargs)
            except NotAllowed as error:
                raise PermissionDenied(error.operation) from error
            finally:
                timezone.deactivate()

        return inner

    return decorate


def request_id(request: HttpRequest) -> str:
    """The id of this request in logs and events: the client's own when it is a sane one."""
    known = getattr(request, "id", "") or getattr(request, "request_id", "")
    known = known or request.headers.get("X-Request-Id", "")
    if not _REQUEST_ID.fullmatch(known):
        known = f"req_{secrets.token_hex(12)}"
    request.request_id = known  # type: ignore[attr-defined]
    return known


def url_asked(request: HttpRequest) -> str:
    """The address to go back to that the form or its link names, when it is one of ours."""
    wanted = request.POST.get("next", "") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if wanted and ours else ""


def go(request: HttpRequest, url: str) -> HttpResponse:
    """To another page of ours: a redirect, which script follows as well."""
    if not request.headers.get("HX-Request"):
        return redirect(url)
    return HttpResponse(headers={"HX-Redirect": url})


def item_by_key(seat: Seat, key: str) -> ContentItem:
    """`VID-42` among what the person may see in this workspace; Http404 otherwise."""
    match = _KEY.fullmatch(key)
    if match is None or match[1].upper() != seat.workspace.item_prefix.upper():
        raise Http404
    item = (
        ContentItem.objects.visible_to(seat.user)
        .filter(workspace=seat.workspace, number=int(match[2]))
        .select_related("stage", "board", "workspace", "channel", "format", "pillar")
        .first()
    )
    if item is None:
        raise Http404
    return item


def _new_address(request: HttpRequest, slug: str) -> HttpResponse | None:
    former = FormerSlug.objects.filter(slug=slug).select_related("workspace").first()
    if former is None or request.method != "GET":
        return None
    is_member = Membership.objects.filter(
        user=request.user, workspace=former.workspace, removed_at=None
    ).exists()  # type: ignore[misc]
    if not is_member:
        return None
    return redirect(request.get_full_path().replace(f"/{slug}/", f"/{former.workspace.slug}/", 1))
