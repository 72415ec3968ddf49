"""What pages of other rooms show of measuring, through the slots of `config/templates/slots`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from experiments.outcomes.panel import Panel, panel_of
from experiments.outcomes.today import Signals, signals_of

register = template.Library()


@register.simple_tag
def outcome_of(page: Any) -> Panel | None:
    """What measuring knows of the card of a page."""
    return panel_of(page.item, page.seat, page.now)


@register.simple_tag(takes_context=True)
def signals(context: template.Context) -> Signals | None:
    """The two numbers of each channel and the decisions that are due."""
    return signals_of(context["seat"], timezone.now())
