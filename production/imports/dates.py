"""Days as tables write them: ISO, with points or slashes, with English or Finnish months."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].{0,30})?", re.ASCII)
_POINTS = re.compile(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})(?: .{0,20})?", re.ASCII)
_SLASHES = re.compile(r"([0-9]{1,2})[/-]([0-9]{1,2})[/-]([0-9]{4})(?: .{0,20})?", re.ASCII)
_DAY_MONTH = re.compile(r"([0-9]{1,2})\.?(?:st|nd|rd|th)?\s+([^\W\d]+)\.?,?\s+([0-9]{4})")
_MONTH_DAY = re.compile(r"([^\W\d]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?,?\s+([0-9]{4})")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FINNISH = (
    "tammi", "helmi", "maalis", "huhti", "touko", "kesä",
    "heinä", "elo", "syys", "loka", "marras", "joulu",
)  # fmt: skip
_LONGEST = 60


def read_day(written: str, *, day_first: bool | None) -> date | None:
    """The day written, or None. `day_first` settles 3/4/2026; undecided, such a day is None."""
    said = " ".join(written[:_LONGEST].split())
    if found := _ISO.fullmatch(said):
        return _day(found[1], found[2], found[3])
    if found := _POINTS.fullmatch(said):
        return _day(found[3], found[2], found[1])
    if found := _SLASHES.fullmatch(said):
        return _slashed(int(found[1]), int(found[2]), int(found[3]), day_first)
    if found := _DAY_MONTH.fullmatch(said):
        return _named(found[3], found[2], found[1])
    if found := _MONTH_DAY.fullmatch(said):
        return _named(found[3], found[1], found[2])
    return None


def day_order(written: Iterable[str]) -> tuple[bool | None, bool]:
    """What a column says of its order: (day first? None if nothing tells, whether days need it)."""
    first = second = needed = False
    for value in written:
        found = _SLASHES.fullmatch(" ".join(value[:_LONGEST].split()))
        if found:
            needed = True
            first = first or int(found[1]) > 12
            second = second or int(found[2]) > 12
    if first != second:
        return first, needed
    return None, needed


def _slashed(one: int, two: int, year: int, day_first: bool | None) -> date | None:
    if one > 12:
        return _day(year, two, one)
    if two > 12:
        return _day(year, one, two)
    if one == two:
        return _day(year, one, two)
    if day_first is None:
        return None
    return _day(year, two, one) if day_first else _day(year, one, two)


def _named(year: str, month: str, day: str) -> date | None:
    said = month.casefold()
    for names in (_ENGLISH, _FINNISH):
        for number, name in enumerate(names, start=1):
            if said.startswith(name):
                return _day(year, number, day)
    return None


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1990 <= found.year < 2100 else None
