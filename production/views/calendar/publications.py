"""When one publication goes out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from production.doors import seated, url_asked
from production.forms.calendar import TimeForm, shown_at
from production.models import Publication, Slot
from production.permissions import Seat
from production.publications import schedule as scheduling
from production.views.calendar import answers


@require_http_methods(["GET", "HEAD", "POST"])
@seated("publication.schedule")
def move(request: HttpRequest, seat: Seat, publication: str) -> HttpResponse:
    """*Move to…*: a day and a time; what is not sent stays as it is."""
    found = answers.publication_of(seat, publication)
    if request.method != "POST":
        return _page(request, seat, found)
    form = TimeForm(_with_time(request, seat, found), seat=seat)
    if not form.is_valid():
        return _page(request, seat, found, form=form, status=422)

    def do() -> HttpResponse:
        when = form.when()
        scheduling.schedule(
            found,
            when,
            seat=seat,
            at=timezone.now(),
            version=form.cleaned_data["version"],
            waive=form.waived,
        )
        words = {"key": found.item.key, "when": answers.moment_text(when.shown)}
        said = gettext("%(key)s is planned for %(when)s.") % words
        return answers.changed(request, seat, said, day=when.shown.date(), note=when.note)

    return _answered(request, seat, found, answers.tried(form, do), form)


@require_POST
@seated("publication.schedule")
def clear(request: HttpRequest, seat: Seat, publication: str) -> HttpResponse:
    """No time any more; the slot it had is empty again."""
    found = answers.publication_of(seat, publication)
    was = found.publish_at

    def do() -> HttpResponse:
        scheduling.unschedule(found, seat=seat, at=timezone.now())
        said = gettext("%(key)s has no time any more.") % {"key": found.item.key}
        return answers.changed(request, seat, said, day=was and answers.there(seat, was).date())

    return _answered(request, seat, found, answers.tried(None, do))


def _with_time(request: HttpRequest, seat: Seat, publication: Publication) -> Any:
    sent = request.POST.copy()
    if publication.publish_at is not None:
        sent.setdefault("time", f"{answers.there(seat, publication.publish_at):%H:%M}")
    return sent


def _answered(
    request: HttpRequest,
    seat: Seat,
    publication: Publication,
    said: Any,
    form: TimeForm | None = None,
) -> HttpResponse:
    if isinstance(said, HttpResponse):
        return said
    status, problems = said
    return _page(request, seat, publication, form=form, problems=problems, status=status)


def _page(
    request: HttpRequest,
    seat: Seat,
    publication: Publication,
    *,
    form: TimeForm | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    at = publication.publish_at and answers.there(seat, publication.publish_at)
    begins = (shown_at(at) if at else {}) | {"version": publication.version}
    context = {
        "publication": publication,
        "item": publication.item,
        "slot": Slot.objects.filter(publication=publication, cancelled_at=None).first(),
        "when": answers.moment_text(at) if at else "",
        "time_form": form or TimeForm(initial=begins, seat=seat),
        "openings": answers.openings(seat, publication.channel),
        "problems": problems or [],
        "asked_back": url_asked(request),
        "back_url": answers.back_url(request, seat, at.date() if at else None),
    }
    part = "#form" if answers.for_script(request) else ""
    return render(request, f"production/calendar/publication.html{part}", context, status=status)
