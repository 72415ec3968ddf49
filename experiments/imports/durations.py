"""How long: `4:34`, `0:04:34`, `00:03:25`, `PT14M21S`, or a plain number of seconds."""

from __future__ import annotations

import re

from experiments.imports.numbers import Style, is_missing, read

_CLOCK = re.compile(r"(?:(\d{1,5}):)?(\d{1,3}):(\d{2})(\.\d+)?", re.ASCII)
_ISO = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.ASCII)
_WORDS = re.compile(r"(?:(\d+)h:?)?(?:(\d+)m:?)?(?:(\d+(?:\.\d+)?)s)?", re.ASCII | re.IGNORECASE)


def seconds(written: str, style: Style) -> float | None:
    """Seconds, None where the cell says missing. Raises ValueError for what is no duration."""
    if is_missing(written):
        return None
    said = written.strip()
    if found := _CLOCK.fullmatch(said):
        hours, minutes, rest, part = found.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + int(rest) + float(part or 0)
    if said.startswith("P") and (found := _ISO.fullmatch(said)):
        days, hours, minutes, rest = found.groups()
        return _sum(hours, minutes, rest) + int(days or 0) * 86400
    compact = said.replace(" ", "")
    if compact[-1:].isalpha() and (found := _WORDS.fullmatch(compact)):
        return _sum(*found.groups())
    value = read(said, style, whole=False)
    return None if value is None else float(value)


def _sum(hours: str | None, minutes: str | None, rest: str | None) -> float:
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + float(rest or 0)
