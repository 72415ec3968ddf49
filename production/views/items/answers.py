"""How a change of a card is answered: the panels it touches for script, a redirect without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from production.doors import go, item_by_key, request_id, seated, url_asked
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.forms import show
from production.itemview import PANELS, ItemPage
from production.models import ContentItem
from production.permissions import Seat
from production.rules import Refusal
from production.sentences import say

Act = Callable[..., Any]  # says something, answers itself, or returns None


def acting(operation: str, *panels: str, anchor: str = "") -> Callable[[Act], Act]:
    """A POST that changes one card: `do(request, seat, item, at, …)`, answered with these panels.

    `do` returns what to say, or an answer of its own. What a verb refuses stands in the first of
    the panels, with what was typed still there.
    """

    def decorate(do: Act) -> Act:
        @require_POST
        @seated(operation)
        @wraps(do)
        def view(request: HttpRequest, seat: Seat, key: str, **named: Any) -> HttpResponse:
            item = item_by_key(seat, key)
            seat.require_work_on(item, operation)
            try:
                if item.archived_at and operation != "item.archive":
                    raise Refused([Refusal("archived")])
                said = do(request, seat, item, timezone.now(), **named)
            except (Refused, Invalid, Stale) as error:
                return refused(request, seat, key, anchor or panels[0], error)
            if isinstance(said, HttpResponse):
                return said
            return changed(request, seat, key, panels, said=said or "", anchor=anchor)

        return view

    return decorate


def item_to_change(seat: Seat, key: str, operation: str = "item.edit") -> ContentItem:
    """The card, for a door that changes it: nobody works on an archived one."""
    item = item_by_key(seat, key)
    seat.require_work_on(item, operation)
    if item.archived_at:
        raise NotAllowed(operation)
    return item


def for_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def item_url(seat: Seat, item: ContentItem, panel: str = "") -> str:
    url = reverse("item", args=[seat.workspace.slug, item.key])
    return f"{url}#{panel}" if panel else url


def undo_url(request: HttpRequest, seat: Seat) -> str:
    return reverse("undo", args=[seat.workspace.slug, request_id(request)])


def changed(
    request: HttpRequest,
    seat: Seat,
    key: str,
    panels: Sequence[str],
    *,
    said: str = "",
    undo: str = "",
    anchor: str = "",
) -> HttpResponse:
    """The panels as they are now; without script the page, at the first of them."""
    item = item_by_key(seat, key)
    if back := url_asked(request):
        if said:
            messages.success(request, said, extra_tags=undo)
        return go(request, back)
    if not for_script(request):
        if said:
            messages.success(request, said, extra_tags=undo)
        return redirect(item_url(seat, item, anchor or panels[0]))
    response = parts(request, ItemPage(item, seat, timezone.now()), panels)
    events: dict[str, Any] = {"putki:close-dialog": True}
    if said:
        events["putki:toast"] = {"text": said, "undo": undo}
    response["HX-Trigger"] = json.dumps(events)
    return response


def refused(
    request: HttpRequest, seat: Seat, key: str, panel: str, error: Refused | Invalid | Stale
) -> HttpResponse:
    """The panel again, with every reason and what was typed."""
    page = ItemPage(
        item_by_key(seat, key),
        seat,
        timezone.now(),
        problems={panel: sentences(error)},
        typed=request.POST,
    )
    status = 422 if isinstance(error, Invalid) else 409
    if for_script(request):
        return parts(request, page, [panel], status=status)
    return whole(request, page, status=status)


def parts(
    request: HttpRequest, page: ItemPage, panels: Sequence[str], status: int = 200
) -> HttpResponse:
    """These panels, each to take the place of its namesake on the page."""
    known = [panel for panel in PANELS if panel in panels]
    context = {"page": page, "item": page.item, "panels": known, "oob": True}
    response = render(request, "production/items/parts.html", context, status=status)
    response["HX-Reswap"] = "none"
    return response


def whole(request: HttpRequest, page: ItemPage, status: int = 200) -> HttpResponse:
    """The whole page."""
    context = {"page": page, "item": page.item, "panels": PANELS}
    return render(request, "production/items/item.html", context, status=status)


def sentences(error: Refused | Invalid | Stale) -> list[str]:
    if isinstance(error, Refused):
        return list(dict.fromkeys(say(each) for each in error.refusals))
    if isinstance(error, Stale):
        return [gettext("Somebody was faster. Look at what it says now, then try again.")]
    return [sentence for found in error.errors.values() for _code, sentence in found]


def form_page(
    request: HttpRequest,
    seat: Seat,
    item: ContentItem,
    form: Any,
    *,
    title: str,
    submit: str,
    panels: Sequence[str],
    save: Callable[[], str | None],
    context: Mapping[str, Any] | None = None,
    template: str = "production/items/form.html",
    undoable: bool = False,
) -> HttpResponse:
    """A form on a page of its own, which script shows as a dialog."""
    status = 200
    problems: list[str] = []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                said = save()
            except Invalid as invalid:
                show(form, invalid)
            except (Refused, Stale) as error:
                problems, status = sentences(error), 409
            else:
                undo = undo_url(request, seat) if undoable and said else ""
                return changed(request, seat, item.key, panels, said=said or "", undo=undo)
    given = {
        "item": item,
        "form": form,
        "title": title,
        "submit": submit,
        "problems": problems,
        "cancel_url": url_asked(request) or item_url(seat, item, panels[0]),
        "back": url_asked(request),
    }
    part = "#form" if for_script(request) else ""
    return render(request, template + part, given | dict(context or {}), status=status)


def part_of(rows: Any, public_id: str) -> Any:
    """The part of the card with this id; Http404 for any other."""
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found
