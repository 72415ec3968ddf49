"""What needs somebody today: blocked, late, ageing, waiting cards, and who holds too many.

list = attention.today(seat, now)            # the whole workspace, for its owners
list = attention.today(seat, now, own=True)  # what is assigned to the person
"""

from production.attention.asked import reviews_waiting
from production.attention.read import Strip, strip, today
from production.attention.rules import Act, Reason, Standing
from production.attention.words import Action, Line, Today

__all__ = [
    "Act",
    "Action",
    "Line",
    "Reason",
    "Standing",
    "Strip",
    "Today",
    "reviews_waiting",
    "strip",
    "today",
]
