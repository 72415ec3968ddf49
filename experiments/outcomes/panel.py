"""What the outcome panel of a card shows beside the result that stands on the card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from experiments.models import Outcome, RetentionCurve
from experiments.outcomes import rules, words
from experiments.outcomes.reading import standing_of
from production import charts, durations
from production.models import ContentItem
from production.permissions import Seat


@dataclass(frozen=True, slots=True)
class Panel:
    """Sentences, the retention curve, where it goes on, and whether to ask for a decision."""

    sentences: list[str]
    due_at: datetime | None
    is_due: bool
    asks: bool
    figure: charts.Figure | None
    next: ContentItem | None
    grew_from: ContentItem | None
    decisions: list[tuple[str, str, str]]


def panel_of(item: ContentItem, seat: Seat, now: datetime) -> Panel | None:
    """All of it for one card; None for who may not see numbers."""
    if not seat.may("metric.see"):
        return None
    before = Outcome.objects.filter(next_item=item).select_related("item").first()
    grew_from = before.item if before else None
    if grew_from is not None:
        grew_from.workspace = seat.workspace
    if item.published_at is None:
        return Panel([], None, False, False, None, None, grew_from, [])
    kept = Outcome.objects.filter(item=item).select_related("next_item").first()
    due_at = rules.due_at(item.published_at)
    is_due = now >= due_at
    following = kept.next_item if kept else None
    if following is not None:
        following.workspace = seat.workspace
    return Panel(
        _sentences(item, kept) if is_due else [],
        due_at,
        is_due,
        item.decision == "" and item.primary_kpi_id is not None,
        _curve(item),
        following,
        grew_from,
        [(value, str(value.label), say) for value, say in _decisions()],
    )


def _decisions() -> list[tuple[ContentItem.Decision, str]]:
    return [
        (ContentItem.Decision.REPEAT, _("The same again: a new card takes it over.")),
        (ContentItem.Decision.IMPROVE, _("A better one: a new card takes the learning along.")),
        (ContentItem.Decision.DROP, _("Not again.")),
    ]


def _sentences(item: ContentItem, kept: Outcome | None) -> list[str]:
    """As it was read when it was decided; until then as it is known now."""
    if item.primary_kpi is None:
        return []
    found: Any = kept if item.decision and kept is not None else standing_of(item)
    if found is None:
        return [words.at_seven_days(item.primary_kpi, None)]
    return [
        words.at_seven_days(item.primary_kpi, found.value),
        words.beside(item, found.value, found.median, found.percentile, found.others),
    ]


def _curve(item: ContentItem) -> charts.Figure | None:
    """The newest retention curve that a source gave for one of its publications (R17)."""
    row = (
        RetentionCurve.objects.filter(subject__publication__item=item)
        .order_by("-as_of", "-id")
        .first()
    )
    if row is None or len(row.points) < 2:
        return None
    is_share = row.axis == RetentionCurve.Axis.FRACTION
    heads = [_place(float(at), is_share) for at, _share in row.points]
    values = [float(share) * 100 for _at, share in row.points]
    says = [
        _("%(place)s: %(share)s still there") % {"place": head, "share": durations.percent(v / 100)}
        for head, v in zip(heads, values, strict=True)
    ]
    chart = charts.Lines(
        title=_("Who was still there"),
        desc=_("The share of the viewers at each point of the piece."),
        heads=heads,
        says=says,
        series=[charts.Series(values, _("viewers"), strong=True, end=f"{values[-1]:.0f} %")],
        ticks=charts.round_ticks(max(values), 4),
        write=lambda value: f"{value:.0f} %",
    )
    rows = [[head, f"{value:.0f} %"] for head, value in zip(heads, values, strict=True)]
    heads_of_table = [_("At"), _("Still there")]
    return charts.Figure(
        "retention",
        _("Who was still there"),
        note=_("By the length of the piece; above 100 % where viewers go back."),
        chart=chart,
        table=charts.Table(_("Who was still there"), heads_of_table, rows),
    )


def _place(at: float, is_share: bool) -> str:
    return f"{at * 100:.0f} %" if is_share else f"{at:.0f} s"
