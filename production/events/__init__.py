"""The event log: the one place where anything that happens is written down."""

from production.events.catalogue import TYPES
from production.events.record import Line, record, record_many

__all__ = ["TYPES", "Line", "record", "record_many"]
