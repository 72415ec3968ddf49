"""Sources are kept as lines of text; an address at the end of a line is where it leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Source:
    text: str
    url: str = ""

    @property
    def shown(self) -> str:
        return self.text or host(self.url)


def read(lines: Iterable[object]) -> list[Source]:
    """The stored lines as sources; a claim with its address apart is one too."""
    return [_source(line) for line in lines]


def write(text: str, url: str) -> str:
    """A source as the line that is stored; empty when there is nothing to say."""
    return " ".join(part for part in (" ".join(text.split()), url.strip()) if part)


def host(url: str) -> str:
    """Whose page it is, without `www.`."""
    try:
        return (urlsplit(url).hostname or url).removeprefix("www.")
    except ValueError:
        return url


def _source(line: object) -> Source:
    if isinstance(line, dict):
        url = str(line.get("url") or "")
        return Source(str(line.get("claim") or ""), url if _is_web(url) else "")
    return _split(str(line))


def _split(line: str) -> Source:
    text, _, last = line.rpartition(" ")
    if _is_web(last):
        return Source(text.strip(), last)
    return Source(line)


def _is_web(url: str) -> bool:
    return url.startswith(("http://", "https://"))
