"""Campaign parameters on outgoing links (R4): built from a template, always in small letters.

Pure: text in, text out. The five parameters are those of Google Analytics 4 (`utm_source`, …).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

SLOTS = (
    *("platform", "channel", "handle", "placement", "publication", "variant", "key"),
    *("pillar", "format", "goal", "type", "year", "quarter", "month", "week"),
)
_SLOT = re.compile(r"\{(\w*)\}")
_LONGEST = 100
# Ids are written as they are: they are looked up again by exactly these letters.
_VERBATIM = frozenset({"publication", "variant"})


@dataclass(frozen=True, slots=True)
class Template:
    """How each parameter is made, with slots in braces; an empty one is left out."""

    source: str = "{platform}"
    medium: str = "social"
    campaign: str = "{year}q{quarter}"
    content: str = "{publication}"
    term: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A link as it goes out, and its parameters without the prefix `utm_`."""

    url: str
    utm: Mapping[str, str]


class UnknownSlot(ValueError):
    """The template names a slot that there is not."""

    def __init__(self, slot: str) -> None:
        super().__init__(f"{{{slot}}} is not a slot; they are {', '.join(SLOTS)}")
        self.slot = slot


def slots_of(text: str) -> list[str]:
    """The slots that a part of a template names; UnknownSlot for one that there is not."""
    found = _SLOT.findall(text)
    for slot in found:
        if slot not in SLOTS:
            raise UnknownSlot(slot)
    return found


def build(url: str, template: Template, values: Mapping[str, str]) -> Tracked:
    """The link with the template's parameters, filled in from `values` (a missing one is empty).

    Other parameters and the fragment stay; parameters of an earlier campaign are replaced. Values
    are written in small letters, spaces as hyphens; ids of publications and variants as they are.
    Raises ValueError for an address that is none, UnknownSlot for a wrong template.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{url} is not a web address")
    utm = {
        each.name: filled
        for each in fields(template)
        if (filled := _filled(getattr(template, each.name), values))
    }
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not name.lower().startswith("utm_")
    ]
    query = urlencode(
        kept + [(f"utm_{name}", value) for name, value in utm.items()], quote_via=quote, safe="-._~"
    )
    return Tracked(urlunsplit(_escaped(parts)._replace(query=query)), utm)


def _escaped(parts: SplitResult) -> SplitResult:
    """Nothing but ASCII, as it travels: names in Punycode, the rest with per cent signs."""
    netloc = parts.netloc
    if not netloc.isascii():
        try:
            name = (parts.hostname or "").encode("idna").decode()
        except UnicodeError:
            raise ValueError(f"{parts.geturl()} is not a web address") from None
        netloc = netloc.lower().replace((parts.hostname or "").lower(), name)
    path = quote(parts.path, safe="/%:@!$&'()*+,;=~-._")
    fragment = quote(parts.fragment, safe="/?%:@!$&'()*+,;=~-._")
    return parts._replace(netloc=netloc, path=path, fragment=fragment)


def is_tracked(url: str) -> bool:
    """Whether the link says where its visitors come from: source and medium are there."""
    names = {name for name, value in parse_qsl(urlsplit(url).query) if value}
    return {"utm_source", "utm_medium"} <= names


_ADDRESS = re.compile(r"https?://[^\s<>\"'\])}]+", re.IGNORECASE)


def bare_links(text: str) -> list[str]:
    """The addresses in a text that are not tracked, each once, in the order of the text."""
    found = (match.rstrip(".,;:!?") for match in _ADDRESS.findall(text))
    return list(dict.fromkeys(url for url in found if not is_tracked(url)))


def _filled(text: str, values: Mapping[str, str]) -> str:
    slots_of(text)
    parts = []
    for index, part in enumerate(_SLOT.split(text)):
        is_slot = index % 2 == 1
        value = values.get(part, "") if is_slot else part
        parts.append(value if is_slot and part in _VERBATIM else _small(value))
    return "".join(parts).strip("-.")[:_LONGEST]


def _small(text: str) -> str:
    """Small letters without accents, hyphens for spaces; the same word however it was typed."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).lower()
    return re.sub(r"[^\w.~]+", "-", plain, flags=re.ASCII)
