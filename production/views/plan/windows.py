"""The publishing windows of each channel: add, change, lock for three weeks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from production import windows
from production.doors import seated
from production.errors import Refused
from production.forms.windows import WhyForm, WindowForm
from production.models import Channel, Window
from production.permissions import Seat
from production.sentences import say
from production.views.plan.asked import asked


@seated("plan.see")
def overview(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every channel with its windows, and until when they are kept."""
    found: dict[int, dict[str, Any]] = {
        channel.pk: {"channel": channel, "windows": [], "locked_until": None}
        for channel in _channels(seat).order_by("role", "position", "id")
    }
    rows = Window.objects.filter(channel__in=list(found), retired_at=None)
    today = _today(seat)
    for row in rows.order_by("begins", "id"):
        entry = found[row.channel_id]
        entry["windows"].append({"window": row, "days": days_text(row.weekdays)})
        if row.locked_until and today <= row.locked_until:
            entry["locked_until"] = max(entry["locked_until"] or today, row.locked_until)
    context = {
        "channels": list(found.values()),
        "may_change": seat.may("window.change"),
        "lock_days": windows.LOCK_DAYS,
    }
    return render(request, "production/plan/windows.html", context)


@seated("window.change")
def add(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """One more window of the channel."""
    channel = _channel(seat, public_id)
    form = WindowForm(request.POST or None, locked=_is_locked(seat, channel))

    def do() -> None:
        at = timezone.now()
        windows.add(channel, seat=seat, at=at, reason=form.why, **form.hours)

    title = _("A window for %(channel)s") % {"channel": channel.name}
    return _form(request, seat, form, do, title=title, submit=_("Add"))


@seated("window.change")
def change(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Other days or hours."""
    window = _window(seat, public_id)
    locked = _is_locked(seat, window.channel)
    form = WindowForm(request.POST or None, locked=locked, window=window)

    def do() -> None:
        at, version = timezone.now(), form.cleaned_data["version"]
        windows.change(window, form.hours, seat=seat, at=at, version=version, reason=form.why)

    title = _("A window of %(channel)s") % {"channel": window.channel.name}
    return _form(request, seat, form, do, title=title, submit=_("Save"))


@seated("window.change")
def retire(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Publish there no more; while locked with a reason."""
    window = _window(seat, public_id)
    asks = _is_locked(seat, window.channel)
    form = WhyForm(request.POST or None) if asks else None

    def do() -> None:
        reason = form.cleaned_data["reason"] if form else ""
        windows.retire(window, seat=seat, at=timezone.now(), reason=reason)

    title = _("Take a window of %(channel)s away") % {"channel": window.channel.name}
    return _form(request, seat, form, do, title=title, submit=_("Take away"))


@seated("window.change")
def unlock(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Before the three weeks are over, with a reason."""
    channel = _channel(seat, public_id)
    form = WhyForm(request.POST or None)

    def do() -> None:
        windows.unlock(channel, seat=seat, at=timezone.now(), reason=form.cleaned_data["reason"])

    title = _("Unlock the windows of %(channel)s") % {"channel": channel.name}
    return _form(request, seat, form, do, title=title, submit=_("Unlock"))


@seated("window.change")
@require_POST
def lock(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """Keep them as they are for three weeks."""
    try:
        windows.lock(_channel(seat, public_id), seat=seat, at=timezone.now())
    except Refused as refused:
        messages.error(request, " ".join(say(each) for each in refused.refusals))
    return redirect(_list(seat))


@seated("window.change")
@require_POST
def usual(request: HttpRequest, seat: Seat, public_id: str) -> HttpResponse:
    """The usual hours of the platform, to begin with."""
    windows.add_usual(_channel(seat, public_id), seat=seat, at=timezone.now())
    return redirect(_list(seat))


def days_text(weekdays: list[int]) -> str:
    """`Mon–Wed, Fri`: weekdays by their names, runs of three and more in short."""
    runs: list[list[int]] = []
    for day in sorted(weekdays):
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [
        f"{_day(run[0])}–{_day(run[-1])}" if len(run) > 2 else ", ".join(map(_day, run))
        for run in runs
    ]
    return ", ".join(names)


def _day(number: int) -> str:
    return str(WEEKDAYS_ABBR[number - 1])


def _form(
    request: HttpRequest,
    seat: Seat,
    form: BaseForm | None,
    do: Callable[[], None],
    *,
    title: str,
    submit: str,
) -> HttpResponse:
    context = {
        "title": title,
        "submit": submit,
        "list_title": _("Publishing windows"),
        "zone": seat.workspace.time_zone,
    }
    return asked(request, form, do, then=_list(seat), context=context)


def _channels(seat: Seat) -> Any:
    return Channel.objects.filter(workspace=seat.workspace, retired_at=None)


def _channel(seat: Seat, public_id: str) -> Channel:
    found = _channels(seat).filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _window(seat: Seat, public_id: str) -> Window:
    rows = Window.objects.filter(workspace=seat.workspace, retired_at=None)
    found = rows.select_related("channel").filter(public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _is_locked(seat: Seat, channel: Channel) -> bool:
    return any(each.is_locked(_today(seat)) for each in windows.hours_of(channel))


def _today(seat: Seat) -> Any:
    return timezone.now().astimezone(ZoneInfo(seat.workspace.time_zone)).date()


def _list(seat: Seat) -> str:
    return reverse("settings-windows", args=[seat.workspace.slug])
