"""How a change of the plan is answered: the calendar anew for script, a redirect without."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateformat import format as date_text
from django.utils.translation import gettext, pgettext

from production import windows
from production.calendarview import Span
from production.doors import go, request_id, url_asked
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.forms import show
from production.models import Channel, ContentItem, Publication, Slot
from production.permissions import Seat
from production.sentences import say
from production.views.calendar.page import PARAMETERS, asked_where, context_of, seen

MOST_ITEMS = 300


def for_script(request: HttpRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


def back_url(request: HttpRequest, seat: Seat, day: date | None = None) -> str:
    """The calendar as the person last looked at it, or the page that the link names."""
    if asked := url_asked(request):
        return asked
    query = QueryDict(seen(request, seat))
    kept = {name: query[name] for name in PARAMETERS if name in query}
    if day is not None and not _shows(kept, day, seat):
        kept["from"] = day.isoformat()
    url = reverse("calendar", args=[seat.workspace.slug])
    return f"{url}?{urlencode(kept)}" if kept else url


def _shows(asked: Mapping[str, str], day: date, seat: Seat) -> bool:
    """Whether the calendar of that address holds the day."""
    today = there(seat, timezone.now()).date()
    try:
        span = Span.read(asked.get("view", ""), asked.get("from", ""), today)
    except ValueError:
        return False
    return span.first <= day <= span.last


def changed(
    request: HttpRequest, seat: Seat, said: str, *, day: date | None = None, note: str = ""
) -> HttpResponse:
    """The plan as it is now, what happened in words, and how to take it back."""
    undo = reverse("undo", args=[seat.workspace.slug, request_id(request)])
    if note:
        said = f"{said} {Publication.TimeNote(note).label}"
    if (back := url_asked(request)) or not for_script(request):
        messages.success(request, said, extra_tags=undo)
        return go(request, back or back_url(request, seat, day))
    try:
        context = context_of(seat, asked_where(request))
    except ValueError:
        context = context_of(seat, {})
    response = render(request, "production/calendar/calendar.html#plan", context)
    response["HX-Retarget"] = "#plan"
    response["HX-Reswap"] = "outerHTML"
    response["HX-Trigger"] = json.dumps(
        {"putki:close-dialog": True, "putki:toast": {"text": said, "undo": undo}}
    )
    return response


def tried(form: forms.BaseForm | None, do: Callable[[], HttpResponse]) -> Any:
    """What `do` answers; or (status, sentences) when the verb says no, with errors on the form."""
    try:
        return do()
    except Invalid as invalid:
        if form is not None:
            show(form, invalid)
            return 422, []
        return 422, [text for found in invalid.errors.values() for _code, text in found]
    except Refused as refused:
        return 409, list(dict.fromkeys(say(each) for each in refused.refusals))
    except NotAllowed:
        return 409, [gettext("Only an owner may plan outside the windows.")]
    except Stale:
        sentence = gettext("Somebody was faster. Look at what it says now, then try again.")
        return 409, [sentence]


def slot_of(seat: Seat, public_id: str) -> Slot:
    """A slot of the plan; Http404 otherwise."""
    rows = Slot.objects.filter(workspace=seat.workspace, public_id=public_id, cancelled_at=None)
    found = rows.select_related(
        "channel", "pillar", "format", "kpi", "publication__item__stage", "workspace"
    ).first()
    if found is None:
        raise Http404
    return found


def publication_of(seat: Seat, public_id: str) -> Publication:
    """A publication of the workspace; Http404 otherwise."""
    rows = Publication.objects.filter(workspace=seat.workspace, public_id=public_id)
    found = rows.select_related("channel", "item__stage", "item__workspace").first()
    if found is None:
        raise Http404
    return found


def listed(items: Any) -> list[ContentItem]:
    """Cards for a choice: in the order of the board, as many as one can look through."""
    return list(items.order_by("stage__position", "stage_id", "rank", "id")[:MOST_ITEMS])


def moment_text(moment: datetime) -> str:
    """`Tue 24 Nov 18:00`."""
    day = date_text(moment, pgettext("day, Django format", "D j M"))
    return f"{day} {moment:%H:%M}"


def openings(seat: Seat, channel: Channel | None) -> list[str]:
    """When the next windows of the channel open, in words."""
    if channel is None:
        return []
    known = windows.hours_of(channel)
    nearest = windows.next_beginnings(known, timezone.now(), seat.workspace.time_zone, 4)
    return [moment_text(each) for each in nearest]


def there(seat: Seat, moment: datetime) -> datetime:
    """On the clock of the workspace."""
    return moment.astimezone(ZoneInfo(seat.workspace.time_zone))
