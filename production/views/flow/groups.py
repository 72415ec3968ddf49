"""The same figures for each channel, format, pillar and person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from production import charts, flow, flowview
from production.views.flow.words import Words

MOST_ROWS = 10
# The slowest takes at least so many times as long as the fastest, or nothing is said of it.
APART = 1.2


@dataclass(frozen=True, slots=True)
class Groups:
    title: str
    tables: list[charts.Table]


def groups(found: flowview.Flow, words: Words) -> Groups | None:
    """One table for each way to divide the items; None where nothing divides them."""
    names = {
        "channel": (_("Channel"), _("no channel")),
        "format": (_("Format"), _("no format")),
        "pillar": (_("Pillar"), _("no pillar")),
        "assignee": (_("Assignee"), _("nobody")),
    }
    title, tables = "", []
    for by, (head, nothing) in names.items():
        of_this = found.per(by)
        if len(of_this) < 2:
            continue
        tables.append(_table(by, head, nothing, of_this, words))
        title = title or _title(of_this, nothing, words)
    if not tables:
        return None
    return Groups(title or _("Lead time by channel, format, pillar and person"), tables)


def _table(
    by: str, head: str, nothing: str, of_this: tuple[flowview.Group, ...], words: Words
) -> charts.Table:
    rows = [
        [
            charts.Cell(each.name or nothing, words.address(**{by: each.id})),
            words.number(each.figures.n),
            *_figures(each.figures, words),
        ]
        for each in of_this[:MOST_ROWS]
    ]
    target = words.time(words.ask.target)
    return charts.Table(head, [head, "n", f"≤ {target}", "p50", "p85"], rows)


def _figures(figures: flow.Figures, words: Words) -> list[charts.Cell | str]:
    if figures.within is None or figures.p50 is None or figures.p85 is None:
        few = _("few") if figures.n else "–"
        return [few, few, few]
    return [
        words.percent(figures.within.value),
        *(
            charts.Cell(words.time(each.lead or timedelta(0)), words.item(each.key))
            for each in (figures.p50, figures.p85)
        ),
    ]


def _title(of_this: tuple[flowview.Group, ...], nothing: str, words: Words) -> str:
    """The fastest and the slowest at p85, where they are far apart."""
    known = sorted(
        (each.figures.p85.lead, each.name or nothing)
        for each in of_this
        if each.figures.p85 and each.figures.p85.lead
    )
    if len(known) < 2 or known[-1][0] < APART * known[0][0]:
        return ""
    return _("%(slowest)s takes longest: p85 %(long)s; %(fastest)s is fastest: %(short)s") % {
        "slowest": known[-1][1],
        "long": words.time(known[-1][0]),
        "fastest": known[0][1],
        "short": words.time(known[0][0]),
    }
