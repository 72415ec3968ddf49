"""Whether a publication may go out, and saying so: the one way to `ready`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from production import gates, signatures
from production.errors import Refused
from production.models import ContentItem, Gate, Publication, User
from production.publications import content, links, readiness, states
from production.publications.held import hold, record, save, turn
from production.rules import OpenGate, Refusal, order
from production.windows.rules import Hours, hours_of_channels, refusal_for

REPEATS_WITHIN = timedelta(hours=24)
# The signature is asked for on the publication itself; being out cannot come before going out.
_ELSEWHERE = (Gate.Check.REVIEW, Gate.Check.OUT)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for many publications, by the key of what it belongs to."""

    gates: Mapping[int, Sequence[Gate]]  # of a board
    hours: Mapping[int, Sequence[Hours]]  # of a channel
    signed: Mapping[int, signatures.Signatures]  # of a publication
    near: Mapping[int, Sequence[Publication]]  # those with the same words, a publication's


def missing(publication: Publication) -> list[Refusal]:
    """Every reason why it may not go out yet; empty when it may be made ready."""
    return missing_of([publication])[publication.pk]


def missing_of(publications: Collection[Publication]) -> dict[int, list[Refusal]]:
    """The same for many, by key; what they share is read once."""
    boards = {each.item.board_id for each in publications}
    channels = {each.channel_id: each.channel for each in publications if each.channel}
    known = _Known(
        {board: gates.of_board(board) for board in boards},
        hours_of_channels(channels.values()),
        signatures.on_publications(publications),
        _near(publications),
    )
    return {each.pk: readiness.missing(_facts(each, known)) for each in publications}


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


def _facts(publication: Publication, known: _Known) -> readiness.Facts:
    item = publication.item
    signed = known.signed[publication.pk]
    return readiness.Facts(
        has_channel=publication.channel_id is not None,
        has_content=bool(publication.title or publication.caption or _has_media(publication)),
        has_time=publication.publish_at is not None,
        has_primary_kpi=item.primary_kpi_id is not None,
        signatures=signed.have,
        signatures_needed=signed.need,
        open_gates=_definition_of_done(item, known.gates[item.board_id]),
        bare_links=links.bare(publication),
        outside=_outside(publication, known.hours),
        waived=bool(publication.waived_reason),
        archived=item.archived_at is not None,
        blocked_reason=item.blocked_reason,
        repeats=_repeated(publication, known.near[publication.pk]),
    )


def _definition_of_done(item: ContentItem, of_board: Sequence[Gate]) -> list[OpenGate]:
    """The gates up to the stages of publishing that the item has not passed."""
    asked = [
        gate
        for gate in of_board
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


def _outside(publication: Publication, hours: Mapping[int, Sequence[Hours]]) -> Refusal | None:
    """Why the time does not suit the channel's windows; None when it does, or there is none."""
    channel, moment = publication.channel, publication.publish_at
    if channel is None or moment is None:
        return None
    zone = publication.item.workspace.time_zone
    return refusal_for(channel, moment, zone=zone, now=moment, hours=hours[channel.pk])


def _near(publications: Collection[Publication]) -> dict[int, list[Publication]]:
    """The publications that go out on the same channel within a day with the same caption."""
    found: dict[int, list[Publication]] = {each.pk: [] for each in publications}
    asked = [each for each in publications if each.publish_at and not each.allow_duplicate]
    if not asked:
        return found
    moments = [each.publish_at for each in asked if each.publish_at]
    others = (
        Publication.objects.filter(
            channel__in={each.channel_id for each in asked},
            caption__in={each.caption for each in asked},
            publish_at__range=(min(moments) - REPEATS_WITHIN, max(moments) + REPEATS_WITHIN),
        )
        .exclude(state__in=(states.CANCELLED, states.REMOVED, states.DRAFT, states.IN_REVIEW))
        .select_related("item__workspace")
        .order_by("id")
    )
    alike: dict[tuple[int | None, str], list[Publication]] = defaultdict(list)
    for other in others:
        alike[other.channel_id, other.caption].append(other)
    for each in asked:
        found[each.pk] = [
            other
            for other in alike[each.channel_id, each.caption]
            if other.pk != each.pk and _within_a_day(other, each)
        ]
    return found


def _within_a_day(one: Publication, other: Publication) -> bool:
    if one.publish_at is None or other.publish_at is None:
        return False
    return abs(one.publish_at - other.publish_at) <= REPEATS_WITHIN


def _repeated(publication: Publication, near: Sequence[Publication]) -> str:
    """The key of an item with the same caption and media on this channel within a day, if any."""
    if not near:
        return ""
    shown = content.media_of(publication)
    return next((each.item.key for each in near if content.media_of(each) == shown), "")
