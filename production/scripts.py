"""The script of an item: saved as it is typed, kept in versions, brought back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from production import parts
from production.errors import Stale
from production.models import ContentItem, Script, ScriptVersion, User
from production.worddiff import Piece, diff

LONGEST = 200_000
KEPT_EVERY = timedelta(minutes=10)
# Words a person says in a minute; Finnish words are longer.
WORDS_PER_MINUTE = {"en": 150, "fi": 110}
_WORD = re.compile(r"\w[\w'’\-]*")
_HEADING = re.compile(r"^\s*#.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of a save. `kept` are the versions that it put aside, oldest first."""

    script: Script
    changed: bool
    kept: tuple[ScriptVersion, ...] = ()


def of(item: ContentItem) -> Script:
    """The item's script; an empty one of version 0, not stored, while nothing is written."""
    found = Script.objects.filter(item=item).select_related("updated_by").first()
    return found or Script(item=item, version=0, updated_at=item.created_at)


def versions(item: ContentItem) -> list[ScriptVersion]:
    """The kept versions, newest first."""
    return list(
        ScriptVersion.objects.filter(script__item=item).select_related("by").order_by("-number")
    )


def words(text: str) -> int:
    return len(_WORD.findall(text))


def spoken_seconds(text: str, language: str = "en") -> int:
    """About how long the text takes to say, headings left out, in seconds."""
    pace = WORDS_PER_MINUTE.get(language, WORDS_PER_MINUTE["en"])
    return round(words(_HEADING.sub("", text)) * 60 / pace)


@transaction.atomic
def save(item: ContentItem, text: str, *, version: int, by: User, at: datetime) -> Saved:
    """Replace the text that had this version.

    A version is kept when the author changes, when ten minutes have passed since the last one, and
    of the first text: what stood there, or where that is kept already, the new text. Raises Stale
    with `text` (what it says now) when somebody was faster, and Invalid for what is no text.
    """
    text = parts.text_of("text", text, limit=LONGEST)
    item = parts.held(item)
    script = of(item)
    if text == script.text:
        return Saved(script, changed=False)
    if version != script.version:
        raise Stale(script.version, {"text": script.text})
    due = _is_due(script, by, at)
    kept = [_keep(script)] if due and _is_unkept(script) else []
    _write(script, text, by, at)
    if due and not kept:
        kept = [_keep(script)]
    parts.changed(item, by=by, at=at)
    _tell(item, kept)
    return Saved(script, changed=True, kept=tuple(kept))


@transaction.atomic
def keep(item: ContentItem, *, by: User, at: datetime) -> ScriptVersion | None:
    """Put the present text aside as a version; the newest one when it says the same already."""
    item = parts.held(item)
    script = of(item)
    newest = _newest(script)
    if script.version == 0 or (newest is not None and newest.text == script.text):
        return newest
    kept = _keep(script)
    _tell(item, [kept])
    return kept


@transaction.atomic
def restore(
    item: ContentItem, number: int, *, by: User, at: datetime, version: int | None = None
) -> Saved:
    """Bring an old version back as the present text; what stood there is kept before.

    Raises ScriptVersion.DoesNotExist, and Stale when `version` is given and not the script's.
    """
    item = parts.held(item)
    script = of(item)
    old = ScriptVersion.objects.get(script=script.pk, number=number)
    if version is not None and version != script.version:
        raise Stale(script.version, {"text": script.text})
    if old.text == script.text:
        return Saved(script, changed=False)
    kept = [_keep(script)] if _is_unkept(script) else []
    _write(script, old.text, by, at)
    kept.append(_keep(script))
    parts.changed(item, by=by, at=at)
    _tell(item, kept)
    return Saved(script, changed=True, kept=tuple(kept))


def compare(item: ContentItem, old: int, new: int | None = None) -> list[Piece]:
    """What changed from one kept version to another, word by word; None is the present text.

    Raises ScriptVersion.DoesNotExist.
    """
    before = ScriptVersion.objects.get(script__item=item, number=old).text
    if new is None:
        return diff(before, of(item).text)
    return diff(before, ScriptVersion.objects.get(script__item=item, number=new).text)


def _is_unkept(script: Script) -> bool:
    newest = _newest(script)
    return bool(script.text) and (newest is None or newest.text != script.text)


def _is_due(script: Script, by: User, at: datetime) -> bool:
    newest = _newest(script)
    if newest is None or script.updated_by_id != by.pk:
        return True
    return at - newest.at >= KEPT_EVERY


def _newest(script: Script) -> ScriptVersion | None:
    if script.pk is None:
        return None
    return ScriptVersion.objects.filter(script=script).order_by("-number").first()


def _write(script: Script, text: str, by: User, at: datetime) -> None:
    script.text, script.version = text, script.version + 1
    script.updated_at, script.updated_by = at, by
    script.save()


def _keep(script: Script) -> ScriptVersion:
    last = ScriptVersion.objects.filter(script=script).aggregate(last=Max("number"))["last"]
    return ScriptVersion.objects.create(
        script=script,
        number=(last or 0) + 1,
        text=script.text,
        at=script.updated_at,
        by=script.updated_by,
    )


def _tell(item: ContentItem, kept: list[ScriptVersion]) -> None:
    """Each version as a line of its author, at the moment of its last change."""
    for version in kept:
        parts.record(
            "script.saved",
            item,
            by=version.by,
            at=version.at,
            version=version.number,
            words=words(version.text),
        )
