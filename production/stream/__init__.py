"""Live updates: the event log, sent to browsers as it grows (server-sent events).

The page opens `GET /events/<slug>/?since=<seq>` and gets every later event's number, type,
subject and board; what to fetch for it is the page's business. A reader that comes back sends
the last number it saw, so nothing is missed however often the line is cut.
"""

from production.stream.hub import Hub, hub
from production.stream.view import stream

__all__ = ["Hub", "hub", "stream"]
