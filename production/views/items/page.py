"""The card as a page, and the pieces of it that are asked for again."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from production.doors import item_by_key, seated
from production.itemview import PANELS, ItemPage
from production.models import Event
from production.permissions import Seat
from production.views.items import answers

# What an event may have changed on the page; the history and the needs it changes always.
_TOUCHED = {
    "hook": {"hooks", "review"},
    "script": {"script", "review"},
    "checklist": {"checklist"},
    "comment": {"comments"},
    "asset": {"files", "review"},
    "review": {"review"},
    "publication": {"publication", "head", "outcome", "review"},
    "gate": set(),
    "outcome": {"outcome", "head"},
}
# What Putki remarks; nobody has changed anything.
_REMARKS = ("item.will_miss", "item.ageing")


@require_safe
@seated("item.see")
def item(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """The whole card; with `parts` only those panels, as script asks for them."""
    page = ItemPage(item_by_key(seat, key), seat, timezone.now(), typed=request.GET)
    asked = [name for name in request.GET.get("parts", "")[:200].split(",") if name in PANELS]
    if asked and answers.for_script(request):
        return answers.parts(request, page, asked)
    return answers.whole(request, page)


@require_safe
@seated("item.see")
def news(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """What others changed after `since`: those panels but the ones in `busy`, and who it was."""
    page = ItemPage(item_by_key(seat, key), seat, timezone.now())
    asked = request.GET.get("since", "")
    since = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    events = page.news(since)
    busy = set(request.GET.get("busy", "")[:200].split(","))
    touched = _panels(events) if events else set()
    response = answers.parts(request, page, [name for name in PANELS if name in touched - busy])
    names = list(
        dict.fromkeys(
            event.actor_name or gettext("Somebody")
            for event in events
            if event.actor_id != seat.user.pk and event.type not in _REMARKS
        )
    )
    if names:
        response["HX-Trigger"] = json.dumps(
            {"putki:others": {"text": _who(names), "missed": sorted(touched & busy)}}
        )
    return response


@require_safe
@seated("item.see")
def history(request: HttpRequest, seat: Seat, key: str) -> HttpResponse:
    """Every line of the card's past, and the time in each stage."""
    page = ItemPage(item_by_key(seat, key), seat, timezone.now())
    return render(request, "production/items/history.html", {"page": page, "item": page.item})


def _panels(events: list[Event]) -> set[str]:
    touched = {"gates", "history"}
    for event in events:
        noun = event.type.partition(".")[0]
        touched |= _TOUCHED.get(noun, set(PANELS) - {"script", "comments"})
    return touched


def _who(names: list[str]) -> str:
    if len(names) == 1:
        return gettext("%(name)s changed this card.") % {"name": names[0]}
    others = len(names) - 1
    words = ngettext(
        "%(name)s and %(count)s other changed this card.",
        "%(name)s and %(count)s others changed this card.",
        others,
    )
    return words % {"name": names[0], "count": others}
