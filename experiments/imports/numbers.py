"""Numbers as exports write them: 1.2K, "18,400", 1.250, 1 250, 38%, and the words for missing.

What a separator means is decided for a whole column, never for one value.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from experiments.imports.values import Number

MISSING = frozenset(
    {"", "nan", "-", "--", "---", "–", "—", "undefined", "n/a", "#n/a", "na", "null", "none",
     "#div/0!", "not available", "ei saatavilla"}
)  # fmt: skip
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_SHAPE = re.compile(
    r"(?P<sign>[-+\u2212]?)(?P<body>[0-9.,]*[0-9])(?:[eE](?P<power>[+-]?[0-9]{1,2}))?"
    r"(?P<suffix>[KMB]?)(?P<percent>%?)",
    re.IGNORECASE | re.ASCII,
)
_TIMES = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9}
_GROUPED = {".": re.compile(r"[0-9]{1,3}(\.[0-9]{3})+"), ",": re.compile(r"[0-9]{1,3}(,[0-9]{3})+")}


def is_missing(written: str) -> bool:
    """Whether the cell says that there is no value; 0 is a value."""
    return written.strip().casefold() in MISSING


class Evidence:
    """What the values of one column, seen one by one, tell about how it writes numbers."""

    __slots__ = (
        "comma_decimal",
        "comma_grouped",
        "largest",
        "percent",
        "plain",
        "point_decimal",
        "point_grouped",
        "rounded",
    )

    def __init__(self) -> None:
        self.point_grouped = self.comma_grouped = False  # could be thousands: three digits follow
        self.point_decimal = self.comma_decimal = False  # can only be the decimal sign
        self.percent = self.plain = self.rounded = False
        self.largest = 0.0

    def see(self, written: str) -> None:
        """Take one more cell into account."""
        if written.isdigit() and written.isascii():
            self.plain = True
            self.largest = max(self.largest, float(written))
            return
        if is_missing(written):
            return
        found = _SHAPE.fullmatch(_SPACES.sub("", written))
        if not found:
            return
        body = found["body"]
        self.percent = self.percent or bool(found["percent"])
        self.plain = self.plain or not found["percent"]
        self.rounded = self.rounded or bool(found["suffix"])
        point, comma = body.rfind("."), body.rfind(",")
        if point >= 0 and comma >= 0:
            self.point_decimal |= point > comma
            self.comma_decimal |= comma > point
        elif point >= 0:
            self._one_sign(".", body, bool(found["suffix"]))
        elif comma >= 0:
            self._one_sign(",", body, bool(found["suffix"]))
        if not comma >= 0 and body.count(".") < 2:
            self.largest = max(self.largest, float(body) if body != "." else 0.0)

    def _one_sign(self, sign: str, body: str, suffixed: bool) -> None:
        grouped = bool(_GROUPED[sign].fullmatch(body)) and not suffixed and body[0] != "0"
        if sign == ".":
            self.point_grouped |= grouped
            self.point_decimal |= not grouped
            self.comma_decimal |= body.count(".") > 1  # 1.234.567: points group, so a comma is left
        else:
            self.comma_grouped |= grouped
            self.comma_decimal |= not grouped


@dataclass(frozen=True, slots=True)
class Style:
    """How a column writes numbers: its decimal sign, and whether its values carry a %."""

    decimal: str = "."
    percent: bool = False


def style_of(seen: Evidence, *, whole: bool, delimiter: str) -> Style | None:
    """The one way of writing that fits all values of the column, or None if there is none.

    `whole`: the column counts things, so that 1.250 is one thousand two hundred and fifty.
    """
    if seen.percent and seen.plain:
        return None
    if seen.point_decimal and seen.comma_decimal:
        return None
    if seen.comma_decimal:
        decimal = ","
    elif seen.point_decimal:
        decimal = "."
    elif whole:
        if seen.point_grouped and seen.comma_grouped:
            return None
        decimal = "," if seen.point_grouped else "."
    else:
        decimal = "," if seen.comma_grouped and delimiter == ";" else "."
    return Style(decimal, seen.percent)


def read(written: str, style: Style, *, whole: bool) -> Number | None:
    """The number, None where the cell says missing. Raises ValueError for what is no number."""
    if written.isdigit() and written.isascii():
        return int(written) if whole else float(written)
    if is_missing(written):
        return None
    found = _SHAPE.fullmatch(_SPACES.sub("", written))
    if not found:
        raise ValueError(written)
    grouping = "." if style.decimal == "," else ","
    body = found["body"].replace(grouping, "").replace(style.decimal, ".")
    value = float(f"{body}e{found['power'] or 0}") * _TIMES[found["suffix"].casefold()]
    if found["sign"] in ("-", "\u2212"):
        value = -value
    if not math.isfinite(value):
        raise ValueError(written)
    if not whole:
        return value
    if abs(value - round(value)) > 1e-6:
        raise ValueError(written)
    return round(value)
