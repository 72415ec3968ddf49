"""Openings and the list to tick."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from production import checklists, gates, hooks
from production.doors import seated
from production.forms.items import HookForm
from production.models import ChecklistEntry, ContentItem, Gate, Hook
from production.permissions import Seat
from production.views.items.answers import acting, form_page, item_to_change, part_of

_PANELS = ("hooks", "gates", "review", "history")


@acting("item.edit", *_PANELS)
def add(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> None:
    hooks.add(
        item,
        text=request.POST.get("text", ""),
        hook_type=request.POST.get("hook_type", "other"),
        by=seat.user,
        at=at,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.edit")
def edit(request: HttpRequest, seat: Seat, key: str, hook: str) -> HttpResponse:
    """Another wording, type or note."""
    item = item_to_change(seat, key)
    found = part_of(Hook.objects.filter(item=item), hook)
    initial = {"text": found.text, "hook_type": found.hook_type, "note": found.note}
    form = HookForm(request.POST or None, initial=initial)

    def save() -> None:
        hooks.edit(found, form.cleaned_data, by=seat.user, at=timezone.now())

    return form_page(
        request,
        seat,
        item,
        form,
        title=gettext("Edit the opening"),
        submit=gettext("Save"),
        panels=_PANELS,
        save=save,
    )


@acting("item.edit", *_PANELS)
def choose(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> None:
    found = part_of(Hook.objects.filter(item=item), request.POST.get("hook", ""))
    hooks.choose(found, reason=request.POST.get("reason", ""), by=seat.user, at=at)


@acting("item.edit", *_PANELS)
def unchoose(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, hook: str) -> None:
    hooks.unchoose(part_of(Hook.objects.filter(item=item), hook), by=seat.user, at=at)


@acting("item.edit", *_PANELS)
def remove(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, hook: str) -> None:
    hooks.remove(part_of(Hook.objects.filter(item=item), hook), by=seat.user, at=at)


@acting("item.edit", "hooks", "history")
def place(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, hook: str) -> None:
    """One step up."""
    found = part_of(Hook.objects.filter(item=item), hook)
    order = [each.public_id for each in Hook.objects.filter(item=item).order_by("position", "id")]
    hooks.reorder(item, one_up(order, found.public_id), by=seat.user, at=at)


@acting("item.edit", "checklist", "history")
def add_line(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> None:
    text, group = request.POST.get("text", ""), request.POST.get("group", "")
    checklists.add(item, text=text, group=group, by=seat.user, at=at)


@acting("item.edit", "checklist", "history")
def tick_line(
    request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, entry: str
) -> None:
    found = part_of(ChecklistEntry.objects.filter(item=item), entry)
    act = checklists.tick if request.POST.get("done") else checklists.untick
    act(found, by=seat.user, at=at)


@acting("item.edit", "checklist", "history")
def remove_line(
    request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, entry: str
) -> None:
    checklists.remove(part_of(ChecklistEntry.objects.filter(item=item), entry), by=seat.user, at=at)


@acting("item.edit", "checklist", "history")
def place_line(
    request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, entry: str
) -> None:
    """One step up."""
    found = part_of(ChecklistEntry.objects.filter(item=item), entry)
    lines = ChecklistEntry.objects.filter(item=item).order_by("position", "id")
    order = one_up([each.public_id for each in lines], found.public_id)
    checklists.reorder(item, order, by=seat.user, at=at)


@acting("item.edit", "gates", "history")
def tick_gate(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, gate: str) -> None:
    evidence = " ".join(request.POST.get("evidence", "").replace("\x00", "").split())[:500]
    gates.tick(item, _manual(item, gate), by=seat.user, at=at, evidence=evidence)


@acting("item.edit", "gates", "history")
def untick_gate(
    request: HttpRequest, seat: Seat, item: ContentItem, at: datetime, gate: str
) -> None:
    gates.untick(item, _manual(item, gate), by=seat.user, at=at)


def one_up(order: list[str], public_id: str) -> list[str]:
    """The order with this one a place further up; the first one goes last."""
    index = order.index(public_id)
    left = [each for each in order if each != public_id]
    left.insert(index - 1 if index else len(left), public_id)
    return left


def _manual(item: ContentItem, gate: str) -> Gate:
    rows = Gate.objects.filter(
        stage__board=item.board_id, check_kind=Gate.Check.MANUAL, retired_at=None
    )
    return part_of(rows, gate)
