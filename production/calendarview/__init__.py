"""What the calendar shows: slots and publications by day, and how the mix of each week stands."""

from production.calendarview.entries import Entry, entries_of
from production.calendarview.mixing import Needle, WeekMix, shortfalls, week_mix
from production.calendarview.page import CalendarPage, calendar_page
from production.calendarview.span import FORTNIGHT, MONTH, Span

__all__ = [
    "FORTNIGHT",
    "MONTH",
    "CalendarPage",
    "Entry",
    "Needle",
    "Span",
    "WeekMix",
    "calendar_page",
    "entries_of",
    "shortfalls",
    "week_mix",
]
