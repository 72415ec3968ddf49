"""Slots and publications of some days, as the calendar shows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from production import mix
from production.models import Channel, ContentItem, Format, Label, Publication, Slot, Workspace
from production.presets.plan import NEW_MESSAGE
from production.publications import states

EMPTY, PLANNED, SCHEDULED, PUBLISHED = "empty", "planned", "scheduled", "published"
# What somebody sees of a publication: one of three looks, and the word for it.
_LOOKS: dict[str, tuple[str, Any]] = {
    states.DRAFT: (PLANNED, _("planned")),
    states.IN_REVIEW: (PLANNED, _("in review")),
    states.READY: (PLANNED, _("ready")),
    states.ON_HOLD: (PLANNED, _("on hold")),
    states.FAILED: (PLANNED, _("failed")),
    states.NEEDS_ATTENTION: (PLANNED, _("needs attention")),
    states.LEASED: (SCHEDULED, _("claimed")),
    states.SCHEDULED: (SCHEDULED, _("scheduled")),
    states.PUBLISHING: (SCHEDULED, _("going out")),
    states.UNCONFIRMED: (SCHEDULED, _("unconfirmed")),
    states.PUBLISHED: (PUBLISHED, _("published")),
}
_ALARMS = frozenset({states.UNCONFIRMED, states.FAILED, states.NEEDS_ATTENTION})
_GONE = (states.CANCELLED, states.REMOVED)
_NEW = frozenset(name.casefold() for name in NEW_MESSAGE)


@dataclass(frozen=True, slots=True)
class Note:
    tone: str  # "", late or stop
    text: Any


@dataclass(slots=True)
class Entry:
    """One place in the calendar. `at` is on the clock of the workspace."""

    at: datetime
    channel: Channel
    look: str
    word: Any
    slot: Slot | None = None
    publication: Publication | None = None
    notes: list[Note] = field(default_factory=list)
    movable: bool = False
    is_missed: bool = False  # its time has passed, and it is not out

    @property
    def day(self) -> date:
        return self.at.date()

    @property
    def clock(self) -> str:
        return f"{self.at:%H:%M}"

    @property
    def item(self) -> ContentItem | None:
        return self.publication.item if self.publication else None

    @property
    def id(self) -> str:
        """The public id of the publication, else of the slot."""
        return str((self.publication or self.slot).public_id)  # type: ignore[union-attr]

    @property
    def version(self) -> int:
        return (self.publication or self.slot).version  # type: ignore[union-attr]

    @property
    def format(self) -> Format | None:
        return self.item.format if self.item else self.slot.format  # type: ignore[union-attr]

    @property
    def pillar_id(self) -> int | None:
        own = self.item.pillar_id if self.item else None
        return own or (self.slot.pillar_id if self.slot else None)

    @property
    def is_experiment(self) -> bool:
        is_variant = bool(self.publication and self.publication.variant)
        return is_variant or bool(self.slot and self.slot.is_experiment)

    @property
    def traits(self) -> frozenset[mix.Counts]:
        """What else than a piece it counts as in the week's mix."""
        kinds = {self.item and self.item.content_type, self.slot and self.slot.content_type}
        says = {self.slot.note.casefold()} if self.slot else set()
        if self.item:
            says |= {label.name.casefold() for label in self.item.labels.all()}
        return mix.traits(
            (kind for kind in kinds if kind),
            format_state=self.format.state if self.format else "",
            is_experiment=self.is_experiment,
            is_new=bool(says & _NEW),
        )


def entries_of(
    workspace: Workspace, begins: datetime, ends: datetime, now: datetime
) -> list[Entry]:
    """Everything between the two moments, earliest first; three queries, whatever there is."""
    place = ZoneInfo(workspace.time_zone)
    slots = Slot.objects.filter(
        workspace=workspace, starts_at__gte=begins, starts_at__lt=ends, cancelled_at=None
    ).select_related("channel", "format", "pillar", "publication")
    within = Q(publish_at__gte=begins, publish_at__lt=ends) | Q(
        publish_at=None, published_at__gte=begins, published_at__lt=ends
    )
    labels = Prefetch("item__labels", Label.objects.only("name"))
    publications = list(
        Publication.objects.filter(within, workspace=workspace, channel__isnull=False)
        .exclude(state__in=_GONE)
        .select_related("channel", "item__stage", "item__format")
        .prefetch_related(labels)
    )
    by_id = {each.pk: each for each in publications}
    filled = {slot.publication_id: slot for slot in slots if slot.publication_id in by_id}
    found = [_of_publication(each, filled.get(each.pk), place, now) for each in publications]
    found += [_of_slot(slot, place, now) for slot in slots if is_empty(slot)]
    for each in found:
        if each.item:
            each.item.workspace = workspace
    return sorted(found, key=lambda each: (each.at, each.id))


def is_empty(slot: Slot) -> bool:
    """Whether the slot may be filled: nothing has it, or what had it was called off."""
    return slot.publication is None or slot.publication.state in _GONE


def _of_slot(slot: Slot, place: ZoneInfo, now: datetime) -> Entry:
    return Entry(
        slot.starts_at.astimezone(place),
        slot.channel,
        EMPTY,
        _("empty"),
        slot=slot,
        notes=list(_time_notes(slot.time_note)),
        movable=True,
        is_missed=slot.starts_at < now,
    )


def _of_publication(
    publication: Publication, slot: Slot | None, place: ZoneInfo, now: datetime
) -> Entry:
    look, word = _LOOKS[publication.state]
    is_out = look == PUBLISHED
    at = (publication.published_at if is_out else None) or publication.publish_at
    missed = look == PLANNED and at is not None and at < now
    return Entry(
        at.astimezone(place),  # type: ignore[union-attr]
        publication.channel,  # type: ignore[arg-type]
        look,
        word,
        slot=slot,
        publication=publication,
        notes=list(_notes(publication, look, missed)),
        movable=not is_out and publication.state not in (states.PUBLISHING, states.UNCONFIRMED),
        is_missed=missed,
    )


def _notes(publication: Publication, look: str, missed: bool) -> Iterator[Note]:
    if publication.variant:
        yield Note("", _("variant %(name)s") % {"name": publication.variant})
    if look == PUBLISHED:
        return
    if publication.state in _ALARMS:
        yield Note("stop", _("look at the card"))
    if missed:
        yield Note("late", _("its time has passed"))
    yield from _notes_of_item(publication.item, look)
    if publication.waived_reason:
        yield Note("", _("outside: %(reason)s") % {"reason": publication.waived_reason})
    yield from _time_notes(publication.time_note)


def _notes_of_item(item: ContentItem, look: str) -> Iterator[Note]:
    if item.archived_at:
        yield Note("stop", _("archived"))
    if item.blocked_at:
        yield Note("stop", _("blocked: %(reason)s") % {"reason": item.blocked_reason})
    if look == PLANNED:
        yield Note("", _("in %(stage)s") % {"stage": item.stage.name})


def _time_notes(note: str) -> Iterator[Note]:
    if note:
        yield Note("late", Publication.TimeNote(note).label)
