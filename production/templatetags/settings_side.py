"""The list of sections at the left of every page of the settings."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from production.sections import sections_of

register = template.Library()


@register.inclusion_tag("production/people/side.html", takes_context=True)
def settings_side(context: template.Context) -> dict[str, Any]:
    """Every section the seat may see, the present one marked."""
    seat = context["seat"]
    return {
        "request": context["request"],
        "entries": [
            (section.label, reverse(section.url_name, args=[seat.workspace.slug]))
            for section in sections_of(seat)
        ],
    }
