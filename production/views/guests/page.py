"""The page of a reviewer without an account: one item, as the public will see it, and an answer.

The secret of the link is the key; nothing else of the workspace can be had with it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from production import guests, limits, origin
from production.doors import request_id
from production.errors import Invalid, Refused
from production.guests import Standing, Visit
from production.itemview.forguests import GuestPage
from production.models import Membership
from production.views.items.answers import sentences
from production.views.items.files import answer_with

READS, WRITES = 120, 20  # a minute, from one address
GONE = "production/guests/gone.html"
View = Callable[..., HttpResponseBase]


def visited(view: View) -> View:
    """`view(request, visit, …)` for an open link; 410 says why one is closed, 404 knows none."""

    @never_cache
    @sensitive_variables("secret")
    @wraps(view)
    def inner(request: HttpRequest, secret: str, **named: Any) -> HttpResponseBase:
        if wait := _too_often(request):
            answer: HttpResponseBase = render(request, GONE, {"wait": wait}, status=429)
            answer["Retry-After"] = str(wait)
            return _unlisted(answer)
        visit = guests.find(secret, timezone.now())
        if visit is None:
            raise Http404
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(visit.item.workspace.language)
        with timezone.override(visit.item.workspace.time_zone):
            if not visit.is_open:
                return _unlisted(render(request, GONE, {"visit": visit}, status=410))
            with origin.coming_from(origin.PAGE, request_id(request)):
                return _unlisted(view(request, visit, secret, **named))

    return inner


@require_http_methods(["GET", "HEAD", "POST"])
@visited
def page(request: HttpRequest, visit: Visit, secret: str) -> HttpResponse:
    """The item and the answer; a member of the team sees what the guest would see."""
    now = timezone.now()
    is_preview = _is_member(request, visit)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        if is_preview:
            problems, status = [gettext("This link is not yours to answer.")], 403
        else:
            try:
                said = _answer(request, visit)
            except (Refused, Invalid) as error:
                problems = sentences(error)
                status = 422 if isinstance(error, Invalid) else 409
                visit = guests.find(secret, now) or visit
            else:
                messages.success(request, said)
                return redirect("guest", secret)
    elif not is_preview:
        guests.note_seen(visit, at=now)
    if not visit.is_open:
        return render(request, GONE, {"visit": visit, "problems": problems}, status=410)
    context = {
        "page": GuestPage(visit, secret, now),
        "is_preview": is_preview,
        "problems": problems,
        "typed": request.POST,
    }
    return render(request, "production/guests/page.html", context, status=status)


@require_safe
@visited
def file(request: HttpRequest, visit: Visit, secret: str, asset: str) -> HttpResponseBase:
    """A file that goes out with the item."""
    shown = GuestPage(visit, secret, timezone.now()) if visit.standing == Standing.OPEN else None
    found = shown.file(asset) if shown else None
    if found is None:
        raise Http404
    return answer_with(request, found)


def _answer(request: HttpRequest, visit: Visit) -> str:
    sent, now = request.POST, timezone.now()
    if sent.get("verdict") == "comment":
        guests.comment(visit, sent.get("text", ""), at=now)
        return gettext("Your comment is there.")
    answer: dict[str, Any] = {name: bool(sent.get(name)) for name in ("facts", "brand", "cta")}
    answer |= {"digest": sent.get("digest", ""), "comment": sent.get("comment", ""), "at": now}
    if sent.get("verdict") == "changes":
        guests.request_changes(visit, **answer)
        return gettext("Sent back.")
    guests.sign(visit, **answer)
    return gettext("Signed.")


def _is_member(request: HttpRequest, visit: Visit) -> bool:
    """Somebody of the team who opens the link looks, and does not answer in the guest's name."""
    if not request.user.is_authenticated:
        return False
    seats = Membership.objects.filter(workspace=visit.item.workspace_id, removed_at=None)
    return seats.filter(user=request.user).exists()


def _too_often(request: HttpRequest) -> int:
    """Seconds to wait; 0 for somebody who may go on."""
    writes = request.method == "POST"
    caller = f"guest:{request.META.get('REMOTE_ADDR', '')}"
    allowance = limits.take(caller, writes=writes, most=WRITES if writes else READS)
    return allowance.wait if allowance and not allowance.allowed else 0


def _unlisted(answer: HttpResponseBase) -> HttpResponseBase:
    """No search engine keeps the page, no other site learns its address."""
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer["Referrer-Policy"] = "same-origin"
    return answer
