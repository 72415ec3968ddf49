"""Addresses for calendar programs: made, shown once, revoked; and what stands there."""

from __future__ import annotations

import hashlib

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from production import feeds
from production.doors import seated
from production.forms.calendar import FeedForm
from production.models import CalendarFeed
from production.permissions import Seat
from production.views.calendar import answers


@require_safe
@sensitive_variables("secret")
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind the secret, for whoever knows it."""
    now = timezone.now()
    found = feeds.find(secret, now)
    if found is None:
        raise Http404
    body = feeds.written(*found, now)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = [each.strip().removeprefix("W/") for each in _asked(request).split(",")]
    if tag in known or "*" in known:
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'inline; filename="putki.ics"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
@seated("feed.own")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One's own addresses; a new one is shown this once."""
    is_sent = request.method == "POST"
    form = FeedForm(request.POST if is_sent else None, seat=seat)
    address, status = "", 200
    problems: list[str] = []
    if is_sent:
        status = 422
        if form.is_valid():

            def do() -> HttpResponse:
                _feed, secret = feeds.create(seat=seat, at=timezone.now(), **form.cleaned_data)
                return HttpResponse(secret)

            said = answers.tried(form, do)
            if isinstance(said, HttpResponse):
                path = reverse("feed", args=[said.content.decode()])
                address, form, status = request.build_absolute_uri(path), FeedForm(seat=seat), 200
            else:
                status, problems = said
    own = CalendarFeed.objects.filter(workspace=seat.workspace, user=seat.user, revoked_at=None)
    context = {
        "form": form,
        "address": address,
        "problems": problems,
        "feeds": own.select_related("channel").order_by("-created_at", "-id"),
        "back_url": answers.back_url(request, seat) if seat.may("calendar.see") else "",
    }
    part = "#form" if answers.for_script(request) else ""
    return render(request, f"production/calendar/feeds.html{part}", context, status=status)


@require_POST
@seated("feed.own")
def revoke(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """From now on the address shows nothing."""
    own = CalendarFeed.objects.filter(workspace=seat.workspace, user=seat.user)
    found = own.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    feeds.revoke(found, seat=seat, at=timezone.now())
    messages.info(request, _("The address shows nothing any more."))
    return redirect("calendar-feeds", seat.workspace.slug)


def _asked(request: HttpRequest) -> str:
    return request.headers.get("If-None-Match", "")
