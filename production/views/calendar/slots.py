"""One slot: what it is for, when it is, which card takes it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from production import slots
from production.doors import seated
from production.forms.calendar import AboutForm, FillForm, TimeForm, shown_at
from production.models import ContentItem, Slot
from production.permissions import Seat
from production.views.calendar import answers


@require_http_methods(["GET", "HEAD", "POST"])
@seated("slot.change")
def about(request: HttpRequest, seat: Seat, slot: str) -> HttpResponse:
    """The slot with everything that can be done to it; a POST says what it is for."""
    found = answers.slot_of(seat, slot)
    if request.method != "POST":
        return _page(request, seat, found)
    form = AboutForm(request.POST, instance=found, seat=seat, auto_id="about_%s")
    if not form.is_valid():
        return _page(request, seat, found, about=form, status=422)

    def do() -> HttpResponse:
        slots.change(
            found,
            form.values,
            seat=seat,
            at=timezone.now(),
            version=form.cleaned_data["version"],
        )
        day = answers.there(seat, found.starts_at).date()
        return answers.changed(request, seat, gettext("The slot is changed."), day=day)

    return _answered(request, seat, found, answers.tried(form, do), about=form)


@require_POST
@seated("slot.change")
def move(request: HttpRequest, seat: Seat, slot: str) -> HttpResponse:
    """Another day or time; what is not sent stays as it is."""
    found = answers.slot_of(seat, slot)
    form = TimeForm(_with_time(request, seat, found), seat=seat, auto_id="move_%s")
    if not form.is_valid():
        return _page(request, seat, found, time=form, status=422)

    def do() -> HttpResponse:
        when = form.when()
        version = form.cleaned_data["version"]
        slots.change(
            found, {}, when=when, seat=seat, at=timezone.now(), version=version, waive=form.waived
        )
        words = {"when": answers.moment_text(when.shown), "channel": found.channel.name}
        said = gettext("The slot of %(channel)s moved to %(when)s.") % words
        return answers.changed(request, seat, said, day=when.shown.date(), note=when.note)

    return _answered(request, seat, found, answers.tried(form, do), time=form)


@require_POST
@seated("slot.change")
def fill(request: HttpRequest, seat: Seat, slot: str) -> HttpResponse:
    """Plan a card into the slot."""
    found = answers.slot_of(seat, slot)
    visible = ContentItem.objects.visible_to(seat.user).filter(workspace=seat.workspace)
    rows = visible.filter(public_id=request.POST.get("item", "")[:40])
    item = rows.select_related("stage", "channel", "workspace").first()
    if item is None:
        return _page(request, seat, found, problems=[gettext("Choose a card.")], status=422)

    def do() -> HttpResponse:
        publication = slots.fill(found, item, seat=seat, at=timezone.now())
        at = answers.there(seat, found.starts_at)
        words = {"key": item.key, "when": answers.moment_text(at)}
        said = gettext("%(key)s is planned for %(when)s.") % words
        return answers.changed(request, seat, said, day=at.date(), note=publication.time_note)

    return _answered(request, seat, found, answers.tried(None, do))


@require_POST
@seated("slot.change")
def cancel(request: HttpRequest, seat: Seat, slot: str) -> HttpResponse:
    """Out of the plan, with a way back."""
    found = answers.slot_of(seat, slot)

    def do() -> HttpResponse:
        slots.cancel(found, seat=seat, at=timezone.now())
        day = answers.there(seat, found.starts_at).date()
        return answers.changed(request, seat, gettext("The slot is out of the plan."), day=day)

    return _answered(request, seat, found, answers.tried(None, do))


def _with_time(request: HttpRequest, seat: Seat, slot: Slot) -> Any:
    sent = request.POST.copy()
    at = answers.there(seat, slot.starts_at)
    sent.setdefault("time", f"{at:%H:%M}")
    return sent


def _answered(
    request: HttpRequest, seat: Seat, slot: Slot, said: Any, **forms: Any
) -> HttpResponse:
    if isinstance(said, HttpResponse):
        return said
    status, problems = said
    return _page(request, seat, slot, problems=problems, status=status, **forms)


def _page(
    request: HttpRequest,
    seat: Seat,
    slot: Slot,
    *,
    time: TimeForm | None = None,
    about: AboutForm | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if slot.publication is not None and request.method != "POST":
        slug = seat.workspace.slug
        return redirect("publication-time", slug, slot.publication.public_id)
    at = answers.there(seat, slot.starts_at)
    begins = shown_at(at) | {"version": slot.version}
    context = {
        "slot": slot,
        "when": answers.moment_text(at),
        "time_form": time or TimeForm(initial=begins, seat=seat, auto_id="move_%s"),
        "about_form": about or AboutForm(instance=slot, seat=seat, auto_id="about_%s"),
        "fill_form": FillForm(items=answers.listed(slots.candidates(slot, seat))),
        "openings": answers.openings(seat, slot.channel),
        "problems": problems or [],
        "back_url": answers.back_url(request, seat, at.date()),
    }
    part = "#form" if answers.for_script(request) else ""
    return render(request, f"production/calendar/slot.html{part}", context, status=status)
