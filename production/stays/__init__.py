"""How long every item stood where: rows folded from the log, and the reader that keeps them.

stays.catch_up(workspace)      # read what is new; a page may, the worker does
stays.refill(workspace)        # all of it again
"""

from production.stays.fold import OWN, Piece, pieces
from production.stays.reader import (
    READER,
    behind,
    catch_up,
    is_far_behind,
    lag,
    lines_of,
    refill,
    refold,
    state,
)

__all__ = [
    "OWN",
    "READER",
    "Piece",
    "behind",
    "catch_up",
    "is_far_behind",
    "lag",
    "lines_of",
    "pieces",
    "refill",
    "refold",
    "state",
]
