"""What people say on a card."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import comments
from production.doors import seated
from production.errors import NotAllowed
from production.forms.items import CommentForm
from production.models import Comment, ContentItem
from production.permissions import Seat
from production.views.items.answers import acting, form_page, item_to_change, part_of

_PANELS = ("comments", "history")


@acting("comment.add", *_PANELS)
def add(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> None:
    comments.add(item, request.POST.get("text", ""), by=seat.user, at=at)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("comment.add")
def edit(request: HttpRequest, seat: Seat, key: str, comment: str) -> HttpResponse:
    """One's own words, anew."""
    item = item_to_change(seat, key, "comment.add")
    found = part_of(Comment.objects.filter(item=item, deleted_at=None), comment)
    if found.author_id != seat.user.pk:
        raise NotAllowed("comment.edit")
    posted = request.POST if request.method == "POST" else None
    form = CommentForm(posted, initial={"text": found.text})

    def save() -> None:
        comments.edit(found, form.cleaned_data["text"], by=seat.user, at=timezone.now())

    return form_page(
        request,
        seat,
        item,
        form,
        title=gettext("Edit the comment"),
        submit=gettext("Save"),
        panels=_PANELS,
        save=save,
    )


@acting("comment.add", *_PANELS)
def delete(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, comment: str) -> None:
    comments.delete(part_of(Comment.objects.filter(item=item), comment), seat=seat, at=at)
