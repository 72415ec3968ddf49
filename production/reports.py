"""What a scheduler says of a publication it has claimed, and what follows from it.

The hard answer is neither success nor failure but "unknown": it is kept as `unconfirmed`, and never
becomes ready again by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from production import plan
from production.errors import Invalid, Refused
from production.models import Channel, ContentItem, Lease, Publication, Report
from production.permissions import Seat
from production.publications import evidence, states
from production.publications.held import hold, record, save, turn
from production.publications.out import deliver, moment_of
from production.publications.states import Act
from production.publications.texts import checked
from production.rules import Refusal

Status = Report.Status
REASONS = (
    *("token_expired", "permission", "validation", "media_rejected", "media_unreachable"),
    *("duplicate_detected", "rate_limited", "platform_down", "moderation_rejected"),
    *("account_restricted", "timeout", "cancelled_by_user", "other"),
)
# After these the tool cannot publish there at all until somebody reconnects it.
DISCONNECTS = ("token_expired", "permission", "account_restricted")
GRACE_SHARE = 4  # what is being published has a quarter of the grace of what is scheduled


@dataclass(frozen=True, slots=True)
class Said:
    """A report as it came, checked for shape by the door."""

    status: str
    report_id: str
    occurred_at: datetime
    content_digest: str = ""
    scheduled_for: datetime | None = None
    published_at: datetime | None = None
    mode: str = Publication.Mode.AUTOMATIC
    external_id: str = ""
    external_id_pending: bool = False
    publish_handle: str = ""
    permalink: str = ""
    tool_name: str = ""
    tool_ref: str = ""
    reason: Mapping[str, Any] = field(default_factory=dict)
    outcome_known: bool = True
    retryable: bool = False
    retry_after: datetime | None = None
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of a report; `stale` when the claim was over: kept as evidence at most."""

    publication: Publication
    report: Report | None
    stale: bool = False

    @property
    def warnings(self) -> list[str]:
        return list(self.report.warnings) if self.report else []


@transaction.atomic
def receive(lease: Lease, *, fence: int, said: Said, seat: Seat, at: datetime) -> Heard:
    """Take a report in; the same one again changes nothing and is answered the same.

    From a claim that is over only `published` is kept, as evidence: it did happen. Everything else
    of it changes nothing. Raises Refused for what cannot follow the present state, Invalid.
    """
    item, publication = hold(lease.publication)
    lease = Lease.objects.get(pk=lease.pk)
    known = Report.objects.filter(lease=lease, status=said.status, report_id=said.report_id).first()
    if known is not None:
        return Heard(publication, known, stale=not known.accepted)
    if _is_over(lease, fence, publication, at):
        if said.status != Status.PUBLISHED:
            return Heard(publication, None, stale=True)
        kept = _keep(publication, lease, said, seat, at, accepted=False, warnings=["stale_fence"])
        evidence.of_an_earlier_holder(publication, item, kept, at)
        return Heard(publication, kept, stale=True)

    again = said.status == Status.PUBLISHED and publication.state == states.PUBLISHED
    warnings = _warnings(said, publication, lease)
    if again:
        warnings.append("already_published")
    else:
        _HEARD[Status(said.status)](publication, item, lease, said, seat, at)
    return Heard(publication, _keep(publication, lease, said, seat, at, warnings=warnings))


@transaction.atomic
def add_external(
    publication: Publication, *, external_id: str, permalink: str, seat: Seat, at: datetime
) -> Publication:
    """The id or address on the platform, known only later. Raises Refused when it is not out."""
    item, publication = hold(publication)
    if publication.state not in (states.PUBLISHED, states.REMOVED, states.UNCONFIRMED):
        raise Refused([Refusal("not_out_yet")])
    noted: dict[str, list[Any]] = {}
    wanted = {"external_id": external_id, **checked({"permalink": permalink})}
    for name, value in wanted.items():
        if value and value != getattr(publication, name):
            noted[name] = [getattr(publication, name), value]
            setattr(publication, name, value)
    if not noted:
        return publication
    _require_free(publication)
    publication.external_id_pending = False
    save(publication, by=seat.user, at=at)
    record("publication.changed", item, publication, by=seat.user, at=at, changes=noted)
    return publication


