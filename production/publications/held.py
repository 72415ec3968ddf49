"""What the verbs on a publication share: its locks, its row, its line in the log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from production import digests, events, faults
from production.errors import Invalid, Refused
from production.locks import hold_board
from production.models import ContentItem, Event, Lease, Publication, User
from production.publications import states
from production.rules import Refusal

_CLOSED = {
    states.PUBLISHED: "already_out",
    states.REMOVED: "publication_removed",
    states.CANCELLED: "publication_cancelled",
    states.UNCONFIRMED: "publication_unconfirmed",
}


def hold_item(item: ContentItem) -> ContentItem:
    """A delivery changes what a move looks at: the board first, as movers do."""
    hold_board(item.board_id)
    return digests.held(item)


def hold(publication: Publication) -> tuple[ContentItem, Publication]:
    """The publication read anew with its channel, and its item, both held.

    The order is board, item, publication, workspace; a claim holds the last two only.
    """
    item = hold_item(publication.item)
    found = locked(Publication.objects.select_related("channel")).get(pk=publication.pk)
    found.item = item
    return item, found


def locked(rows: QuerySet[Publication], *, skip: bool = False) -> QuerySet[Publication]:
    """The same rows, held when they are read; with `skip` those that others hold are left out."""
    if not connection.features.has_select_for_update or faults.is_on("no-publication-lock"):
        return rows
    skips = skip and connection.features.has_select_for_update_skip_locked
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=skips)


def turn(publication: Publication, act: states.Act) -> str:
    """Bring the state to what the act leads to, in memory; the state it had.

    Raises Refused when the act does not belong there.
    """
    before = publication.state
    try:
        publication.state = states.after(before, act)
    except states.NotFromHere:
        code = _CLOSED.get(before, "publication_elsewhere")
        refusal = Refusal(code, {"state": str(publication.get_state_display())})
        raise Refused([refusal]) from None
    return before


def save(publication: Publication, *, by: User | None, at: datetime) -> None:
    """Write the row as a new version. Raises Invalid for an address that another one has."""
    publication.version += 1
    publication.updated_at = at
    if by is not None:
        publication.by = by
    others = Publication.objects.filter(channel=publication.channel_id).exclude(pk=publication.pk)
    sentence = _("Another publication has this address.")
    refused = Invalid({"permalink": [("taken", sentence)]})
    addressed = publication.channel_id and publication.permalink
    if addressed and others.filter(permalink=publication.permalink).exists():
        raise refused
    try:
        with transaction.atomic():
            publication.save()
    except IntegrityError:  # somebody on another board was faster by a moment
        raise refused from None


def end_claim(publication: Publication, at: datetime) -> None:
    """Whoever has claimed it has it no longer: what they report from now on is late."""
    Lease.objects.filter(publication=publication, state__in=Lease.HOLDING).update(
        state=Lease.State.ENDED, ended_at=at
    )
    publication.confirm_by = None


def record(
    type: str,
    item: ContentItem,
    publication: Publication,
    *,
    by: User | None,
    at: datetime,
    actor_name: str = "",
    **data: Any,
) -> Event:
    """Append the event; every one names publication, channel, state and version."""
    said = line(type, item, publication, by=by, at=at, actor_name=actor_name, **data)
    return events.record_many([said], workspace_id=item.workspace_id)[0]


def line(
    type: str,
    item: ContentItem,
    publication: Publication,
    *,
    by: User | None,
    at: datetime,
    actor_name: str = "",
    **data: Any,
) -> events.Line:
    """What `record` appends, for those who append many at once."""
    channel = publication.channel.public_id if publication.channel else None
    said = {
        "publication": publication.public_id,
        "channel": channel,
        "state": publication.state,
        "version": publication.version,
        **data,
    }
    return events.Line(type, item.public_id, at, said, item.board_id, by, actor_name)
