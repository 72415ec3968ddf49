"""An outcome in words: a rank among comparable posts, never a winner."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from experiments.kpis.table import write
from experiments.outcomes import rules
from production import durations
from production.models import ContentItem, KpiDefinition


def at_seven_days(kpi: KpiDefinition, value: float | None) -> str:
    """The value, or that nobody told one."""
    if value is None:
        return _("No source told %(kpi)s of it at seven days.") % {"kpi": kpi.name}
    return _("At seven days: %(value)s.") % {"value": write(kpi, value)}


def beside(
    item: ContentItem, value: float | None, median: float | None, percentile: float | None, n: int
) -> str:
    """Where it lies among the posts that can be compared with it, and how many those are."""
    kind = ", ".join(
        name for name in (item.channel and item.channel.name, item.format and item.format.name)
        if name
    )  # fmt: skip
    words = {"n": n, "kind": kind or _("all posts"), "days": rules.LOOKS_BACK.days}
    if median is None or item.primary_kpi is None:
        return _("No comparable post yet (%(kind)s, %(days)s days before it).") % words
    told = ngettext(
        "%(n)s comparable post (%(kind)s, %(days)s days before it) had %(median)s.",
        "%(n)s comparable posts (%(kind)s, %(days)s days before it), median %(median)s.",
        n,
    ) % (words | {"median": write(item.primary_kpi, median)})
    if value is None:
        return told
    if percentile is None:
        return f"{told} " + _("Too few to rank it among them.")
    share = durations.percent(percentile / 100, 0, translation.get_language() or "en")
    return f"{told} " + _("It lies above %(share)s of them.") % {"share": share}
