"""Many cards at once, and the cards that have left the board."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from production import items
from production.doors import item_by_key, seated
from production.errors import Invalid, Refused
from production.filters import ItemFilters
from production.ids import is_id
from production.items import BulkResult
from production.models import ContentItem, Label, Membership, Role, User
from production.permissions import Seat
from production.sentences import say
from production.views.boards import answers
from production.views.boards.page import not_understood
from production.views.boards.sight import PAGE_PARAMETERS, Boards, items_of, the_board

MOST = 200
ON_PAGE = 50


@dataclass(slots=True)
class Wish:
    """What is to happen to all of them: the arguments of `items.edit_many`, and its words."""

    change: dict[str, Any] = field(default_factory=dict)
    done: Callable[[int], str] = lambda count: ""
    undoable: bool = True


@require_POST
@seated("item.bulk")
def bulk(request: HttpRequest, seat: Seat, board: str) -> HttpResponse:
    """Do one thing to all selected cards; answers for each that refused."""
    boards = the_board(seat, board)
    chosen = _chosen(request, seat, boards)
    try:
        wish = _wish(request, seat, boards)
    except Invalid as invalid:
        return _result(request, seat, boards, BulkResult(), answers.sentences(invalid), 422)
    if not chosen:
        said = [gettext("Select a card first.")]
        return _result(request, seat, boards, BulkResult(), said, 422)
    result = items.edit_many(chosen, seat=seat, at=timezone.now(), **wish.change)
    if result.refused or result.invalid:
        return _result(request, seat, boards, result, [wish.done(len(result.done))], 409)
    return answers.changed(request, seat, boards, result.done, said=wish.done(len(result.done)))


@require_safe
@seated("item.bulk")
def bulk_form(request: HttpRequest, seat: Seat, board: str) -> HttpResponse:
    """Assign, label or date all selected cards."""
    boards = the_board(seat, board)
    people = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    labels = Label.objects.filter(workspace=seat.workspace, retired_at=None)
    context = {
        "board": boards.board,
        "board_url": reverse("board-page", args=[seat.workspace.slug, boards.board.public_id]),
        "people": people.exclude(role=Role.VIEWER)
        .order_by("user__name", "id")
        .values_list("user__public_id", "user__name"),
        "labels": labels.order_by("position", "name").values_list("public_id", "name"),
    }
    return render(request, "production/boards/bulk_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("board.see")
def archive(request: HttpRequest, seat: Seat, board: str) -> HttpResponse:
    """The cards that have left the board, newest first; a way back for each."""
    boards = the_board(seat, board)
    if request.method == "POST":
        return _restore(request, seat, boards)
    parameters = request.GET.copy()
    page = parameters.pop("page", ["1"])[-1]
    parameters["archived"] = "true"
    filters = ItemFilters(
        parameters,
        items_of(seat, boards.board),  # type: ignore[arg-type]
        seat=seat,
        stages=boards.stages,
    )
    try:
        filters.require_known(PAGE_PARAMETERS)
    except Invalid as invalid:
        return not_understood(request, invalid)
    rows = filters.qs.select_related("stage", "channel").order_by("-archived_at", "-id")
    context = {
        "board": boards.board,
        "board_url": reverse("board-page", args=[seat.workspace.slug, boards.board.public_id]),
        "page": Paginator(rows, ON_PAGE).get_page(page),
        "prefix": seat.workspace.item_prefix,
        "may_restore": seat.may("item.archive"),
    }
    return render(request, "production/boards/archive.html", context)


def _restore(request: HttpRequest, seat: Seat, boards: Boards) -> HttpResponse:
    seat.require("item.archive")
    item = item_by_key(seat, request.POST.get("key", ""))
    back = reverse("board-archive", args=[seat.workspace.slug, boards.board.public_id])
    try:
        item = items.restore(item, seat=seat, at=timezone.now())
    except Refused as refused:
        messages.error(request, " ".join(say(each) for each in refused.refusals))
        return redirect(back)
    words = {"key": item.key, "stage": item.stage.name}
    messages.success(request, gettext("%(key)s is back in %(stage)s.") % words)
    return redirect(back)


def _chosen(request: HttpRequest, seat: Seat, boards: Boards) -> list[ContentItem]:
    numbers = [_number(key, seat) for key in request.POST.getlist("key")[:MOST]]
    rows: QuerySet[ContentItem] = items_of(seat, boards.board)  # type: ignore[assignment]
    return list(
        rows.filter(number__in=[number for number in numbers if number])
        .select_related("stage", "workspace", "board", "channel")
        .order_by("stage__position", "rank", "id")
    )


def _number(key: str, seat: Seat) -> int | None:
    match = re.fullmatch(r"([A-Za-z0-9]+)-([0-9]{1,9})", key, re.ASCII)
    is_ours = match is not None and match[1].upper() == seat.workspace.item_prefix.upper()
    return int(match[2]) if match and is_ours else None


def _wish(request: HttpRequest, seat: Seat, boards: Boards) -> Wish:
    """What the form asks for; Invalid when it asks for nothing that exists."""
    data = request.POST
    verb = data.get("do", "")
    wishes: dict[str, Callable[[QueryDict, Seat, Boards], Wish | None]] = {
        "move": _moving,
        "assign": _assigning,
        "label": _labelling,
        "due": _due,
        "archive": _archiving,
    }
    wish = wishes[verb](data, seat, boards) if verb in wishes else None
    if wish is None:
        raise Invalid({"do": [("invalid", gettext("Choose what to do with the cards."))]})
    return wish


def _moving(data: QueryDict, seat: Seat, boards: Boards) -> Wish | None:
    to = next((s for s in boards.stages if s.public_id == data.get("stage")), None)
    if to is None:
        return None

    def done(count: int) -> str:
        text = ngettext(
            "%(count)s card moved to %(stage)s.", "%(count)s cards moved to %(stage)s.", count
        )
        return text % {"count": count, "stage": to.name}

    return Wish({"to": to}, done)


def _assigning(data: QueryDict, seat: Seat, boards: Boards) -> Wish | None:
    person = person_named(seat, data.get("assignee", ""))
    if person is None:
        return None

    def done(count: int) -> str:
        text = ngettext(
            "%(count)s card assigned to %(name)s.", "%(count)s cards assigned to %(name)s.", count
        )
        return text % {"count": count, "name": person.name}

    return Wish({"add_assignees": [person]}, done)


def _labelling(data: QueryDict, seat: Seat, boards: Boards) -> Wish | None:
    wanted = data.get("label", "")
    rows = Label.objects.filter(workspace=seat.workspace, retired_at=None)
    label = rows.filter(public_id=wanted).first() if is_id(wanted) else None
    if label is None:
        return None

    def done(count: int) -> str:
        text = ngettext(
            "%(count)s card labelled %(name)s.", "%(count)s cards labelled %(name)s.", count
        )
        return text % {"count": count, "name": label.name}

    return Wish({"add_labels": [label]}, done)


def _due(data: QueryDict, seat: Seat, boards: Boards) -> Wish | None:
    due = parse_due(data.get("due", ""))

    def done(count: int) -> str:
        text = ngettext(
            "%(count)s card has a new due date.", "%(count)s cards have a new due date.", count
        )
        return text % {"count": count}

    return Wish({"changes": {"due_at": due}}, done)


def _archiving(data: QueryDict, seat: Seat, boards: Boards) -> Wish | None:
    seat.require("item.archive")

    def done(count: int) -> str:
        text = ngettext("%(count)s card archived.", "%(count)s cards archived.", count)
        return text % {"count": count}

    return Wish({"archiving": True}, done)


def person_named(seat: Seat, public_id: str) -> User | None:
    """A member who can be given work, by public id."""
    if not is_id(public_id):
        return None
    members = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    member = members.exclude(role=Role.VIEWER).filter(user__public_id=public_id)
    found = member.select_related("user").first()
    return found.user if found else None


def parse_due(text: str) -> datetime | None:
    """Six in the evening of that day, or that minute, in the reader's zone. Raises Invalid."""
    if not text:
        return None
    try:
        day = parse_date(text)
        moment = datetime(day.year, day.month, day.day, 18) if day else parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise Invalid({"due": [("invalid", gettext("Write the day as 2026-03-31."))]})
    return timezone.make_aware(moment) if timezone.is_naive(moment) else moment


def _result(
    request: HttpRequest,
    seat: Seat,
    boards: Boards,
    result: BulkResult,
    said: list[str],
    status: int,
) -> HttpResponse:
    refused = [(item, answers.problems(item, found)) for item, found in result.refused]
    invalid = [(item, answers.sentences(found)) for item, found in result.invalid]
    context = {
        "board": boards.board,
        "board_url": answers.back_url(request, seat, boards),
        "said": said,
        "refused": refused,
        "invalid": invalid,
        "undo_url": answers.undo_url(request, seat) if result.done else "",
    }
    return render(request, "production/boards/bulk_result.html", context, status=status)
