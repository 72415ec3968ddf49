"""Claims of schedulers on publications: one at a time, fenced, and for a while.

The fencing number only grows, so that what an earlier holder says late can be told from what the
present one says (M. Kleppmann, "How to do distributed locking", 2016). `at` is the database's time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet

from production import events, faults, parts
from production.errors import Invalid, Refused, Stale
from production.models import Lease, Publication, Workspace
from production.permissions import Seat
from production.publications import states
from production.publications.held import line, locked, record
from production.publications.ready import missing, missing_of
from production.publications.states import Act
from production.rules import Refusal

SHORTEST, USUAL, LONGEST = 10, 900, 3600
MOST = 50  # claimed at once


@dataclass(frozen=True, slots=True)
class Client:
    """Who claims: the tool, and the run of it."""

    name: str
    run: str = ""
    token: int | None = None  # its key


@dataclass(frozen=True, slots=True)
class Skipped:
    """A publication that was asked for and is not to be had, with every reason."""

    publication: Publication
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """Which publications a batch may claim, the earliest first."""

    channels: Collection[int] | None = None  # keys; None: all
    due_before: datetime | None = None
    due_after: datetime | None = None


@transaction.atomic
def claim(
    publication: Publication,
    *,
    seat: Seat,
    client: Client,
    at: datetime,
    seconds: int = USUAL,
    version: int | None = None,
) -> Lease:
    """Claim this one. Raises Refused with every reason, Stale for another version."""
    found = _held([publication.pk], seat).get()
    _expire_if_due(found, at)
    if version is not None and version != found.version:
        raise Stale(found.version, {"content_digest": found.content_digest})
    if reasons := _refusals(found):
        raise Refused(reasons)
    faults.point("claim-allowed")
    return _lease([found], seat, client, at, seconds)[0]


@transaction.atomic
def claim_next(
    wish: Wish, *, seat: Seat, client: Client, at: datetime, most: int = 1, seconds: int = USUAL
) -> tuple[list[Lease], list[Skipped]]:
    """Claim up to `most` of what is ready, passing over what others are claiming right now.

    What turns out to lack something by now is a draft again, and said. What others have let run out
    is ready, whether or not the sweep has come by.
    """
    expire(at, workspace=seat.workspace)
    rows = Publication.objects.filter(workspace=seat.workspace, state=states.READY)
    if wish.channels is not None:
        rows = rows.filter(channel__in=wish.channels)
    if wish.due_before is not None:
        rows = rows.filter(publish_at__lt=wish.due_before)
    if wish.due_after is not None:
        rows = rows.filter(publish_at__gte=wish.due_after)
    ordered = rows.select_related("channel", "item__workspace").order_by("publish_at", "id")
    ready = list(locked(ordered, skip=True)[: min(most, MOST)])
    lacking = missing_of(ready)
    skipped = [Skipped(each, tuple(lacking[each.pk])) for each in ready if lacking[each.pk]]
    # What writes comes last and all at once: from the first event on everybody else of the
    # workspace waits.
    leases = _lease([each for each in ready if not lacking[each.pk]], seat, client, at, seconds)
    for each in skipped:
        _send_back(each.publication, at)
    return leases, skipped


@transaction.atomic
def extend(lease: Lease, *, at: datetime, seconds: int = USUAL) -> Lease:
    """Hold it longer, from now on. Raises Refused when it is over, or no longer expires."""
    _publication, lease = _mine(lease, at)
    if lease.state == Lease.State.ACTIVE:
        lease.expires_at = at + timedelta(seconds=_seconds(seconds))
        lease.save(update_fields=["expires_at"])
    return lease


@transaction.atomic
def release(lease: Lease, *, at: datetime) -> Lease:
    """Give it back: it is ready for others. Raises Refused when a report has been made of it."""
    publication, lease = _mine(lease, at)
    if lease.state == Lease.State.KEPT:
        raise Refused([Refusal("lease_reported")])
    _end(publication, lease, Lease.State.RELEASED, at)
    return lease


def expire(at: datetime, *, workspace: Workspace | None = None) -> int:
    """Give back every claim that has run out without a report; how many."""
    due = Lease.objects.filter(state=Lease.State.ACTIVE, expires_at__lte=at).order_by("expires_at")
    if workspace is not None:
        due = due.filter(workspace=workspace)
    ended = 0
    for publication_id in due.values_list("publication", flat=True)[:500]:
        with transaction.atomic():
            rows = Publication.objects.select_related("channel", "item__workspace")
            found = locked(rows, skip=True).filter(pk=publication_id).first()
            ended += found is not None and _expire_if_due(found, at)
    return ended


def holder_of(publication: Publication) -> Lease | None:
    """The claim that holds it, if any."""
    return Lease.objects.filter(publication=publication, state__in=Lease.HOLDING).first()


def _held(keys: Iterable[int], seat: Seat) -> QuerySet[Publication]:
    rows = Publication.objects.filter(pk__in=list(keys), workspace=seat.workspace)
    return locked(rows.select_related("channel", "item__workspace"))


def _refusals(publication: Publication) -> list[Refusal]:
    state = publication.state
    if state in states.HANDED_OVER and (lease := holder_of(publication)) is not None:
        until = lease.expires_at.isoformat() if lease.expires_at else ""
        return [Refusal("already_leased", {"holder": lease.client_name, "expires_at": until})]
    if state == states.ON_HOLD:
        return [Refusal("on_hold", {"reason": publication.hold_reason})]
    if state == states.READY:
        return missing(publication)
    if state in (states.DRAFT, states.IN_REVIEW):
        return missing(publication) or [Refusal("not_ready", {"state": state})]
    return [Refusal("not_ready", {"state": state})]


def _lease(
    publications: Sequence[Publication], seat: Seat, client: Client, at: datetime, seconds: int
) -> list[Lease]:
    """A claim on each of them, which are held and lack nothing."""
    until = at + timedelta(seconds=_seconds(seconds))
    name = parts.line_of("client", client.name, limit=100, required=True)
    run = parts.line_of("client", client.run, limit=200)
    for each in publications:
        each.state = states.after(each.state, Act.LEASE)
        each.fence += 1
        each.updated_at = at
    Publication.objects.filter(pk__in=[each.pk for each in publications]).update(
        state=states.LEASED, fence=F("fence") + 1, updated_at=at
    )
    leases = Lease.objects.bulk_create(
        Lease(
            workspace=seat.workspace,
            publication=each,
            token_id=client.token,
            user=seat.user,
            client_name=name,
            client_run=run,
            fence=each.fence,
            content_digest=each.content_digest,
            publication_version=each.version,
            created_at=at,
            expires_at=until,
        )
        for each in publications
    )
    events.record_many(
        [
            line(
                "publication.leased",
                lease.publication.item,
                lease.publication,
                by=seat.user,
                at=at,
                **_said(lease),
                expires_at=until,
            )
            for lease in leases
        ],
        workspace_id=seat.workspace.pk,
    )
    return leases


def _mine(lease: Lease, at: datetime) -> tuple[Publication, Lease]:
    """The claim and its publication, held; Refused when the claim is over."""
    rows = Publication.objects.select_related("channel", "item__workspace")
    publication = locked(rows).get(pk=lease.publication_id)
    _expire_if_due(publication, at)
    lease = Lease.objects.get(pk=lease.pk)
    if lease.state not in Lease.HOLDING:
        raise Refused([Refusal("lease_over", {"state": lease.state})])
    return publication, lease


def _expire_if_due(publication: Publication, at: datetime) -> bool:
    lease = holder_of(publication)
    if lease is None or lease.state != Lease.State.ACTIVE or not lease.expires_at:
        return False
    if lease.expires_at > at:
        return False
    _end(publication, lease, Lease.State.EXPIRED, at)
    return True


def _end(publication: Publication, lease: Lease, how: Lease.State, at: datetime) -> None:
    lease.state, lease.ended_at = how, at
    lease.save(update_fields=["state", "ended_at"])
    publication.state = states.after(publication.state, Act.RELEASE)
    publication.updated_at = at
    publication.save(update_fields=["state", "updated_at"])
    said = _said(lease) | {"reason": str(how)}
    record("publication.released", publication.item, publication, by=None, at=at, **said)


def _send_back(publication: Publication, at: datetime) -> None:
    """It was ready, and is no longer: an unticked gate, a window that has moved."""
    before = publication.state
    publication.state = states.after(before, Act.SEND_BACK)
    publication.version += 1
    publication.updated_at = at
    publication.save(update_fields=["state", "version", "updated_at"])
    changes = {"state": [before, publication.state]}
    record("publication.changed", publication.item, publication, by=None, at=at, changes=changes)


def _said(lease: Lease) -> dict[str, Any]:
    """What every event about a claim names."""
    return {"lease": lease.public_id, "fence": lease.fence, "holder": lease.client_name}


def _seconds(asked: int) -> int:
    if not SHORTEST <= asked <= LONGEST:
        raise Invalid({"ttl_seconds": [("out_of_range", f"{SHORTEST}–{LONGEST}")]})
    return asked
