"""How durations, numbers, shares and weeks are written, in each language. No Django, no clock.

Between a number and its unit, and between groups of digits where the language sets them apart by
space, stands a no-break space (SI brochure, 9th edition, 5.4.3 and 5.4.4).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

NBSP = "\u00a0"
MINUS = "\u2212"

UNITS = {
    "en": {"min": "min", "h": "h", "d": "d", "week": "week"},
    "fi": {"min": "min", "h": "h", "d": "pv", "week": "vko"},
}
DECIMAL_MARK = {"en": ".", "fi": ","}
GROUP_MARK = {"en": ",", "fi": NBSP}

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR

Number = int | float | Decimal


def hours(duration: timedelta | Number, language: str = "en") -> str:
    """The duration in its handiest unit: `25 min`, to three days `41 h`, then `3.4 d`, `13 d`.

    A number counts as seconds. What lies in the past keeps its sign.
    """
    total = seconds(duration)
    size = abs(total)
    if round(size / MINUTE) < 60:
        amount, unit = number(_rounded(size / MINUTE, 0), 0, language), "min"
    elif round(size / HOUR) < 72:
        amount, unit = number(_rounded(size / HOUR, 0), 0, language), "h"
    else:
        amount, unit = _day_amount(size, language), "d"
    sign = MINUS if total < 0 and amount != "0" else ""
    return f"{sign}{amount}{NBSP}{_words(language)[unit]}"


def whole_hours(duration: timedelta | Number, language: str = "en") -> str:
    """The duration in whole hours: `63 h`, `102 h`; no started ones. From 1 000 on, days."""
    total = seconds(duration)
    count = int(abs(total) // HOUR)
    if count >= 1000:
        return hours(duration, language)
    sign = MINUS if total < 0 and count else ""
    return f"{sign}{number(count, 0, language)}{NBSP}{_words(language)['h']}"


def days(duration: timedelta | Number, language: str = "en") -> str:
    """The duration in whole days, `13 d`; started days do not count."""
    count = int(abs(seconds(duration)) // DAY)
    return f"{number(count, 0, language)}{NBSP}{_words(language)['d']}"


def number(value: Number, places: int | None = None, language: str = "en") -> str:
    """The number as the language writes it: `1,234.5` or `1 234,5`.

    Without `places` it keeps the decimals it has, at most three. Raises ValueError for what is no
    finite number.
    """
    exact = _decimal(value)
    exact = _trimmed(_rounded(exact, 3)) if places is None else _rounded(exact, places)
    digits = f"{abs(exact):f}"
    whole, _, fraction = digits.partition(".")
    text = _grouped(whole, language)
    if fraction:
        text += _mark(DECIMAL_MARK, language) + fraction
    return MINUS + text if exact < 0 else text


def percent(share: Number, places: int | None = None, language: str = "en") -> str:
    """A share of one as per cent, 0.012 as `1.2 %` or `1,2 %`; at most one decimal unless told."""
    value = _decimal(share) * 100
    value = _trimmed(_rounded(value, 1)) if places is None else value
    return f"{number(value, places, language)}{NBSP}%"


def iso_week(day: date, language: str = "en") -> str:
    """The ISO 8601 week of the day, `week 47`, `vko 47`; `week 53/2026` where the year differs."""
    year, week, _ = day.isocalendar()
    label = f"{_words(language)['week']}{NBSP}{week}"
    return label if year == day.year else f"{label}/{year}"


def seconds(duration: timedelta | Number) -> float:
    """The duration's length in seconds; a plain number is seconds already."""
    if isinstance(duration, timedelta):
        return duration.total_seconds()
    return float(_decimal(duration))


def _day_amount(size: float, language: str) -> str:
    in_days = _rounded(size / DAY, 1)
    if in_days >= 10:
        return number(_rounded(size / DAY, 0), 0, language)
    return number(_trimmed(in_days), None, language)


def _words(language: str) -> dict[str, str]:
    return UNITS.get(language[:2], UNITS["en"])


def _mark(marks: dict[str, str], language: str) -> str:
    return marks.get(language[:2], marks["en"])


def _grouped(whole: str, language: str) -> str:
    parts = []
    while len(whole) > 3:
        whole, last = whole[:-3], whole[-3:]
        parts.append(last)
    parts.append(whole)
    return _mark(GROUP_MARK, language).join(reversed(parts))


def _decimal(value: Number) -> Decimal:
    try:
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"not a number: {value!r}") from None
    if not exact.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return exact


def _rounded(value: Number, places: int) -> Decimal:
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def _trimmed(value: Decimal) -> Decimal:
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
