"""Days and times of a column: MM/DD or DD/MM is decided over all its rows, never row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from experiments.imports.monthnames import month_of
from experiments.imports.values import DateOrder

_TIME = r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?:\.\d+)?"
_TIME += r"\s*(?P<half>[AaPp][Mm])?\s*(?P<offset>Z|[+-]\d{2}:?\d{2})?)?"
_YEAR_FIRST = re.compile(r"(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})" + _TIME, re.ASCII)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
_TWO_FIRST = re.compile(
    r"(?P<a>\d{1,2})(?P<sign>[-/.])\s?(?P<b>\d{1,2})(?P=sign)\s?(?P<y>\d{4})" + _TIME, re.ASCII
)
_MONTH_FIRST = re.compile(
    r"(?P<name>[^\W\d]+)\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{4}))?" + _TIME
)
_DAY_FIRST = re.compile(
    r"(?P<d>\d{1,2})\.?\s+(?:de\s+)?(?P<name>[^\W\d]+)\.?(?:,?\s+(?:de\s+)?(?P<y>\d{4}))?" + _TIME
)
FIRST_YEAR = 2004  # none of the platforms is older


@dataclass(frozen=True, slots=True)
class Written:
    """A date taken apart. `year` is 0 when none is written; `numeric` when the order is open."""

    one: int  # month, or the first number
    two: int  # day, or the second number
    year: int
    numeric: bool
    padded: bool
    sign: str
    clock: tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day, with the time where one is written. No zone: the file has none."""

    day: date
    clock: tuple[int, int, int] | None

    def moment(self) -> datetime:
        hour, minute, second = self.clock or (0, 0, 0)
        return datetime(self.day.year, self.day.month, self.day.day, hour, minute, second)


def taken_apart(written: str) -> Written | None:
    """The parts of a date in any known shape, or None."""
    said = written.strip()
    if found := _YEAR_FIRST.fullmatch(said) or _COMPACT.fullmatch(said):
        return Written(
            int(found["m"]), int(found["d"]), int(found["y"]), False, True, "", _clock(found)
        )
    if found := _TWO_FIRST.fullmatch(said):
        one, two = int(found["a"]), int(found["b"])
        padded = found["a"][0] == "0" or found["b"][0] == "0"
        year, sign = int(found["y"]), found["sign"]
        return Written(one, two, year, True, padded, sign, _clock(found))
    for shape in (_MONTH_FIRST, _DAY_FIRST):
        if (found := shape.fullmatch(said)) and (month := month_of(found["name"])):
            year = int(found["y"] or 0)
            return Written(month, int(found["d"]), year, False, True, "", _clock(found))
    return None


class Evidence:
    """What the dates of one column, seen one by one, tell about how it writes them."""

    __slots__ = (
        "_narrow",
        "_padded",
        "_signs",
        "examples",
        "first",
        "numeric",
        "second",
        "yearless",
    )

    def __init__(self) -> None:
        self.first = self.second = self.numeric = self.yearless = False
        self.examples: list[str] = []
        self._signs: set[str] = set()
        self._padded = self._narrow = False

    def see(self, written: str) -> Written | None:
        """Take one more cell into account; what it was taken for, or None."""
        found = taken_apart(written)
        if found is None:
            return None
        self.yearless |= not found.year
        if found.numeric:
            self._note(found, written)
        return found

    def _note(self, found: Written, written: str) -> None:
        new = not self.numeric
        before = (self.first, self.second, self._padded, self._narrow, len(self._signs))
        self.numeric = True
        self.first |= found.one > 12
        self.second |= found.two > 12
        self._signs.add(found.sign)
        narrow = not found.padded and (found.one < 10 or found.two < 10)
        self._padded |= found.padded
        self._narrow |= narrow
        after = (self.first, self.second, self._padded, self._narrow, len(self._signs))
        if (new or after != before) and len(self.examples) < 4:
            self.examples.append(written.strip())

    @property
    def mixed(self) -> bool:
        """Whether a spreadsheet has rewritten a part of the dates: no single order fits."""
        return (
            (self.first and self.second) or len(self._signs) > 1 or (self._padded and self._narrow)
        )

    def order(self, usual: DateOrder | None) -> DateOrder | None:
        """The order that the values prove, else the usual one of the source, else None."""
        if self.first != self.second:
            return "dmy" if self.first else "mdy"
        return usual


def read(found: Written, order: DateOrder | None, year: int = 0) -> Day:
    """The day. Raises ValueError when there is no such day or it cannot be one of a post."""
    month, day = found.one, found.two
    if found.numeric:
        if order is None:
            raise ValueError("order unknown")
        if order == "dmy":
            month, day = day, month
    result = date(found.year or year, month, day)
    if result.year < FIRST_YEAR:
        raise ValueError("before any platform")
    return Day(result, found.clock)


def _clock(found: re.Match[str]) -> tuple[int, int, int] | None:
    parts = found.groupdict()
    if parts.get("hour") is None:
        return None
    hour = int(parts["hour"])
    if parts["half"]:
        hour = hour % 12 + (12 if parts["half"].lower() == "pm" else 0)
    clock = (hour, int(parts["minute"]), int(parts["second"] or 0))
    return clock if hour < 24 and clock[1] < 60 and clock[2] < 60 else None
