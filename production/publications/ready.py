"""Whether a publication may go out, and saying so: the one way to `ready`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from production import gates, signatures
from production.errors import Refused
from production.models import ContentItem, Gate, Publication, User
from production.publications import content, links, readiness, states
from production.publications.held import hold, record, save, turn
from production.rules import OpenGate, Refusal, order
from production.windows.rules import hours_of, refusal_for

REPEATS_WITHIN = timedelta(hours=24)
# The signature is asked for on the publication itself; being out cannot come before going out.
_ELSEWHERE = (Gate.Check.REVIEW, Gate.Check.OUT)


def missing(publication: Publication) -> list[Refusal]:
    """Every reason why it may not go out yet; empty when it may be made ready."""
    return readiness.missing(facts_of(publication))


@transaction.atomic
def mark_ready(publication: Publication, *, by: User, at: datetime) -> Publication:
    """It may go out as it is. Twice is once; Refused with every reason why not."""
    item, publication = hold(publication)
    if publication.state == states.READY:
        return publication
    turn(publication, states.Act.MAKE_READY)
    content.refresh(publication)
    if reasons := missing(publication):
        raise Refused(reasons)
    save(publication, by=by, at=at)
    record("publication.ready", item, publication, by=by, at=at, digest=publication.content_digest)
    return publication


def facts_of(publication: Publication) -> readiness.Facts:
    item = publication.item
    signed = signatures.on_publication(publication)
    return readiness.Facts(
        has_channel=publication.channel_id is not None,
        has_content=bool(publication.title or publication.caption or _has_media(publication)),
        has_time=publication.publish_at is not None,
        has_primary_kpi=item.primary_kpi_id is not None,
        signatures=signed.have,
        signatures_needed=signed.need,
        open_gates=_definition_of_done(item),
        bare_links=links.bare(publication),
        outside=_outside(publication),
        waived=bool(publication.waived_reason),
        archived=item.archived_at is not None,
        blocked_reason=item.blocked_reason,
        repeats=_repeated(publication),
    )


def _definition_of_done(item: ContentItem) -> list[OpenGate]:
    """The gates up to the stages of publishing that the item has not passed."""
    asked = [
        gate
        for gate in gates.of_board(item.board_id)
        if order(gate.stage.kind) <= order("publish")
        and gate.channel_id in (None, item.channel_id)
        and gate.check_kind not in _ELSEWHERE
    ]
    return [
        OpenGate(
            line.gate.public_id,
            line.gate.label,
            line.gate.stage.name,
            line.state.have,
            line.state.need,
        )
        for line in gates.lines(item, asked)
        if not line.state.met
    ]


def _has_media(publication: Publication) -> bool:
    return publication.media.exists() or publication.item.assets.filter(role="main").exists()


def _outside(publication: Publication) -> Refusal | None:
    """Why the time does not suit the channel's windows; None when it does, or there is none."""
    channel, moment = publication.channel, publication.publish_at
    if channel is None or moment is None:
        return None
    zone, hours = publication.item.workspace.time_zone, hours_of(channel)
    return refusal_for(channel, moment, zone=zone, now=moment, hours=hours)


def _repeated(publication: Publication) -> str:
    """The key of an item with the same caption and media on this channel within a day, if any."""
    if publication.allow_duplicate or publication.publish_at is None:
        return ""
    near = (publication.publish_at - REPEATS_WITHIN, publication.publish_at + REPEATS_WITHIN)
    others = (
        Publication.objects.filter(
            channel=publication.channel_id, caption=publication.caption, publish_at__range=near
        )
        .exclude(pk=publication.pk)
        .exclude(state__in=(states.CANCELLED, states.REMOVED, states.DRAFT, states.IN_REVIEW))
        .select_related("item__workspace")
        .order_by("id")
    )
    shown = content.media_of(publication)
    return next((each.item.key for each in others if content.media_of(each) == shown), "")
