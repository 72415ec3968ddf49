"""The sections of the settings, in the order of the list at the left, and who sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from production.permissions import Seat


@dataclass(frozen=True, slots=True)
class Section:
    url_name: str
    label: Any
    about: Any
    operation: str


SECTIONS = (
    Section(
        "settings-workspace",
        _("Workspace"),
        _("Name, address, language, time zone, the target of 72 hours."),
        "workspace.change",
    ),
    Section(
        "settings-imports",
        _("Imports"),
        _("Bring in a Trello board with its history, or a table of posts; and take it back."),
        "import.run",
    ),
)


def sections_of(seat: Seat) -> list[Section]:
    """What the person finds in the settings."""
    return [section for section in SECTIONS if seat.may(section.operation)]
