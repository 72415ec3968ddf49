"""Reading values of a file that may hold anything: a wrong type becomes a remark, not a crash."""

from __future__ import annotations

import math
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from production.imports.plan import ERRORS_KEPT, ImportProblem, Limits, Notice, RowError

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(?:Z|[+-][0-9]{2}:?[0-9]{2})?", re.ASCII
)
_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
ID_LENGTH = 64
NOTICES_KEPT = 200


class Remarks:
    """Collects what a parser noticed: notices, rejected rows, counts of small things."""

    def __init__(self) -> None:
        self.errors: list[RowError] = []
        self.errors_in_all = 0
        self._notices: list[Notice] = []
        self._counted: Counter[str] = Counter()
        self._example: dict[str, str] = {}

    def note(self, code: str, where: str = "", **params: object) -> None:
        """Say something with its place; past two hundred, only how many more there are."""
        if len(self._notices) < NOTICES_KEPT:
            self._notices.append(Notice(code, where, params))
        else:
            self.count("more_notices", where)

    def count(self, code: str, where: str = "") -> None:
        """Say what may occur a thousand times: one notice with the number and an example."""
        self._counted[code] += 1
        self._example.setdefault(code, where)

    def reject(self, code: str, *, line: int = 0, where: str = "", **params: object) -> None:
        """Leave a row out; the first hundred are kept with their reasons, the rest are counted."""
        self.errors_in_all += 1
        if len(self.errors) < ERRORS_KEPT:
            self.errors.append(RowError(code, line, where, params))

    def notices(self) -> tuple[Notice, ...]:
        """What was noted, in order, then what was counted."""
        counted = [
            Notice(code, self._example[code], {"count": times})
            for code, times in sorted(self._counted.items())
        ]
        return (*self._notices, *counted)


class Reader:
    """Takes typed values out of parsed JSON, noting what was not as it should be."""

    def __init__(self, remarks: Remarks) -> None:
        self.remarks = remarks

    def text(self, value: Any, where: str = "", *, longest: int | None = None) -> str:
        """The text, without control characters and lone surrogates; "" for anything else."""
        if value is None:
            return ""
        if not isinstance(value, str):
            self.remarks.count("odd_value", where)
            return ""
        return clean_text(value, self.remarks, where)[:longest]

    def ident(self, value: Any, where: str = "") -> str:
        """An id of the source: short text, or "" when it is none."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        said = self.text(value, where)
        return said if len(said) <= ID_LENGTH else ""

    def flag(self, value: Any, where: str = "") -> bool:
        if value is None or isinstance(value, bool):
            return bool(value)
        self.remarks.count("odd_value", where)
        return False

    def number(self, value: Any, where: str = "") -> float:
        """A finite number; 0.0 for anything else."""
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            if value is not None:
                self.remarks.count("odd_value", where)
            return 0.0
        return float(value)

    def moment(self, value: Any, where: str = "") -> datetime | None:
        """An aware moment in UTC between 1990 and 2100, or None."""
        if value is None or value == "":
            return None
        moment = read_moment(value) if isinstance(value, str) else None
        if moment is None:
            self.remarks.count("date_unreadable", where)
        return moment

    def mapping(self, value: Any, where: str = "") -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if value is not None:
            self.remarks.count("odd_value", where)
        return {}

    def mappings(self, value: Any, where: str = "") -> list[dict[str, Any]]:
        """The objects of a list, in order; whatever else stands in it is counted and left out."""
        if not isinstance(value, list):
            if value is not None:
                self.remarks.count("odd_value", where)
            return []
        wrong = sum(not isinstance(entry, dict) for entry in value)
        for _ in range(wrong):
            self.remarks.count("odd_value", where)
        return [entry for entry in value if isinstance(entry, dict)]

    def idents(self, value: Any, where: str = "") -> tuple[str, ...]:
        """A list of ids, without repetitions."""
        if not isinstance(value, list):
            if value is not None:
                self.remarks.count("odd_value", where)
            return ()
        return tuple(dict.fromkeys(filter(None, (self.ident(entry, where) for entry in value))))


def clean_text(value: str, remarks: Remarks, where: str = "") -> str:
    """Text that every database and page can hold, in Unix line ends."""
    if _UNWANTED.search(value):
        remarks.count("control_characters_removed", where)
        value = value.replace("\r\n", "\n")
        value = _UNWANTED.sub("", value)
    if _SURROGATES.search(value):
        remarks.count("broken_characters_replaced", where)
        value = _SURROGATES.sub("\ufffd", value)
    return value


def read_moment(value: str) -> datetime | None:
    """An ISO moment as UTC (without a zone: taken as UTC), or None when it is none."""
    if not _MOMENT.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST_YEAR <= moment.year < _LAST_YEAR else None


def moment_of_object_id(ident: str) -> datetime | None:
    """When an id of the source was made: its first 8 hexadecimal digits are seconds since 1970."""
    if not _OBJECT_ID.fullmatch(ident):
        return None
    moment = datetime.fromtimestamp(int(ident[:8], 16), UTC)
    return moment if _FIRST_YEAR <= moment.year < _LAST_YEAR else None


def is_web_address(value: str) -> bool:
    """Whether this may become a link: http or https, a host, no white space."""
    if len(value) > 2000 or re.search(r"\s", value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse an empty file, or one larger than the limit."""
    if not data:
        raise ImportProblem("file_empty")
    if len(data) > limits.bytes:
        raise ImportProblem("file_too_large", megabytes=limits.bytes // (1024 * 1024))
