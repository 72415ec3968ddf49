"""What somebody wants of a person: mentions, assignments, reviews; and cards at risk."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from production import notices, noticewords
from production.doors import seated
from production.ids import is_id
from production.models import ContentItem, Notice
from production.permissions import Seat

ON_PAGE = 50
PLACES = {
    Notice.Reason.MENTION: "#comments",
    Notice.Reason.REVIEW: "#review",
    Notice.Reason.ANSWERED: "#review",
    Notice.Reason.OUTCOME: "#outcome",
}


@require_safe
@seated("item.see")
def inbox(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The person's notices in this workspace, newest first."""
    rows = _of(seat).order_by("-created_at", "-id")
    page = Paginator(rows, ON_PAGE).get_page(request.GET.get("page"))
    for notice in page:
        notice.item.workspace = seat.workspace
        notice.words = noticewords.say(notice)  # type: ignore[attr-defined]
    context = {"page": page, "waiting": rows.filter(read_at=None).exists()}
    return render(request, "production/log/inbox.html", context)


@require_POST
@seated("item.see")
def read_all(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Nothing in the inbox is new any more."""
    notices.read_all(seat.user, seat.workspace.pk, at=timezone.now())
    return redirect("inbox", seat.workspace.slug)


@require_POST
@seated("item.see")
def open_notice(request: HttpRequest, seat: Seat, notice: str) -> HttpResponse:
    """Mark one notice as read and go where it points."""
    found = _of(seat).filter(public_id=notice).first() if is_id(notice) else None
    if found is None:
        raise Http404
    notices.read(found, at=timezone.now())
    found.item.workspace = seat.workspace
    place = PLACES.get(Notice.Reason(found.reason), "")
    return redirect(f"/w/{seat.workspace.slug}/items/{found.item.key}/{place}")


def _of(seat: Seat) -> QuerySet[Notice]:
    """What the person may still see: an external contributor loses a card with its assignment."""
    visible = ContentItem.objects.visible_to(seat.user).filter(workspace=seat.workspace)
    return Notice.objects.filter(
        user=seat.user, workspace=seat.workspace, item__in=visible
    ).select_related("item", "event")
