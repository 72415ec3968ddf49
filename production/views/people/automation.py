"""What is automated here, and what only people do."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from production import automation
from production.doors import seated
from production.forms.people import SCOPES
from production.forms.webhooks import WORDS
from production.permissions import Seat


@require_safe
@seated("people.see")
def policy(request: HttpRequest, seat: Seat) -> HttpResponse:
    """One page for the whole team, written from what is really set up."""
    found = automation.policy_of(seat.workspace, timezone.now())
    scopes = dict(SCOPES)
    context = {
        "policy": found,
        "programs": [
            (each, [scopes.get(scope, scope) for scope in each.token.scopes])
            for each in found.programs
        ],
        "receivers": [
            (each, [WORDS.get(type, type) for type in each.types]) for each in found.receivers
        ],
    }
    return render(request, "production/people/automation.html", context)
