"""A workspace's working days: the weekdays it works on, and single days off."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from production.errors import Invalid
from production.models import Workspace

LISTS = ("working_weekdays", "holidays")
WEEKDAYS = range(1, 8)  # ISO 8601: Monday is 1
MOST_DAYS_OFF = 400


def in_order(values: Iterable[Any]) -> list[Any]:
    """Each value once, in order; days as ISO 8601, as the row and the log keep them."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return [values]
    plain = {each.isoformat() if isinstance(each, date) else each for each in values}
    return sorted(plain, key=lambda each: (str(type(each)), each))


def check(workspace: Workspace) -> None:
    """Raise Invalid for a weekday or a day off that is none, and where nobody ever works."""
    days, off = workspace.working_weekdays, workspace.holidays
    if not days or any(type(day) is not int or day not in WEEKDAYS for day in days):
        sentence = _("Choose at least one weekday, from 1 (Monday) to 7 (Sunday).")
        raise Invalid({"working_weekdays": [("range", sentence)]})
    for day in off:
        if not _is_day(day):
            sentence = _("“%(day)s” is not a day written like 2026-12-24.") % {"day": str(day)[:40]}
            raise Invalid({"holidays": [("not_a_day", sentence)]})
    if len(off) > MOST_DAYS_OFF:
        sentence = _("At most %(count)s days off.") % {"count": MOST_DAYS_OFF}
        raise Invalid({"holidays": [("too_many", sentence)]})


def works_on(workspace: Workspace) -> Callable[[date], bool]:
    """Whether the team works on a day: one of its weekdays, and no day off."""
    weekdays, off = frozenset(workspace.working_weekdays), frozenset(workspace.holidays)
    return lambda day: day.isoweekday() in weekdays and day.isoformat() not in off


def _is_day(text: Any) -> bool:
    try:
        return isinstance(text, str) and date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
