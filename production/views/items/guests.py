"""Links for reviewers without an account: made, shown once, revoked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods

from production import guests
from production.doors import item_by_key, seated
from production.errors import Invalid, Refused
from production.forms import show
from production.forms.items import GuestForm
from production.itemview import ItemPage
from production.models import ContentItem
from production.permissions import Seat
from production.views.items.answers import (
    acting,
    for_script,
    item_to_change,
    item_url,
    part_of,
    sentences,
)

_PANELS = ("review", "gates", "history")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
@seated("review.invite")
def invite(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Whom, for how long; then the link, this once."""
    item = item_to_change(seat, key, "review.invite")
    form = GuestForm(request.POST if request.method == "POST" else None)
    context = {"item": item, "form": form, "cancel_url": item_url(seat, item, "review")}
    status = 200
    if request.method == "POST":
        status, now = 422, timezone.now()
        if form.is_valid():
            wish = form.cleaned_data
            until = now + timedelta(days=wish["days"])
            try:
                guest, secret = guests.invite(
                    item,
                    name=wish["name"],
                    email=wish["email"],
                    expires_at=until,
                    seat=seat,
                    at=now,
                )
            except Invalid as invalid:
                show(form, invalid)
            except Refused as refused:
                context["problems"], status = sentences(refused), 409
            else:
                mailed = guests.send(guest, secret) if guest.email else None
                page = ItemPage(item_by_key(seat, key), seat, now)
                context |= {"guest": guest, "link": guests.link(secret), "mailed": mailed}
                context |= {"page": page, "panels": _PANELS, "oob": True}
                part = "#made" if for_script(request) else ""
                return render(request, f"production/items/guest_made.html{part}", context)
    part = "#form" if for_script(request) else ""
    return render(request, f"production/items/guest.html{part}", context, status=status)


@acting("review.invite", *_PANELS)
def revoke(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, guest: str) -> str:
    guests.revoke(part_of(guests.links_of(item), guest), seat=seat, at=at)
    return gettext("The link opens nothing any more.")