def _is_over(lease: Lease, fence: int, publication: Publication, at: datetime) -> bool:
    ran_out = lease.state == Lease.State.ACTIVE and lease.expires_at and lease.expires_at <= at
    is_current = fence == lease.fence == publication.fence
    # A report may follow the one that ended the claim: the same tool says more of the same post.
    said_before = lease.state == Lease.State.ENDED and publication.state in (
        states.PUBLISHED, states.REMOVED,
    )  # fmt: skip
    return bool(ran_out) or not is_current or (lease.state not in Lease.HOLDING and not said_before)


def _warnings(said: Said, publication: Publication, lease: Lease) -> list[str]:
    handed_over = said.content_digest or lease.content_digest
    if handed_over == publication.content_digest:
        return []
    return ["published_stale_version" if said.status == Status.PUBLISHED else "stale_version"]


def _keep(
    publication: Publication,
    lease: Lease,
    said: Said,
    seat: Seat,
    at: datetime,
    *,
    accepted: bool = True,
    warnings: list[str],
) -> Report:
    return Report.objects.create(
        workspace_id=publication.workspace_id,
        publication=publication,
        lease=lease,
        fence=lease.fence,
        status=said.status,
        report_id=said.report_id,
        accepted=accepted,
        warnings=warnings,
        body=dict(said.body),
        occurred_at=said.occurred_at,
        received_at=at,
        by=seat.user,
    )


def _scheduled(
    publication: Publication, item: ContentItem, lease: Lease, said: Said, seat: Seat, at: datetime
) -> None:
    turn(publication, Act.SCHEDULED)
    publication.scheduled_for = said.scheduled_for or publication.publish_at
    _note_tool(publication, said)
    due = publication.scheduled_for or at
    publication.confirm_by = max(due, at) + grace(item)
    _keep_claim(lease)
    save(publication, by=None, at=at)
    record(
        "publication.scheduled",
        item,
        publication,
        by=seat.user,
        at=at,
        scheduled_for=publication.scheduled_for,
        tool=publication.tool_name,
    )


def _publishing(
    publication: Publication, item: ContentItem, lease: Lease, said: Said, seat: Seat, at: datetime
) -> None:
    turn(publication, Act.PUBLISHING)
    _note_tool(publication, said)
    publication.confirm_by = at + grace(item) / GRACE_SHARE
    _keep_claim(lease)
    save(publication, by=None, at=at)
    record(
        "publication.publishing", item, publication, by=seat.user, at=at, tool=publication.tool_name
    )


def _published(
    publication: Publication, item: ContentItem, lease: Lease, said: Said, seat: Seat, at: datetime
) -> None:
    _note_tool(publication, said)
    publication.external_id = said.external_id
    publication.external_id_pending = said.external_id_pending and not said.external_id
    publication.publish_handle = said.publish_handle
    publication.permalink = checked({"permalink": said.permalink})["permalink"]
    publication.mode = said.mode
    publication.reported_digest = said.content_digest or lease.content_digest
    publication.confirm_by = None
    _require_free(publication)
    moment = moment_of(item, said.published_at or said.occurred_at, at)
    _end(lease, at)
    channel = publication.channel
    if channel and channel.disconnected_at and said.mode == Publication.Mode.AUTOMATIC:
        plan.connected(channel, by=seat.user, at=at)
    deliver(publication, item, moment, by=seat.user, at=at, tool=publication.tool_name)


