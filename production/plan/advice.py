"""What an owner should know about the plan as it stands: sentences, not refusals.

The numbers are the method's: R2 three signals, R10 two primary channels and a support channel,
R18 three to five pillars, R20 six to ten formats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production.models import Channel, Format, Goal, KpiDefinition, Pillar
from production.plan.words import Entry

SIGNALS, PRIMARY, SUPPORT, PILLARS, FORMATS = 3, 2, 1, (3, 5), (6, 10)


def warnings(noun: str, entries: Sequence[Entry]) -> list[str]:
    """Sentences about the entries of this noun that are in use; channels with their signals."""
    about = _ABOUT.get(noun)
    return about([entry for entry in entries if entry.retired_at is None]) if about else []


def _channels(channels: Sequence[Channel]) -> list[str]:
    found = []
    primary = [each for each in channels if each.role == Channel.Role.PRIMARY]
    support = [each for each in channels if each.role == Channel.Role.SUPPORT]
    if len(primary) > PRIMARY:
        found.append(
            _("%(count)s primary channels: two are as many as a team can learn from in 90 days.")
            % {"count": len(primary)}
        )
    if len(support) > SUPPORT:
        found.append(
            _("%(count)s support channels: keep one, and give the time to the primary ones.")
            % {"count": len(support)}
        )
    for channel in primary:
        count = len(channel.signals.all())
        if count != SIGNALS:
            sentence = ngettext(
                "%(name)s has %(count)s signal; a primary channel is steered by exactly three.",
                "%(name)s has %(count)s signals; a primary channel is steered by exactly three.",
                count,
            )
            found.append(sentence % {"name": channel.name, "count": count})
        if channel.winning_kpi_id is None:
            sentence = _("%(name)s has no winning KPI: nothing there can be called better.")
            found.append(sentence % {"name": channel.name})
    return found


def _pillars(pillars: Sequence[Pillar]) -> list[str]:
    found, (least, most) = [], PILLARS
    if len(pillars) < least:
        found.append(
            _("%(count)s pillars in use: the method asks for three to five.")
            % {"count": len(pillars)}
        )
    if len(pillars) > most:
        found.append(
            _("%(count)s pillars in use: with more than five nobody remembers what you are for.")
            % {"count": len(pillars)}
        )
    return found + _retired_kpis([(pillar.name, pillar.kpi) for pillar in pillars])


def _formats(formats: Sequence[Format]) -> list[str]:
    found, (least, most) = [], FORMATS
    if len(formats) < least:
        found.append(
            _("%(count)s formats in use: a library is six to ten that repeat.")
            % {"count": len(formats)}
        )
    if len(formats) > most:
        found.append(
            _("%(count)s formats in use: retire what has not won, ten at most.")
            % {"count": len(formats)}
        )
    bare = [each.name for each in formats if not (each.title_formula and each.cta and each.b_roll)]
    if bare:
        sentence = _("Without a whole template (title, B-roll, call to action): %(names)s.")
        found.append(sentence % {"names": ", ".join(bare)})
    return found


def _goals(goals: Sequence[Goal]) -> list[str]:
    pairs = [(goal.name, goal.primary_kpi) for goal in goals]
    return _retired_kpis(
        pairs + [(goal.name, goal.secondary_kpi) for goal in goals if goal.secondary_kpi]
    )


def _retired_kpis(pairs: Sequence[tuple[str, KpiDefinition]]) -> list[str]:
    sentence = _("%(name)s is measured by %(kpi)s, which is retired.")
    return [sentence % {"name": name, "kpi": kpi.name} for name, kpi in pairs if kpi.retired_at]


_ABOUT: dict[str, Callable[[Sequence], list[str]]] = {
    "channel": _channels,
    "pillar": _pillars,
    "format": _formats,
    "goal": _goals,
}
