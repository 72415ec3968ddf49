"""The openings of an item for its first two seconds: written, compared, one chosen and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from production import parts
from production.errors import Invalid, Refused
from production.models import ContentItem, Hook, User
from production.rules import Refusal

MOST = 50
_LINE = 300


@transaction.atomic
def add(
    item: ContentItem,
    *,
    text: str,
    by: User,
    at: datetime,
    hook_type: str = "other",
    note: str = "",
) -> Hook:
    """Write down one more opening, below the others. Raises Invalid or Refused."""
    values = _checked({"text": text, "hook_type": hook_type, "note": note})
    item = parts.held(item)
    there = Hook.objects.filter(item=item)
    if there.count() >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    last = there.aggregate(last=Max("position"))["last"]
    hook = Hook.objects.create(item=item, position=0 if last is None else last + 1, **values)
    parts.changed(item, by=by, at=at)
    parts.record("hook.added", item, by=by, at=at, hook=hook.public_id, text=hook.text)
    return hook


@transaction.atomic
def edit(hook: Hook, changes: Mapping[str, str], *, by: User, at: datetime) -> Hook:
    """Change text, type or note of an opening; what is not named stays. Raises Invalid."""
    values = _checked(changes)
    item, hook = _held(hook)
    noted = {name: [getattr(hook, name), value] for name, value in values.items()}
    noted = {name: pair for name, pair in noted.items() if pair[0] != pair[1]}
    if not noted:
        return hook
    for name, (_old, value) in noted.items():
        setattr(hook, name, value)
    hook.save(update_fields=list(noted))
    parts.changed(item, by=by, at=at)
    parts.record("hook.edited", item, by=by, at=at, hook=hook.public_id, changes=noted)
    return hook


@transaction.atomic
def remove(hook: Hook, *, by: User, at: datetime) -> None:
    """Take the opening away; a chosen one leaves none chosen."""
    item, hook = _held(hook)
    public_id, text = hook.public_id, hook.text
    hook.delete()
    parts.changed(item, by=by, at=at)
    parts.record("hook.removed", item, by=by, at=at, hook=public_id, text=text)


@transaction.atomic
def reorder(item: ContentItem, order: Sequence[str], *, by: User, at: datetime) -> list[Hook]:
    """Put the openings into this order of public ids; those not named follow as they were.

    Raises Invalid for an opening that is not of this item.
    """
    item = parts.held(item)
    hooks = list(Hook.objects.filter(item=item).order_by("position", "id"))
    arranged = parts.arranged(hooks, order)
    if arranged == hooks:
        return hooks
    for position, hook in enumerate(arranged):
        hook.position = position
    Hook.objects.bulk_update(arranged, ["position"])
    parts.record("hook.reordered", item, by=by, at=at, order=[h.public_id for h in arranged])
    return arranged


@transaction.atomic
def choose(hook: Hook, *, reason: str, by: User, at: datetime) -> Hook:
    """Choose this opening instead of any other and say why. Raises Invalid without a reason."""
    reason = parts.line_of("reason", reason, limit=_LINE, required=True)
    item, hook = _held(hook)
    if hook.chosen and hook.chosen_reason == reason:
        return hook
    Hook.objects.filter(item=item, chosen=True).update(chosen=False, chosen_reason="")
    hook.chosen, hook.chosen_reason = True, reason
    hook.save(update_fields=["chosen", "chosen_reason"])
    parts.changed(item, by=by, at=at)
    parts.record(
        "hook.chosen", item, by=by, at=at, hook=hook.public_id, text=hook.text, reason=reason
    )
    return hook


@transaction.atomic
def unchoose(hook: Hook, *, by: User, at: datetime) -> Hook:
    """None is chosen any more. Twice is once."""
    item, hook = _held(hook)
    if not hook.chosen:
        return hook
    hook.chosen, hook.chosen_reason = False, ""
    hook.save(update_fields=["chosen", "chosen_reason"])
    parts.changed(item, by=by, at=at)
    parts.record("hook.unchosen", item, by=by, at=at, hook=hook.public_id, text=hook.text)
    return hook


def _held(hook: Hook) -> tuple[ContentItem, Hook]:
    item = parts.held(hook.item)
    return item, Hook.objects.get(pk=hook.pk)


def _checked(values: Mapping[str, Any]) -> dict[str, str]:
    parts.only(values, ("text", "hook_type", "note"))
    checked = dict(values)
    if "text" in checked:
        checked["text"] = parts.line_of("text", checked["text"], limit=_LINE, required=True)
    if "note" in checked:
        checked["note"] = parts.line_of("note", checked["note"], limit=_LINE)
    if checked.get("hook_type", "other") not in Hook.HookType.values:
        raise Invalid({"hook_type": [("invalid_choice", _("Choose one of the types."))]})
    return checked
