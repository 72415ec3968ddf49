"""Who is meant by `@Ann` in a text. Pure: names in, names out."""

from __future__ import annotations

import re
from collections.abc import Iterable

# One or two words after the sign; not inside an e-mail address.
_MENTION = re.compile(r"(?<![\w@.])@(\w[\w'’\-]*)(?:[ \t]+(\w[\w'’\-]*))?")


def mentioned(text: str, names: Iterable[str]) -> list[str]:
    """The names that the text mentions, each once, in the order of the text.

    `@ann` means everybody whose first name is Ann, `@Ann K` one of them; without a first name that
    fits, the beginning of exactly one name will do.
    """
    names = list(names)
    found: dict[str, None] = {}
    for match in _MENTION.finditer(text):
        found |= dict.fromkeys(_meant(match[1], match[2], names))
    return list(found)


def spans(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Where in the text somebody is mentioned: start and end of each mark with its name."""
    names = list(names)
    places = []
    for match in _MENTION.finditer(text):
        first, second = match[1], match[2]
        if second and _both(first, second, names):
            places.append(match.span())
        elif _meant(first, None, names):
            places.append((match.start(), match.end(1)))
    return places


def _meant(first: str, second: str | None, names: list[str]) -> list[str]:
    if second and (both := _both(first, second, names)):
        return both
    wanted = first.casefold()
    by_first_name = [name for name in names if _parts(name)[:1] == [wanted]]
    if by_first_name:
        return by_first_name
    by_prefix = [name for name in names if name.casefold().startswith(wanted)]
    return by_prefix if len(by_prefix) == 1 and len(wanted) > 1 else []


def _both(first: str, second: str, names: list[str]) -> list[str]:
    first, second = first.casefold(), second.casefold()
    return [
        name
        for name in names
        if len(words := _parts(name)) > 1 and words[0] == first and words[1].startswith(second)
    ]


def _parts(name: str) -> list[str]:
    return name.casefold().split()
