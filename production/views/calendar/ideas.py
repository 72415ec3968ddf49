"""Fill the empty slots ahead from the ideas, all in one sitting."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from production import slots
from production.calendarview.entries import is_empty
from production.doors import seated
from production.forms.calendar import IdeasForm
from production.models import ContentItem, Slot
from production.permissions import Seat
from production.slots import suggest, unplanned
from production.views.calendar import answers

AHEAD = timedelta(days=28)


@require_http_methods(["GET", "HEAD", "POST"])
@seated("slot.change")
def fill(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Every empty slot of the next four weeks, with the idea that suits it best chosen already."""
    now = timezone.now()
    free, ideas = _free(seat, now), answers.listed(unplanned(seat))
    form = IdeasForm(
        request.POST if request.method == "POST" else None,
        slots=free,
        items=ideas,
        chosen=suggest.suggest(
            [_asked(each) for each in free],
            [_given(each) for each in ideas if each.blocked_at is None],
        ),
        when=[answers.moment_text(answers.there(seat, each.starts_at)) for each in free],
    )
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = answers.tried(form, lambda: _filled(request, seat, form, now))
            if isinstance(said, HttpResponse):
                return said
            status, problems = said
    context = {
        "form": form,
        "free": free,
        "ideas": ideas,
        "problems": problems,
        "back_url": answers.back_url(request, seat),
    }
    part = "#form" if answers.for_script(request) else ""
    return render(request, f"production/calendar/ideas.html{part}", context, status=status)


def _filled(request: HttpRequest, seat: Seat, form: IdeasForm, now: datetime) -> HttpResponse:
    """All of them, or none."""
    pairs = form.pairs
    with transaction.atomic():
        # In the order of the ideas, so that two people at it wait for each other in one order.
        for slot, item in sorted(pairs, key=lambda pair: (pair[1].board_id, pair[1].pk)):
            slots.fill(slot, item, seat=seat, at=now)
    said = ngettext("%(count)s slot is filled.", "%(count)s slots are filled.", len(pairs))
    return answers.changed(request, seat, said % {"count": len(pairs)})


def _free(seat: Seat, now: datetime) -> list[Slot]:
    rows = Slot.objects.filter(
        Q(channel__retired_at=None),
        workspace=seat.workspace, cancelled_at=None,
        starts_at__gte=now, starts_at__lt=now + AHEAD,
    )  # fmt: skip
    related = rows.select_related("channel", "format", "pillar", "publication", "workspace")
    return [each for each in related.order_by("starts_at", "id") if is_empty(each)]


def _asked(slot: Slot) -> suggest.Traits:
    return suggest.Traits(
        slot.public_id, slot.channel_id, slot.format_id, slot.pillar_id, slot.content_type
    )


def _given(item: ContentItem) -> suggest.Traits:
    return suggest.Traits(
        item.public_id, item.channel_id, item.format_id, item.pillar_id, item.content_type
    )
