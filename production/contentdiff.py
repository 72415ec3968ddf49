"""What differs between two contents as a signature covers them, field by field and word by word.

Pure: the plain values of `digests.content_of` in, pieces out.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from production.worddiff import Piece, diff

Content = Mapping[str, Any]
TEXTS = ("title", "hook", "promise", "script", "cta", "url")
LISTS = ("sources", "image_sources", "ai_used_for")
OF_PUBLICATION = (
    "title", "caption", "hashtags", "mentions", "first_comment", "link", "settings",
)  # fmt: skip

_IN_A_LINE = ("hashtags", "mentions")


@dataclass(frozen=True, slots=True)
class Change:
    """A field that says something else; `variant` names the publication that it belongs to, None
    for the item itself. For `media` and `channel` there are no pieces, but what came and went."""

    field: str
    pieces: Sequence[Piece] = ()
    came: Sequence[Any] = ()
    went: Sequence[Any] = ()
    variant: str | None = None


def changes(old: Content, new: Content) -> list[Change]:
    """Every field that differs, in the order in which people read."""
    found = [*_texts(TEXTS, old, new)]
    if old.get("channel") != new.get("channel"):
        came, went = new.get("channel"), old.get("channel")
        found.append(Change("channel", came=_some(came), went=_some(went)))
    found += _texts(LISTS, old, new)
    found += _publications(old.get("publications") or (), new.get("publications") or ())
    return found + _media(_files(old), _files(new), None)


def _texts(
    names: Iterable[str], old: Content, new: Content, variant: str | None = None
) -> Iterable[Change]:
    for name in names:
        before, after = (_text(_joined(name, each.get(name))) for each in (old, new))
        if before != after:
            yield Change(name, pieces=diff(before, after), variant=variant)


def _publications(old: Sequence[Content], new: Sequence[Content]) -> list[Change]:
    """They have no ids in the content: those of one variant are paired in their order."""
    found: list[Change] = []
    before, after = _by_variant(old), _by_variant(new)
    for variant in dict.fromkeys([*after, *before]):
        one, other = before[variant], after[variant]
        for n in range(max(len(one), len(other))):
            was = one[n] if n < len(one) else {}
            now = other[n] if n < len(other) else {}
            found += _texts(OF_PUBLICATION, was, now, variant)
            found += _media(was.get("media") or (), now.get("media") or (), variant)
    return found


def _by_variant(rows: Sequence[Content]) -> defaultdict[str, list[Content]]:
    found: defaultdict[str, list[Content]] = defaultdict(list)
    for row in rows:
        found[str(row.get("variant") or "")].append(row)
    return found


def _media(old: Sequence[Content], new: Sequence[Content], variant: str | None) -> list[Change]:
    before, after = [_file(each) for each in old], [_file(each) for each in new]
    came = [each for each, key in zip(new, after, strict=True) if key not in before]
    went = [each for each, key in zip(old, before, strict=True) if key not in after]
    return [Change("media", came=came, went=went, variant=variant)] if came or went else []


def _files(content: Content) -> Sequence[Content]:
    return content.get("media") or ()


def _file(medium: Content) -> str:
    return json.dumps(dict(medium), sort_keys=True)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return "\n".join(f"{name}: {_text(each)}" for name, each in sorted(value.items()))
    if isinstance(value, list | tuple):
        return "\n".join(_text(each) for each in value)
    return json.dumps(value)


def _joined(name: str, value: Any) -> Any:
    """Tags stand in one line, as they go out."""
    return " ".join(value) if name in _IN_A_LINE and isinstance(value, list) else value


def _some(value: Any) -> Sequence[Any]:
    return () if value is None else (value,)