def _failed(
    publication: Publication, item: ContentItem, lease: Lease, said: Said, seat: Seat, at: datetime
) -> None:
    if not said.outcome_known:
        _unconfirmed(publication, item, lease, said, seat, at)
        return
    turn(publication, Act.FAILED if said.retryable else Act.FAILED_FOR_GOOD)
    publication.failure = dict(said.reason)
    publication.attempts += 1
    publication.retry_after = said.retry_after if said.retryable else None
    publication.confirm_by = publication.scheduled_for = None
    _note_tool(publication, said)
    _end(lease, at)
    save(publication, by=None, at=at)
    is_lost = said.reason.get("code") in DISCONNECTS and _disconnect(publication, said, at)
    event = record(
        "publication.failed",
        item,
        publication,
        by=seat.user,
        at=at,
        reason=said.reason.get("code", "other"),
        retryable=said.retryable,
        retry_after=publication.retry_after,
    )
    if publication.state == states.NEEDS_ATTENTION:
        evidence.alarm(event, item)
    if is_lost and publication.channel:
        evidence.disconnected(publication.channel, item, by=seat.user, at=at)


def _unconfirmed(
    publication: Publication, item: ContentItem, lease: Lease, said: Said, seat: Seat, at: datetime
) -> None:
    turn(publication, Act.UNCONFIRMED)
    publication.failure = dict(said.reason)
    publication.confirm_by = None
    _note_tool(publication, said)
    _keep_claim(lease)
    save(publication, by=None, at=at)
    event = record(
        "publication.unconfirmed",
        item,
        publication,
        by=seat.user,
        at=at,
        reason=said.reason.get("code", "timeout"),
    )
    evidence.alarm(event, item)


def _cancelled(
    publication: Publication, item: ContentItem, lease: Lease, said: Said, seat: Seat, at: datetime
) -> None:
    before = turn(publication, Act.CANCEL)
    publication.confirm_by = None
    _end(lease, at)
    save(publication, by=None, at=at)
    reason = str(said.reason.get("message", ""))[:300]
    record(
        "publication.cancelled",
        item,
        publication,
        by=seat.user,
        at=at,
        reason=reason,
        was=before,
    )


def _removed(
    publication: Publication, item: ContentItem, lease: Lease, said: Said, seat: Seat, at: datetime
) -> None:
    turn(publication, Act.REMOVED)
    save(publication, by=None, at=at)
    record("publication.taken_down", item, publication, by=seat.user, at=at)


_HEARD = {
    Status.SCHEDULED: _scheduled,
    Status.PUBLISHING: _publishing,
    Status.PUBLISHED: _published,
    Status.FAILED: _failed,
    Status.UNCONFIRMED: _unconfirmed,
    Status.CANCELLED: _cancelled,
    Status.REMOVED: _removed,
}


def grace(item: ContentItem) -> timedelta:
    """How long after its time a missing report is an alarm."""
    return timedelta(minutes=item.workspace.grace_minutes)


def _note_tool(publication: Publication, said: Said) -> None:
    publication.tool_name = said.tool_name or publication.tool_name
    publication.tool_ref = said.tool_ref or publication.tool_ref


def _keep_claim(lease: Lease) -> None:
    """From the first report on the claim does not run out: the tool has it."""
    lease.state, lease.expires_at = Lease.State.KEPT, None
    lease.save(update_fields=["state", "expires_at"])


def _end(lease: Lease, at: datetime) -> None:
    lease.state, lease.ended_at = Lease.State.ENDED, at
    lease.save(update_fields=["state", "ended_at"])


def _require_free(publication: Publication) -> None:
    others = Publication.objects.filter(channel=publication.channel_id).exclude(pk=publication.pk)
    if publication.external_id and others.filter(external_id=publication.external_id).exists():
        sentence = _("Another publication of this channel has this id.")
        raise Invalid({"external_id": [("taken", sentence)]})


def _disconnect(publication: Publication, said: Said, at: datetime) -> bool:
    """Whether the channel was connected until now. Written before the log is, as `plan` does."""
    channel = publication.channel
    if channel is None:
        return False
    channel.disconnected_at = at
    channel.disconnected_reason = str(said.reason.get("message", ""))[:300]
    return bool(
        Channel.objects.filter(pk=channel.pk, disconnected_at=None).update(
            disconnected_at=at,
            disconnected_reason=channel.disconnected_reason,
            version=F("version") + 1,
            updated_at=at,
        )
    )
