"""What went wrong on the way out: overdue, failed, unconfirmed, a channel that is disconnected.

The one source for the board, the cards, the day's list and the digest; webhooks tell of the same
moments by `publication.overdue`, `.failed`, `.unconfirmed` and `channel.disconnected`.
"""

from production.alarms.read import Alarm, What, alarms_of, of_items
from production.alarms.words import Mend, mark, mend, sentence

__all__ = ["Alarm", "Mend", "What", "alarms_of", "mark", "mend", "of_items", "sentence"]
