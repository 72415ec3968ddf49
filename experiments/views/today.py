"""The ten-minute routine: somebody looked, and all is well (R73)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from experiments.kpis import daily
from production.doors import seated
from production.permissions import Seat


@require_POST
@seated("metric.see")
def well(request: HttpRequest, seat: Seat) -> HttpResponse:
    """Note that the person looked at today's numbers and found all well."""
    daily.all_well(seat=seat, at=timezone.now())
    return redirect("today", seat.workspace.slug)
