from __future__ import annotations

from typing import NamedTuple


class Both(NamedTuple):
    """One text in both languages."""

    en: str
    fi: str

    def in_(self, language: str) -> str:
        return self.fi if language == "fi" else self.en
