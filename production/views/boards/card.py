"""What is done to one card without opening it: who works on it, and what it waits for."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import items
from production.doors import item_by_key, seated
from production.errors import Invalid
from production.ids import is_id
from production.models import ContentItem, Membership, Role, User
from production.permissions import Seat
from production.views.boards import answers
from production.views.boards.sight import the_board


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.assign")
def people(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Who works on the card: the form, and the change."""
    item = item_by_key(seat, key)
    members = _members(seat)
    if request.method != "POST":
        chosen = set(item.assignments.values_list("user_id", flat=True))
        context = answers.context_of(item, seat, members=members, chosen=chosen)
        return render(request, "production/boards/people.html", context)
    ids = {each for each in request.POST.getlist("assignee") if is_id(each)}
    wanted = [member for member in members if member.public_id in ids]
    edited = items.edit(item, {"assignees": wanted}, by=seat.user, at=timezone.now())
    names = ", ".join(person.name for person in wanted) or gettext("nobody")
    said = gettext("%(key)s is with %(names)s.") % {"key": item.key, "names": names}
    return answers.changed(
        request,
        seat,
        the_board(seat, item.board.public_id),
        [item],
        said=said,
        undoable=edited.event is not None,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.edit")
def hold(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Why the card cannot go on, or that it can again: the form, and the change."""
    item = item_by_key(seat, key)
    seat.require_work_on(item)
    if request.method != "POST":
        return _hold_form(request, seat, item)
    at = timezone.now()
    try:
        if request.POST.get("do") == "unblock":
            items.unblock(item, by=seat.user, at=at)
            said = gettext("%(key)s may go on.") % {"key": item.key}
        else:
            reason = request.POST.get("reason", "")
            items.block(item, reason=reason, by=seat.user, at=at)
            said = gettext("%(key)s is blocked.") % {"key": item.key}
    except Invalid as invalid:
        return _hold_form(request, seat, item, answers.sentences(invalid), 422)
    boards = the_board(seat, item.board.public_id)
    return answers.changed(request, seat, boards, [item], said=said, undoable=False)


def _hold_form(
    request: HttpRequest,
    seat: Seat,
    item: ContentItem,
    said: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = answers.context_of(item, seat, said=said or [])
    return render(request, "production/boards/hold.html", context, status=status)


def _members(seat: Seat) -> list[User]:
    members = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    rows = members.exclude(role=Role.VIEWER).select_related("user")
    return [member.user for member in rows.order_by("user__name", "id")]
