"""Deciding about a card on its own page."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from experiments import outcomes
from production.models import ContentItem
from production.permissions import Seat
from production.views.items.answers import acting


@acting("outcome.record", "outcome", "head", "gates", "history")
def decide(request: HttpRequest, seat: Seat, item: ContentItem, at: datetime) -> str:
    """Repeat, improve or drop, and why; with the next card where one is asked for."""
    done = outcomes.decide(
        item,
        decision=request.POST.get("decision", ""),
        reason=request.POST.get("decision_reason", ""),
        learning=request.POST.get("learning", ""),
        go_on="go_on" in request.POST,
        seat=seat,
        at=at,
    )
    if done.next is None:
        return _("Decided.")
    return _("Decided. %(key)s carries it on.") % {"key": done.next.key}
