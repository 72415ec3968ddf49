"""What the verbs on the parts of an item share: its lock, texts, fingerprint, line in the log."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from django.utils.translation import gettext as _

from production import digests, events
from production.digests import held
from production.errors import Invalid
from production.models import ContentItem, Event, User
from production.publications import content


class _Part(Protocol):
    public_id: Any


__all__ = [
    "arranged", "changed", "held", "line_of", "only", "record", "text_of", "unknown_field",
]  # fmt: skip

PartT = TypeVar("PartT", bound=_Part)


def changed(item: ContentItem, *, by: User, at: datetime) -> None:
    """Say that a part of the held item is different now.

    When the public will see the difference, signatures on the old content stop counting, and `by`
    may not sign the new one; a publication that was ready is a draft again.
    """
    before = item.content_digest
    item.updated_at = at
    noted = ["updated_at"]
    if digests.refresh(item) != before:
        item.content_edited_by = by
        noted.append("content_edited_by")
    item.save(update_fields=noted)
    if "content_edited_by" in noted:
        content.follow(item, by=by, at=at)


def record(
    type: str,
    item: ContentItem,
    *,
    by: User | None,
    at: datetime,
    actor_name: str = "",
    **data: Any,
) -> Event:
    """Append the event about this item; the last statement of a verb."""
    return events.record(
        type,
        item.public_id,
        workspace_id=item.workspace_id,
        board_id=item.board_id,
        by=by,
        at=at,
        data=data,
        actor_name=actor_name,
    )


def text_of(field: str, text: str, *, limit: int, required: bool = False) -> str:
    """The text as it is stored: line feeds only. Raises Invalid when it cannot be."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise Invalid(
            {field: [("null_characters_not_allowed", _("Null characters are not text."))]}
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise Invalid({field: [("invalid", _("This is not valid Unicode text."))]}) from None
    if len(text) > limit:
        raise Invalid(
            {
                field: [
                    ("max_length", _("At most %(limit)s characters fit here.") % {"limit": limit})
                ]
            }
        )
    if required and not text.strip():
        raise Invalid({field: [("blank", _("Write a few words."))]})
    return text


def line_of(field: str, text: str, *, limit: int, required: bool = False) -> str:
    """As `text_of`, for one line: no breaks, no space at the ends."""
    return text_of(field, " ".join(text.split()), limit=limit, required=required)


def arranged(rows: Sequence[PartT], order: Sequence[str]) -> list[PartT]:
    """The rows in this order of public ids, those not named after them as they were.

    Raises Invalid for an id that none of them has.
    """
    by_id = {row.public_id: row for row in rows}
    if unknown := [each for each in order if each not in by_id]:
        raise Invalid(
            {
                "order": [
                    ("does_not_exist", _("%(id)s is not part of this card.") % {"id": unknown[0]})
                ]
            }
        )
    named = list(dict.fromkeys(order))
    return [by_id[each] for each in named] + [row for row in rows if row.public_id not in named]


def only(values: Mapping[str, Any], allowed: Iterable[str]) -> None:
    """Raise Invalid when the values name a field that is not among the allowed ones."""
    if unknown := values.keys() - set(allowed):
        raise Invalid({name: [("unknown_field", unknown_field(name))] for name in unknown})


def unknown_field(name: str) -> str:
    return _("%(name)s is not a field here.") % {"name": name}
