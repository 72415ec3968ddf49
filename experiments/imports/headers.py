"""Names of columns made comparable: soft hyphens, wide letters and hard spaces do not count."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])
_SPACES = re.compile(r"\s+")


def normal(name: str) -> str:
    """The name for comparison: NFKC, without invisible characters, single spaces, casefolded."""
    seen = unicodedata.normalize("NFKC", name).translate(_INVISIBLE)
    return _SPACES.sub(" ", seen).strip().casefold()


def places(header: Sequence[str]) -> dict[str, list[int]]:
    """Where each name stands, in order; a name that occurs twice has two places."""
    found: dict[str, list[int]] = {}
    for position, name in enumerate(header):
        if key := normal(name):
            found.setdefault(key, []).append(position)
    return found
