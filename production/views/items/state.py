"""Blocking, archiving, deriving: what happens to a card as a whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from production import items
from production.doors import seated
from production.errors import Invalid, Refused
from production.forms.items import PieceForm, ReasonForm, plain_rows
from production.items.create import DERIVATIVES
from production.itemview import PANELS
from production.models import Channel, ContentItem
from production.permissions import Seat
from production.views.items import answers
from production.views.items.answers import acting, form_page, item_to_change

Pieces: Any = forms.formset_factory(
    PieceForm, extra=0, max_num=DERIVATIVES[1], absolute_max=DERIVATIVES[1]
)
_ROOM_AT_LEAST = 2


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.edit")
def block(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Why it cannot go on."""
    item = item_to_change(seat, key)
    posted = request.POST if request.method == "POST" else None
    form = ReasonForm(
        posted, initial={"reason": item.blocked_reason}, label=gettext("Blocked because")
    )

    def save() -> None:
        reason = form.cleaned_data["reason"]
        items.block(item, reason=reason, by=seat.user, at=timezone.now())

    return form_page(
        request,
        seat,
        item,
        form,
        title=gettext("Block %(key)s") % {"key": item.key},
        submit=gettext("Block"),
        panels=("head", "gates", "history"),
        save=save,
    )


@acting("item.edit", "head", "gates", "history")
def unblock(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> None:
    items.unblock(item, by=seat.user, at=at)


@acting("item.archive", *PANELS)
def archive(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> HttpResponse:
    items.archive(item, seat=seat, at=at)
    said = gettext("%(key)s is archived.") % {"key": item.key}
    undo = answers.undo_url(request, seat)
    return answers.changed(request, seat, item.key, PANELS, said=said, undo=undo)


@acting("item.archive", *PANELS)
def restore(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> str:
    items.restore(item, seat=seat, at=at)
    return gettext("%(key)s is back on the board.") % {"key": item.key}


@require_http_methods(["GET", "HEAD", "POST"])
@seated("item.derive")
def derive(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Five to twelve cuts of a main piece, each a card of its own."""
    item = item_to_change(seat, key, "item.derive")
    channels = plain_rows(Channel, seat.workspace.pk)
    there = item.derivatives.filter(archived_at=None).count()
    if request.method != "POST":
        wanted = max(DERIVATIVES[0] - there, min(_ROOM_AT_LEAST, DERIVATIVES[1] - there))
        rows = Pieces(initial=[{}] * wanted, form_kwargs={"channels": channels}, prefix="piece")
        return _derive_form(request, seat, item, rows, there)
    rows = Pieces(request.POST, form_kwargs={"channels": channels}, prefix="piece")
    if not rows.is_valid():
        return _derive_form(request, seat, item, rows, there, status=422)
    if "more" in request.POST:
        kept = [dict(form.cleaned_data) for form in rows]
        filled = kept + [{}] * (min(len(kept) + 2, DERIVATIVES[1] - there) - len(kept))
        fresh = Pieces(initial=filled, form_kwargs={"channels": channels}, prefix="piece")
        return _derive_form(request, seat, item, fresh, there)
    pieces = [_piece(form.cleaned_data) for form in rows if form.cleaned_data.get("title")]
    if not pieces:
        problems = [gettext("Give at least one of them a title.")]
        return _derive_form(request, seat, item, rows, there, problems, status=422)
    try:
        made = items.derive(item, pieces, seat=seat, at=timezone.now())
    except (Refused, Invalid) as error:
        found = answers.sentences(error)
        return _derive_form(request, seat, item, rows, there, found, status=409)
    said = ngettext("%(count)s derivative made.", "%(count)s derivatives made.", len(made))
    said = said % {"count": len(made)}
    panels = ("derivatives", "gates", "history")
    if not answers.for_script(request):
        messages.success(request, said)
        return redirect(answers.item_url(seat, item, "derivatives"))
    return answers.changed(request, seat, key, panels, said=said)


def _piece(values: dict[str, Any]) -> dict[str, Any]:
    piece: dict[str, Any] = {"title": values["title"], "hook": values.get("hook", "")}
    if values.get("channel"):
        piece["channel"] = values["channel"]
    if values.get("length") is not None:
        piece["length_min_seconds"] = piece["length_max_seconds"] = values["length"]
    return piece


def _derive_form(
    request: HttpRequest,
    seat: Seat,
    item: ContentItem,
    rows: Any,
    there: int,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "item": item,
        "rows": rows,
        "there": there,
        "least": DERIVATIVES[0],
        "most": DERIVATIVES[1],
        "room": DERIVATIVES[1] - there - len(rows),
        "problems": problems or [],
        "cancel_url": answers.item_url(seat, item, "derivatives"),
    }
    part = "#form" if answers.for_script(request) else ""
    return render(request, "production/items/derive.html" + part, context, status=status)
