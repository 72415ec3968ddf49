"""Add a slot, or one on every Monday and Thursday; a card may take it at once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from production import slots, windows
from production.doors import seated
from production.forms.calendar import AddForm, shown_at
from production.models import Channel, ContentItem
from production.permissions import Seat
from production.slots import unplanned
from production.views.calendar import answers


@require_http_methods(["GET", "HEAD", "POST"])
@seated("slot.change")
def add(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The form, and what it makes."""
    items = answers.listed(unplanned(seat))
    is_sent = request.method == "POST"
    form = AddForm(
        request.POST if is_sent else None,
        seat=seat,
        items=items,
        initial=_beginning(request, seat),
    )
    problems: list[str] = []
    status = 200
    if is_sent:
        status = 422
        if form.is_valid():
            said = answers.tried(form, lambda: _made(request, seat, form, items))
            if isinstance(said, HttpResponse):
                return said
            status, problems = said
    context = {
        "form": form,
        "problems": problems,
        "back_url": answers.back_url(request, seat),
        "status": status,
    }
    part = "#form" if answers.for_script(request) else ""
    return render(request, f"production/calendar/add.html{part}", context, status=status)


def _made(
    request: HttpRequest, seat: Seat, form: AddForm, items: list[ContentItem]
) -> HttpResponse:
    now, sent = timezone.now(), form.cleaned_data
    day: date = sent["date"]
    if sent["weekdays"]:
        made = slots.repeat(
            sent["channel"],
            first=day,
            days=sent["days"] or 14,
            weekdays=sent["weekdays"],
            clock=sent["time"],
            zone=seat.workspace.time_zone,
            values=form.values,
            seat=seat,
            at=now,
            waive=form.waived,
        )
        count = len(made)
        said = ngettext("%(count)s slot added.", "%(count)s slots added.", count)
        note = next((each.time_note for each in made if each.time_note), "")
        return answers.changed(request, seat, said % {"count": count}, day=day, note=note)
    when = form.when()
    item = next((each for each in items if each.public_id == sent["item"]), None)
    with transaction.atomic():
        slot = slots.add(sent["channel"], when, form.values, seat=seat, at=now, waive=form.waived)
        if item is not None:
            slots.fill(slot, item, seat=seat, at=now)
    words = {"when": answers.moment_text(when.shown), "channel": slot.channel.name}
    if item is None:
        said = gettext("%(channel)s has a slot on %(when)s.") % words
    else:
        said = gettext("%(key)s is planned for %(when)s.") % (words | {"key": item.key})
    return answers.changed(request, seat, said, day=when.shown.date(), note=when.note)


def _beginning(request: HttpRequest, seat: Seat) -> dict[str, Any]:
    """What the form shows first: what the address asks for, else the next window."""
    rows = Channel.objects.filter(workspace=seat.workspace, retired_at=None)
    asked = rows.filter(public_id=request.GET.get("channel", "")).first()
    channel = asked or rows.order_by("role", "position", "id").first()
    if channel is None:
        return {}
    begins = {"channel": channel.public_id, "days": 14}
    day, clock = _sent(request)
    if day and clock:
        return begins | {"date": day, "time": clock}
    now = timezone.now()
    known = windows.hours_of(channel)
    nearest = windows.next_beginnings(known, now, seat.workspace.time_zone, 1)
    tomorrow = answers.there(seat, now + timedelta(days=1)).replace(hour=12, minute=0)
    at: datetime = nearest[0] if nearest else tomorrow
    return begins | shown_at(at) | ({"date": day, "time": time(12)} if day else {})


def _sent(request: HttpRequest) -> tuple[date | None, time | None]:
    try:
        return (
            parse_date(request.GET.get("date", "")),
            parse_time(request.GET.get("time", "")),
        )
    except ValueError:
        return None, None
