"""What a board looks like to one person: columns, cards, counts, headline; in few queries."""

from production.boardview.cards import Card, Desk
from production.boardview.headline import Headline, headline
from production.boardview.read import (
    COLUMN,
    Column,
    Counts,
    Lane,
    LaneBy,
    Sight,
    column_after,
    columns,
    counts,
    lanes,
    some_cards,
)
from production.boardview.urgency import (
    ageing,
    late,
    medians_ahead,
    misses_after,
    running,
    will_miss,
)

__all__ = [
    "COLUMN",
    "Card",
    "Column",
    "Counts",
    "Desk",
    "Headline",
    "Lane",
    "LaneBy",
    "Sight",
    "ageing",
    "column_after",
    "columns",
    "counts",
    "headline",
    "lanes",
    "late",
    "medians_ahead",
    "misses_after",
    "running",
    "some_cards",
    "will_miss",
]
