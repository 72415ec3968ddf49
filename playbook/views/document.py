"""The playbook as one document: the page that prints, and the same as Markdown."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_safe

from playbook import document
from production import cycles
from production.doors import seated
from production.permissions import Seat


@require_safe
@seated("playbook.see")
def page(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Everything on one page, as it stands today."""
    context = {
        "parts": document.parts_of(seat.workspace),
        "today": cycles.today_in(seat.workspace, timezone.now()),
        "cycle": cycles.running(seat.workspace),
    }
    return render(request, "playbook/document.html", context)


@require_safe
@seated("playbook.see")
def markdown(request: HttpRequest, seat: Seat) -> HttpResponse:
    """The same as a file."""
    day = date_format(cycles.today_in(seat.workspace, timezone.now()), "DATE_FORMAT")
    text = document.markdown(seat.workspace, day=day)
    answer = HttpResponse(text, content_type="text/markdown; charset=utf-8")
    name = f"playbook-{seat.workspace.slug}.md"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
