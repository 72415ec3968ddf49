"""The seven lists of the plan: how each is called on its page, and the form that fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from production.forms import plan as forms
from production.permissions import Seat


@dataclass(frozen=True, slots=True)
class Page:
    """`plural` is the list's address and the middle of the names of its urls."""

    noun: str
    plural: str
    title: Any
    add: Any
    empty: Any
    form: type[forms.EntryForm]

    def url(self, action: str, seat: Seat, public_id: str = "") -> str:
        """The address of an action (add, order, preview), or with an id: change, retire …"""
        name = f"settings-{self.plural}" + (f"-{action}" if action else "")
        ids = [public_id] if public_id else []
        return reverse(name, args=[seat.workspace.slug, *ids])


PAGES = (
    Page(
        "channel",
        "channels",
        _("Channels"),
        _("Add a channel"),
        _("Add the first channel: where do you publish?"),
        forms.ChannelForm,
    ),
    Page(
        "pillar",
        "pillars",
        _("Pillars"),
        _("Add a pillar"),
        _("Add three to five themes you return to, each with the KPI that judges it."),
        forms.PillarForm,
    ),
    Page(
        "format",
        "formats",
        _("Formats"),
        _("Add a format"),
        _("Add a shape you can repeat: title formula, B-roll, call to action."),
        forms.FormatForm,
    ),
    Page(
        "kpi",
        "kpis",
        _("KPIs"),
        _("Add a KPI"),
        _("Add what you count: a numerator, a denominator and the source."),
        forms.KpiForm,
    ),
    Page(
        "goal",
        "goals",
        _("Goals"),
        _("Add a goal"),
        _("Add what a piece can be for; its KPIs follow from it."),
        forms.GoalForm,
    ),
    Page(
        "partner",
        "partners",
        _("Partners"),
        _("Add a partner"),
        _("Add the creators and experts you make pieces with."),
        forms.PartnerForm,
    ),
    Page(
        "label",
        "labels",
        _("Labels"),
        _("Add a label"),
        _("Add a word of your own to find cards by."),
        forms.LabelForm,
    ),
)
BY_NOUN = {page.noun: page for page in PAGES}
