"""A slot is moved, described anew, cancelled, brought back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime

from production import changes as changing
from production import events
from production.checks import check
from production.errors import Refused
from production.models import Event, Publication, Slot
from production.permissions import Seat
from production.publications import schedule as scheduling
from production.publications import states
from production.publications.held import hold
from production.publications.schedule import place, require_future, waiver
from production.rules import Refusal
from production.slots.making import FIELDS, told
from production.walltime import WallTime

_TIME = ("starts_local", "time_zone", "starts_at", "time_note", "waived_reason")
UNDO_ACCEPTED = timedelta(seconds=30)


@transaction.atomic
def change(
    slot: Slot,
    changes: Mapping[str, Any],
    *,
    seat: Seat,
    at: datetime,
    when: WallTime | None = None,
    version: int | None = None,
    waive: str = "",
) -> Slot:
    """Change what the slot is for, and with `when` its time; what fills it goes along.

    Raises Stale, Invalid, Refused (slot_cancelled, window_locked, outside_window and what
    `schedule` refuses), NotAllowed.
    """
    seat.require("slot.change")
    slot, publication = _held(slot)
    require_there(slot)
    changing.require_version(slot, version, changes)
    noted = changing.apply(slot, changes, fields=FIELDS)
    check(slot, only=list(noted))
    if noted:
        slot.version += 1
        slot.save()
    if when is not None and (when.at, when.zone) != (slot.starts_at, slot.time_zone):
        if publication is not None and publication.publish_at == slot.starts_at:
            # Its own verb tells of the new time, and takes the slot along.
            scheduling.schedule(publication, when, seat=seat, at=at, waive=waive)
            slot = hold_slot(slot)
        else:
            noted |= _move(slot, when, seat, at, waive)
    if noted:
        _record("slot.changed", slot, seat, at, changes=noted)
    return slot


@transaction.atomic
def cancel(slot: Slot, *, seat: Seat, at: datetime) -> Slot:
    """Take the slot out of the plan. Refused while something fills it; twice is once."""
    seat.require("slot.change")
    slot, publication = _held(slot)
    if slot.cancelled_at is not None:
        return slot
    if publication is not None and publication.state not in (states.CANCELLED, states.REMOVED):
        raise Refused([Refusal("slot_filled", {"key": publication.item.key})])
    slot.cancelled_at, slot.version = at, slot.version + 1
    slot.save(update_fields=["cancelled_at", "version"])
    _record("slot.cancelled", slot, seat, at)
    return slot


@transaction.atomic
def restore(slot: Slot, *, seat: Seat, at: datetime) -> Slot:
    """Bring a cancelled slot back where it was; twice is once."""
    seat.require("slot.change")
    slot, _publication = _held(slot)
    if slot.cancelled_at is not None:
        slot.cancelled_at, slot.version = None, slot.version + 1
        slot.save(update_fields=["cancelled_at", "version"])
        _record("slot.restored", slot, seat, at)
    return slot


@transaction.atomic
def undo_change(event: Event, *, seat: Seat, at: datetime) -> Slot:
    """Take back what the event did to a slot: added, changed, filled, cancelled or restored.

    What happened to the publication has events of its own, which are undone for themselves.
    Raises Refused: later than 30 s, somebody else's, or overtaken.
    """
    seat.require("slot.change")
    if event.actor_id != seat.user.pk or event.workspace_id != seat.workspace.pk:
        raise Refused([Refusal("undo_overtaken")])
    if at - event.recorded_at > UNDO_ACCEPTED:
        raise Refused([Refusal("undo_too_late")])
    rows = Slot.objects.filter(workspace=seat.workspace, public_id=event.data["slot"])
    slot = rows.select_related("channel").first()
    if slot is None:
        raise Refused([Refusal("undo_overtaken")])
    if event.type == "slot.added":
        return cancel(slot, seat=seat, at=at)
    if event.type == "slot.cancelled":
        return restore(slot, seat=seat, at=at)
    if event.type == "slot.restored":
        return cancel(slot, seat=seat, at=at)
    return _undo_fields(slot, event, seat, at)


def _undo_fields(slot: Slot, event: Event, seat: Seat, at: datetime) -> Slot:
    slot, _publication = _held(slot)
    changes = event.data["changes"]
    if any(_plain(slot, name) != pair[1] for name, pair in changes.items()):
        raise Refused([Refusal("undo_overtaken")])
    for name, (old, _new) in changes.items():
        setattr(slot, name, _row(name, old))
    slot.version += 1
    slot.save()
    back = {name: [new, old] for name, (old, new) in changes.items()}
    _record("slot.changed", slot, seat, at, changes=back, voids=event.seq)
    return slot


def hold_slot(slot: Slot) -> Slot:
    """The slot's row, ours until the transaction ends, and read anew."""
    rows = Slot.objects.select_for_update(of=("self",))
    return rows.select_related(
        "channel", "publication", "publication__item__workspace", "workspace"
    ).get(pk=slot.pk)


def require_there(slot: Slot) -> None:
    if slot.cancelled_at is not None:
        raise Refused([Refusal("slot_cancelled")])


def _held(slot: Slot) -> tuple[Slot, Publication | None]:
    """The slot and what fills it, locked: what fills it first, as its own verbs do."""
    now = Slot.objects.filter(pk=slot.pk).select_related("publication__item").get()
    if now.publication is not None:
        hold(now.publication)
    held = hold_slot(slot)
    if held.publication_id != now.publication_id:  # filled or emptied while we waited
        raise Refused([Refusal("undo_overtaken")])
    return held, held.publication


def _move(slot: Slot, when: WallTime, seat: Seat, at: datetime, waive: str) -> dict[str, list[Any]]:
    require_future(when, at, "starts_at")
    before = {name: _plain(slot, name) for name in _TIME}
    place(slot, when, waiver(slot.channel, when, seat=seat, at=at, reason=waive))
    after = {name: _plain(slot, name) for name in _TIME}
    return {name: [before[name], after[name]] for name in _TIME if before[name] != after[name]}


def _plain(slot: Slot, name: str) -> Any:
    value = getattr(slot, name)
    return changing.plain(value)


def _row(name: str, plain: Any) -> Any:
    field = Slot._meta.get_field(name)
    if name == "starts_at":
        return parse_datetime(plain)
    if field.is_relation:
        rows = field.related_model.objects.filter(public_id=plain)  # type: ignore[union-attr]
        return rows.first() if plain else None
    return plain


def _record(type: str, slot: Slot, seat: Seat, at: datetime, **data: Any) -> None:
    events.record(
        type,
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data=told(slot) | data,
    )
