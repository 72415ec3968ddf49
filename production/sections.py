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
        _("Name, address, language, time zone, limits."),
        "workspace.change",
    ),
    Section(
        "settings-flow",
        _("Flow"),
        _("Where the clock starts, target and promise, working days, which stages wait."),
        "flow.change",
    ),
    Section(
        "settings-publishing",
        _("Publishing"),
        _("Signatures a review needs, and when silence becomes an alarm."),
        "workspace.change",
    ),
    Section(
        "settings-boards",
        _("Boards and stages"),
        _("Columns, their kinds and their limits."),
        "plan.see",
    ),
    Section(
        "settings-gates",
        _("Gates"),
        _("What must hold before a card enters a stage."),
        "plan.see",
    ),
    Section(
        "settings-channels",
        _("Channels"),
        _("Where you publish, and the three signals that count there."),
        "plan.see",
    ),
    Section(
        "settings-windows",
        _("Publishing windows"),
        _("The hours in which each channel publishes, and how long they are kept."),
        "plan.see",
    ),
    Section(
        "settings-mix",
        _("Mix of the week"),
        _("How many pieces, experiments and questions a week holds."),
        "plan.see",
    ),
    Section(
        "settings-links",
        _("Tracked links"),
        _("How links are named, so that visits say where they come from."),
        "plan.see",
    ),
    Section(
        "settings-pillars",
        _("Pillars"),
        _("Three to five themes, each with its KPI."),
        "plan.see",
    ),
    Section(
        "settings-formats",
        _("Formats"),
        _("Shapes that repeat, each with its template."),
        "plan.see",
    ),
    Section(
        "settings-kpis",
        _("KPIs"),
        _("What is counted, over what, from which source."),
        "plan.see",
    ),
    Section(
        "settings-goals",
        _("Goals"),
        _("What a piece is for, and the KPIs that follow."),
        "plan.see",
    ),
    Section(
        "settings-partners",
        _("Partners"),
        _("People outside the team who lend trust to a piece."),
        "plan.see",
    ),
    Section("settings-labels", _("Labels"), _("Words of your own for cards."), "plan.see"),
    Section(
        "settings-people",
        _("People and roles"),
        _("Who is here, who may do what, who is invited."),
        "people.see",
    ),
    Section(
        "settings-digest",
        _("Digest by e-mail"),
        _("Whether, on which days and at which hour it comes to you; your quiet time."),
        "workspace.see",
    ),
    Section(
        "settings-tokens",
        _("API tokens"),
        _("Keys for programs: a scheduler, an import, a script."),
        "token.own",
    ),
    Section(
        "settings-webhooks",
        _("Webhooks"),
        _("Addresses that are told when something happens, and what became of each message."),
        "webhook.manage",
    ),
    Section(
        "settings-automation",
        _("Automation"),
        _("What programs may do and what happens by itself; what only people do."),
        "people.see",
    ),
    Section(
        "settings-imports",
        _("Imports"),
        _("Bring in a Trello board with its history, or a table of posts; and take it back."),
        "import.run",
    ),
    Section(
        "settings-export",
        _("Export"),
        _("Take the whole workspace away, or the cards as a table."),
        "export.make",
    ),
)


def sections_of(seat: Seat) -> list[Section]:
    """What the person finds in the settings."""
    return [section for section in SECTIONS if seat.may(section.operation)]
