"""What a verb is asked to change: only named fields, only what differs, noted for the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db.models import Model

from production.errors import Invalid, Stale


def apply(
    row: Model,
    changes: Mapping[str, Any],
    *,
    fields: Collection[str],
    prose: Collection[str] = (),
) -> dict[str, list[Any]]:
    """Set the fields that differ; field → [old, new] as the log writes them.

    Of `prose` the log keeps the number of words. Raises Invalid for a field that is not in
    `fields` and for a row of another workspace.
    """
    noted = {}
    for name, value in changes.items():
        if name not in fields:
            raise Invalid({name: [("unknown_field", f"{name} cannot be changed.")]})
        if isinstance(value, Model) and value.workspace_id != row.workspace_id:  # type: ignore[attr-defined]
            message = f"{plain(value)} does not exist in this workspace."
            raise Invalid({name: [("does_not_exist", message)]})
        old = getattr(row, name, None)  # a link that is still to be made has no value
        if old == value:
            continue
        setattr(row, name, value)
        words = name in prose
        noted[name] = [_words(old), _words(value)] if words else [plain(old), plain(value)]
    return noted


def require_version(row: Model, version: int | None, asked: Collection[str]) -> None:
    """Raise Stale when somebody changed the row since `version`, with what it says now."""
    if version is not None and version != row.version:  # type: ignore[attr-defined]
        now = {name: plain(getattr(row, name)) for name in asked if hasattr(row, name)}
        raise Stale(row.version, now)  # type: ignore[attr-defined]


def plain(value: Any) -> Any:
    """A value as the log keeps it: rows by public id, days as ISO 8601."""
    if isinstance(value, Model):
        return value.public_id  # type: ignore[attr-defined]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _words(text: str | None) -> int:
    return len((text or "").split())
