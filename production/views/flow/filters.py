"""The controls above the page: which days, and what it is narrowed to; all of it in the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from production import flowview
from production.models import Board, Channel, Format, Membership, Pillar
from production.permissions import Seat
from production.views.flow.words import Words

NONE, ME = "none", "me"


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter as a list to choose from; `options` are (value, name, whether it is chosen)."""

    name: str
    label: str
    any: str
    options: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Controls:
    """`periods` are (words, address, whether shown now); `period` keeps it in the other form."""

    periods: list[tuple[str, str, bool]]
    choices: list[Choice]
    period: list[tuple[str, str]]
    narrowed: list[tuple[str, str]]
    start: str
    end: str
    is_own: bool
    is_narrowed: bool
    plain_url: str


def controls(seat: Seat, ask: flowview.Ask, words: Words) -> Controls:
    """What is chosen, and what else could be. Five queries."""
    days = [
        (
            _("%(count)s d") % {"count": each},
            words.address(("days", "from", "to"), days=str(each)),
            ask.days == each,
        )
        for each in flowview.DAYS
    ]
    start, end = ask.period.start.isoformat(), ask.period.end.isoformat()
    named = [("board", each.public_id) for each in ask.boards]
    named += [(name, value) for name in flowview.FILTERS for value in ask.filters.get(name, ())]
    return Controls(
        days,
        _choices(seat, ask),
        [("days", str(ask.days))] if ask.days else [("from", start), ("to", end)],
        named,
        start,
        end,
        ask.days is None,
        bool(named),
        words.page,
    )


def _choices(seat: Seat, ask: flowview.Ask) -> list[Choice]:
    of = seat.workspace
    boards = Board.objects.filter(workspace=of, archived_at=None).order_by("position", "pk")
    people = (
        Membership.objects.filter(workspace=of, removed_at=None)
        .order_by("user__name", "pk")
        .values_list("user__public_id", "user__name")
    )
    chosen = {name: ask.filters.get(name, ()) for name in flowview.FILTERS}
    asked = [each.public_id for each in ask.boards]
    found = [
        Choice(
            "board", _("Board"), _("All"), _options(boards.values_list("public_id", "name"), asked)
        )
    ]
    for name, label, model in (
        ("channel", _("Channel"), Channel),
        ("format", _("Format"), Format),
        ("pillar", _("Pillar"), Pillar),
    ):
        rows = model.objects.filter(workspace=of).order_by("position", "pk")  # type: ignore[attr-defined]
        values = [*rows.values_list("public_id", "name"), (NONE, _("None"))]
        found.append(Choice(name, label, _("All"), _options(values, chosen[name])))
    values = [(ME, _("Me")), *people, (NONE, _("Nobody"))]
    found.append(
        Choice("assignee", _("Assignee"), _("Anybody"), _options(values, chosen["assignee"]))
    )
    return [each for each in found if len(each.options) > 1 or any(o[2] for o in each.options)]


def _options(rows: Iterable[tuple[str, str]], chosen: Iterable[str]) -> list[tuple[str, str, bool]]:
    return [(value, name, value in chosen) for value, name in rows]
