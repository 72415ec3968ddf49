"""How a change of a card is answered: a fragment for script, a redirect with a message without."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from production import boardview
from production.doors import request_id
from production.errors import Invalid
from production.filters import ItemFilters
from production.models import ContentItem, Gate
from production.permissions import Seat
from production.rules import Refusal
from production.sentences import say
from production.views.boards.page import patch
from production.views.boards.sight import PAGE_PARAMETERS, Boards, items_of, whole_sight

# Where on the card's page the control stands that fixes what a rule asks for.
FIXED_AT = {
    "primary_kpi_missing": "kpi",
    "not_published": "publication",
    "own_edit": "review",
}
GATE_FIXED_AT = {
    Gate.Check.MANUAL: "gates",
    Gate.Check.OPENINGS: "hooks",
    Gate.Check.REVIEW: "review",
    Gate.Check.OUT: "publication",
}
FIELD_FIXED_AT = {
    "primary_kpi": "kpi",
    "target_value": "kpi",
    "result_value": "outcome",
    "decision": "outcome",
    "decision_reason": "outcome",
    "learning": "outcome",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason in words, and the address of the control that removes it."""

    code: str
    sentence: str
    fix_url: str = ""
    fix_dialog: bool = False  # the address is a form of its own, not a place on a page


def for_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def undo_url(request: HttpRequest, seat: Seat) -> str:
    return reverse("undo", args=[seat.workspace.slug, request_id(request)])


def changed(
    request: HttpRequest,
    seat: Seat,
    boards: Boards,
    items: Iterable[ContentItem],
    *,
    said: str,
    notes: Sequence[str] = (),
    undoable: bool = True,
    quiet: bool = False,
) -> HttpResponse:
    """The changed cards as they stand now, what happened in words, and how to take it back.

    `quiet`: whoever sees the board has seen it happen; only those who listen are told.
    """
    way_back = undo_url(request, seat) if undoable else ""
    if not for_script(request):
        messages.success(request, " ".join([said, *notes]), extra_tags=way_back)
        return redirect(back_url(request, seat, boards))
    context = patch(
        request, seat, boards, _sight(request, seat, boards), [each.public_id for each in items]
    )
    context |= {"said": said, "notes": notes, "undo_url": way_back, "quiet": quiet}
    return render(request, "production/boards/board.html#patch", context)


def problems(item: ContentItem, refusals: Sequence[Refusal]) -> list[Problem]:
    """Every refusal as a sentence with the address of its remedy."""
    ids = [str(each.params["gate_id"]) for each in refusals if "gate_id" in each.params]
    gates = {gate.public_id: gate for gate in Gate.objects.filter(public_id__in=ids)} if ids else {}
    page = f"/w/{item.workspace.slug}/items/{item.key}/"
    found = []
    for refusal in refusals:
        gate = gates.get(str(refusal.params.get("gate_id", "")))
        if dialog := _dialog_for(refusal, gate):
            url = reverse(dialog, args=[item.workspace.slug, item.key])
        else:
            place = _place_of(gate) if gate else FIXED_AT.get(refusal.code, "")
            url = f"{page}#{place}" if place else ""
        found.append(Problem(refusal.code, say(refusal), url, bool(dialog)))
    return found


def new_problems(refusals: Sequence[Refusal]) -> list[Problem]:
    """As `problems`, for a card that does not exist yet and has no page to mend it on."""
    return [Problem(refusal.code, say(refusal)) for refusal in refusals]


def sentences(invalid: Invalid) -> list[str]:
    return [sentence for found in invalid.errors.values() for _, sentence in found]


def back_url(request: HttpRequest, seat: Seat, boards: Boards) -> str:
    """The address the form came from when it is one of ours, else the board."""
    wanted = request.POST.get("next", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return reverse("board-page", args=[seat.workspace.slug, boards.board.public_id])


def url_back(request: HttpRequest, seat: Seat) -> str:
    """As `back_url`, where no board is at hand: the page before when it is ours."""
    wanted = request.POST.get("next", "") or request.headers.get("Referer", "")
    if wanted and url_has_allowed_host_and_scheme(wanted, {request.get_host()}):
        return wanted
    return reverse("board", args=[seat.workspace.slug])


def _dialog_for(refusal: Refusal, gate: Gate | None) -> str:
    """The name of the form that mends it on the spot, where there is one."""
    if refusal.code == "blocked":
        return "card-hold"
    counts = gate is not None and gate.check_kind == Gate.Check.COUNT
    return "card-people" if gate and counts and gate.counted == Gate.Counted.ASSIGNEES else ""


def _place_of(gate: Gate) -> str:
    if gate.check_kind == Gate.Check.FIELD:
        return FIELD_FIXED_AT.get(gate.field, "gates")
    if gate.check_kind == Gate.Check.COUNT and gate.counted == Gate.Counted.HOOKS:
        return "hooks"
    return GATE_FIXED_AT.get(Gate.Check(gate.check_kind), "gates")


def _sight(request: HttpRequest, seat: Seat, boards: Boards) -> boardview.Sight:
    """The board as the page that sent the change shows it: its filters come along as `query`."""
    whole = whole_sight(seat, boards)
    parameters: QueryDict = QueryDict(request.POST.get("query", ""))
    for name in PAGE_PARAMETERS:
        parameters = _without(parameters, name)
    filters = ItemFilters(
        parameters,
        items_of(seat, boards.board),  # type: ignore[arg-type]
        seat=seat,
        stages=boards.stages,
        now=whole.now,
    )
    if not filters.is_valid():
        return whole
    return boardview.Sight(seat, boards.board, boards.stages, filters.qs, whole.now, True)


def _without(parameters: QueryDict, name: str) -> QueryDict:
    left = parameters.copy()
    left.pop(name, None)
    return left


def context_of(item: ContentItem, seat: Seat, **more: Any) -> dict[str, Any]:
    """What the forms about one card show around themselves."""
    slug = seat.workspace.slug
    return {
        "item": item,
        "workspace": seat.workspace,
        "seat": seat,
        "card_url": f"/w/{slug}/items/{item.key}/",
        "board_url": reverse("board-page", args=[slug, item.board.public_id]),
    } | more
