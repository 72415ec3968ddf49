"""The review of a card: asked for, signed, sent back, withdrawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import reviews
from production.doors import seated
from production.forms.items import ReviewRequestForm
from production.models import ContentItem, ReviewRequest
from production.permissions import Seat
from production.views.items.answers import acting, form_page, item_to_change, part_of

_PANELS = ("review", "gates", "history")


@require_http_methods(["GET", "HEAD", "POST"])
@seated("review.request")
def ask(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Whom to ask, until when."""
    item = item_to_change(seat, key, "review.request")
    form = ReviewRequestForm(request.POST or None, reviewers=reviews.reviewers_of(item))

    def save() -> str:
        reviews.request(item, by=seat.user, at=timezone.now(), **form.cleaned_data)
        return gettext("Asked.")

    if request.method == "POST" and not form.is_bound:
        form = ReviewRequestForm({}, reviewers=reviews.reviewers_of(item))
    return form_page(
        request,
        seat,
        item,
        form,
        title=gettext("Ask for a review"),
        submit=gettext("Ask"),
        panels=_PANELS,
        save=save,
    )


@acting("review.sign", *_PANELS)
def answer(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, review: str) -> str:
    """Sign all three, or send it back with a comment."""
    asked = part_of(ReviewRequest.objects.filter(item=item), review)
    ticks: dict[str, Any] = {
        name: bool(request.POST.get(name)) for name in ("facts", "brand", "cta")
    }
    comment = request.POST.get("comment", "")
    if request.POST.get("verdict") == "changes":
        reviews.request_changes(asked, by=seat.user, at=at, comment=comment, **ticks)
        return gettext("Sent back.")
    digest = request.POST.get("digest") or None
    reviews.sign(asked, by=seat.user, at=at, comment=comment, digest=digest, **ticks)
    return gettext("Signed.")


@acting("review.request", *_PANELS)
def withdraw(
    request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, review: str
) -> None:
    asked = part_of(ReviewRequest.objects.filter(item=item), review)
    reviews.withdraw(asked, by=seat.user, at=at)
