"""When a publication goes out: the wall time that is meant, inside a window or waived.

The time is no content: what was signed stays signed, and a ready one stays ready. A tool that has
claimed it learns of the change from the event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from production import parts, walltime, windows
from production.errors import Invalid, NotAllowed, Refused, Stale
from production.models import ContentItem, Event, Publication, Slot
from production.permissions import Seat
from production.publications import states
from production.publications.held import hold, record
from production.publications.states import Act
from production.rules import Refusal
from production.walltime import WallTime

FIELDS = ("publish_local", "time_zone", "publish_at", "time_note", "waived_reason")
SLACK = timedelta(minutes=5)  # a form is sent some minutes after it was filled in
UNDO_ACCEPTED = timedelta(seconds=30)
# It goes out this minute, or may have: no time can be given to it any more.
_TOO_LATE = frozenset({states.PUBLISHING, states.UNCONFIRMED})
_SENTENCES = {
    "unknown_zone": gettext_lazy("Choose a time zone from the list."),
    "invalid": gettext_lazy("Write day and time: 2026-03-30T18:00."),
    "out_of_range": gettext_lazy("This day lies too far away."),
    "naive_datetime": gettext_lazy("Say the offset, or the time zone."),
}


def wall_time(local: str, zone: str, *, field: str = "publish_at") -> WallTime:
    """`walltime.resolve` for verbs and doors: raises Invalid, with a sentence."""
    try:
        return walltime.resolve(local, zone)
    except ValueError as error:
        raise Invalid({field: [(str(error), str(_SENTENCES[str(error)]))]}) from None


def wall_time_of(moment: datetime, zone: str, *, field: str = "publish_at") -> WallTime:
    """`walltime.of_moment`, the same way."""
    try:
        return walltime.of_moment(moment, zone)
    except ValueError as error:
        raise Invalid({field: [(str(error), str(_SENTENCES[str(error)]))]}) from None


@transaction.atomic
def schedule(
    publication: Publication,
    when: WallTime,
    *,
    seat: Seat,
    at: datetime,
    version: int | None = None,
    waive: str = "",
) -> Publication:
    """Give it this time; the slot it fills moves along. The same time again changes nothing.

    `waive` is an owner's reason for a time outside the channel's windows. Raises Refused
    (window_locked, outside_window, not_to_be_scheduled), Invalid for the past, NotAllowed, Stale.
    """
    seat.require("publication.schedule")
    item, publication = hold(publication)
    require_schedulable(publication)
    if version is not None and version != publication.version:
        now = {name: _plain(getattr(publication, name)) for name in FIELDS[:3]}
        raise Stale(publication.version, now)
    if (publication.publish_at, publication.time_zone) == (when.at, when.zone):
        return publication
    require_future(when, at)
    waived = waiver(publication.channel, when, seat=seat, at=at, reason=waive)
    slot = Slot.objects.select_for_update(of=("self",)).filter(publication=publication).first()
    noted = _set(publication, _values(when, waived), seat, at)
    if slot is not None:
        place(slot, when, waived)
    return _record(item, publication, seat, at, changes=noted)


def plan_at(
    publication: Publication,
    when: WallTime,
    *,
    seat: Seat,
    at: datetime,
    waived: str = "",
    waive: str = "",
) -> Publication:
    """As `schedule`, for a publication whose item is held: `waived` was said of the time before."""
    require_schedulable(publication)
    require_future(when, at)
    kept = waived or waiver(publication.channel, when, seat=seat, at=at, reason=waive)
    noted = _set(publication, _values(when, kept), seat, at)
    return _record(publication.item, publication, seat, at, changes=noted) if noted else publication


@transaction.atomic
def unschedule(publication: Publication, *, seat: Seat, at: datetime) -> Publication:
    """Take its time away; it leaves the slot it filled. Refused once a tool has it."""
    seat.require("publication.schedule")
    item, publication = hold(publication)
    require_schedulable(publication)
    if publication.state in states.HANDED_OVER:
        raise Refused([Refusal("not_to_be_scheduled", {"state": publication.state})])
    if publication.publish_at is None:
        return publication
    slot = Slot.objects.select_for_update(of=("self",)).filter(publication=publication).first()
    if slot is not None:
        slot.publication, slot.version = None, slot.version + 1
        slot.save(update_fields=["publication", "version"])
    noted = _set(publication, dict.fromkeys(FIELDS, "") | {"publish_at": None}, seat, at)
    more = {"slot": slot.public_id} if slot else {}
    return _record(item, publication, seat, at, changes=noted, **more)


@transaction.atomic
def undo_schedule(event: Event, item: ContentItem, *, seat: Seat, at: datetime) -> ContentItem:
    """Give back the time that the event took, where nobody has given another one since.

    Raises Refused: later than 30 s, somebody else's change, or overtaken.
    """
    if event.actor_id != seat.user.pk or event.subject != item.public_id:
        raise Refused([Refusal("undo_overtaken")])
    if at - event.recorded_at > UNDO_ACCEPTED:
        raise Refused([Refusal("undo_too_late")])
    rows = Publication.objects.filter(item=item, public_id=event.data["publication"])
    found = rows.select_related("item", "channel").first()
    if found is None:
        raise Refused([Refusal("undo_overtaken")])
    item, publication = hold(found)
    require_schedulable(publication)
    changes = event.data["changes"]
    if any(_plain(getattr(publication, name)) != pair[1] for name, pair in changes.items()):
        raise Refused([Refusal("undo_overtaken")])
    before = {name: _value(name, pair[0]) for name, pair in changes.items()}
    slot = _slot_of(publication, event)
    noted = _set(publication, before, seat, at)
    if slot is not None:
        _bring_back(slot, publication)
    _record(item, publication, seat, at, changes=noted, voids=event.seq)
    return item


def is_time_change(data: Mapping[str, Any]) -> bool:
    """Whether a `publication.changed` changed its time and nothing else."""
    return bool(data.get("changes")) and set(data["changes"]) <= set(FIELDS)


def require_schedulable(publication: Publication) -> None:
    """Refused for one that is out, called off, or about to go out."""
    state = publication.state
    if state in _TOO_LATE or Act.EDIT not in states.allowed(state):
        raise Refused([Refusal("not_to_be_scheduled", {"state": state})])


def require_future(when: WallTime, at: datetime, field: str = "publish_at") -> None:
    if when.at < at - SLACK:
        raise Invalid({field: [("past", _("This time has passed. Choose one still to come."))]})


def waiver(channel: Any, when: WallTime, *, seat: Seat, at: datetime, reason: str) -> str:
    """The reason that has to be kept for this time: "" inside a window.

    Raises Refused outside one without a reason, NotAllowed when the reason is not an owner's.
    """
    reason = parts.line_of("waive", reason, limit=300)
    if channel is None:
        return ""
    refusal = windows.refusal_for(
        channel,
        when.at,
        zone=seat.workspace.time_zone,
        now=at,
        hours=windows.hours_of(channel),
    )
    if refusal is None:
        return ""
    if not reason:
        raise Refused([refusal])
    if not seat.may("window.waive"):
        raise NotAllowed("window.waive")
    return reason


def place(slot: Slot, when: WallTime, waived: str) -> None:
    """Write the time into the held slot."""
    slot.starts_local, slot.time_zone, slot.starts_at = when.local, when.zone, when.at
    slot.time_note, slot.waived_reason = when.note, waived
    slot.version += 1
    slot.save()


def _values(when: WallTime, waived: str) -> dict[str, Any]:
    return {
        "publish_local": when.local,
        "time_zone": when.zone,
        "publish_at": when.at,
        "time_note": when.note,
        "waived_reason": waived,
    }


def _set(
    publication: Publication, values: Mapping[str, Any], seat: Seat, at: datetime
) -> dict[str, list[Any]]:
    noted = {}
    for name, value in values.items():
        old = getattr(publication, name)
        if old != value:
            noted[name] = [_plain(old), _plain(value)]
            setattr(publication, name, value)
    is_theirs = publication.waived_reason and seat.may("window.waive")
    publication.waived_by = seat.user if is_theirs else None
    publication.overdue_told_at = None  # a new time may be missed anew
    publication.version += 1
    publication.updated_at, publication.by = at, seat.user
    publication.save()
    return noted


def _slot_of(publication: Publication, event: Event) -> Slot | None:
    """The slot that was moved along with it, or that it was taken out of."""
    rows = Slot.objects.select_for_update(of=("self",))
    if left := event.data.get("slot"):
        return rows.filter(public_id=left, publication=None, cancelled_at=None).first()
    return rows.filter(publication=publication).first()


def _bring_back(slot: Slot, publication: Publication) -> None:
    if publication.publish_at is None:
        slot.publication = None
        slot.version += 1
        slot.save(update_fields=["publication", "version"])
        return
    slot.publication = publication
    when = WallTime(
        publication.publish_local,
        publication.time_zone,
        publication.publish_at,
        publication.time_note,
    )
    place(slot, when, publication.waived_reason)


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def _value(name: str, plain: Any) -> Any:
    return parse_datetime(plain) if name == "publish_at" and plain else plain


def _record(
    item: ContentItem, publication: Publication, seat: Seat, at: datetime, **data: Any
) -> Publication:
    record("publication.changed", item, publication, by=seat.user, at=at, **data)
    return publication
