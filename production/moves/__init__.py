"""Moving an item: the one way in which it changes stage or place."""

from production.moves.held import Names
from production.moves.move import Moved, Option, move, move_named, options
from production.moves.places import Anchors, place_last
from production.moves.undo import UNDO_ACCEPTED, undo

__all__ = [
    "UNDO_ACCEPTED",
    "Anchors",
    "Moved",
    "Names",
    "Option",
    "move",
    "move_named",
    "options",
    "place_last",
    "undo",
]
