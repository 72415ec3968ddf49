"""Collecting what is to be told: the same thing said a thousand times is one line with a count."""

from __future__ import annotations

from dataclasses import replace

from experiments.imports.values import Issue

MOST = 200


class Issues:
    """Warnings by (code, column), with the place of the first and how often."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Issue] = {}

    def note(self, code: str, line: int = 0, column: str = "", **params: str | int) -> None:
        """Say it; a second time only counts."""
        key = (code, column)
        if known := self._found.get(key):
            self._found[key] = replace(known, count=known.count + 1)
        elif len(self._found) < MOST:
            self._found[key] = Issue(code, line, column, params=params)

    def all(self) -> tuple[Issue, ...]:
        """What was noted, in order of its first time."""
        return tuple(self._found.values())
