"""The plan in people's own calendar programs: iCalendar under a secret address."""

from production.feeds.addresses import MOST, create, find, revoke
from production.feeds.calendar import written

__all__ = ["MOST", "create", "find", "revoke", "written"]
