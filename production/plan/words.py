"""Which words the plan has: of each its model, what may be changed, what the log calls it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from production.models import (
    Channel,
    Format,
    Goal,
    KpiDefinition,
    Label,
    Partner,
    Pillar,
)

Entry = Channel | Format | Goal | KpiDefinition | Label | Partner | Pillar


@dataclass(frozen=True, slots=True)
class Word:
    """`prose` are fields of which the log keeps only the number of words."""

    noun: str
    model: type[Entry]
    fields: tuple[str, ...]
    prose: tuple[str, ...] = ()


_WORDS = (
    Word(
        "channel",
        Channel,
        (
            "name",
            "platform",
            "handle",
            "role",
            "signals",
            "winning_kpi",
            "reporting_zone",
            "locked_until",
        ),
    ),
    Word("pillar", Pillar, ("name", "description", "kpi")),
    Word(
        "format",
        Format,
        (
            "name",
            "state",
            "title_formula",
            "hook_pattern",
            "b_roll",
            "cta",
            "length_min_seconds",
            "length_max_seconds",
            "script_template",
            "definition_of_done",
        ),
        prose=("script_template", "definition_of_done"),
    ),
    Word(
        "kpi",
        KpiDefinition,
        (
            "name",
            "short_name",
            "numerator",
            "denominator",
            "per",
            "unit",
            "kind",
            "direction",
            "source",
            "numerator_metrics",
            "denominator_metrics",
            "basis",
            "age_hours",
            "statistic",
            "min_events",
            "min_days",
        ),
    ),
    Word("goal", Goal, ("name", "primary_kpi", "secondary_kpi")),
    Word("partner", Partner, ("name", "handle")),
    Word("label", Label, ("name",)),
)
WORDS: Mapping[str, Word] = {word.noun: word for word in _WORDS}


def word_of(entry: Entry) -> Word:
    """The word that the entry is an example of."""
    return next(word for word in _WORDS if word.model is type(entry))
