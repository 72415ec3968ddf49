"""What people decide about a publication: hold it, cancel it, try again, say what became of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from production import parts
from production.errors import Invalid, Refused
from production.models import Publication, User
from production.publications import states
from production.publications.held import end_claim, hold, record, save, turn
from production.publications.out import deliver, moment_of
from production.publications.ready import missing
from production.publications.states import Act
from production.publications.texts import checked


@transaction.atomic
def put_on_hold(publication: Publication, *, reason: str, by: User, at: datetime) -> Publication:
    """Stop it for now; a tool that has it is told. Raises Invalid without a reason, Refused."""
    reason = parts.line_of("reason", reason, limit=300, required=True)
    item, publication = hold(publication)
    publication.held_from = turn(publication, Act.HOLD)
    publication.hold_reason = reason
    end_claim(publication, at)
    save(publication, by=by, at=at)
    record(
        "publication.hold_requested",
        item,
        publication,
        by=by,
        at=at,
        reason=reason,
        held_from=publication.held_from,
    )
    return publication


@transaction.atomic
def reopen(publication: Publication, *, by: User, at: datetime) -> Publication:
    """Go on with what was held, cancelled, or needed somebody: it is a draft again, or what it was.

    One that was ready when it was held, and still could be, is ready.
    """
    item, publication = hold(publication)
    held_from = publication.held_from
    before = turn(publication, Act.REOPEN)
    was_ready = before == states.ON_HOLD and held_from in (states.READY, *states.HANDED_OVER)
    if was_ready and not missing(publication):
        turn(publication, Act.MAKE_READY)
    publication.hold_reason = publication.held_from = ""
    save(publication, by=by, at=at)
    record("publication.reopened", item, publication, by=by, at=at, was=before)
    return publication


@transaction.atomic
def cancel(publication: Publication, *, by: User, at: datetime, reason: str = "") -> Publication:
    """It shall not go out; a tool that has it is told. Raises Refused once it is going out."""
    reason = parts.line_of("reason", reason, limit=300)
    item, publication = hold(publication)
    before = turn(publication, Act.CANCEL)
    end_claim(publication, at)
    save(publication, by=by, at=at)
    parts.changed(item, by=by, at=at)
    record("publication.cancelled", item, publication, by=by, at=at, reason=reason, was=before)
    return publication


@transaction.atomic
def retry(publication: Publication, *, by: User | None, at: datetime) -> Publication:
    """What failed may be claimed again. Raises Refused with what is missing by now."""
    item, publication = hold(publication)
    act = Act.RETRY if publication.state == states.FAILED else Act.MAKE_READY
    turn(publication, act)
    if reasons := missing(publication):
        raise Refused(reasons)
    publication.retry_after = None
    save(publication, by=by, at=at)
    record("publication.ready", item, publication, by=by, at=at, digest=publication.content_digest)
    return publication


@transaction.atomic
def it_is_out(
    publication: Publication,
    *,
    by: User,
    at: datetime,
    published_at: datetime | None = None,
    permalink: str = "",
    evidence: str = "",
) -> Publication:
    """Somebody has looked: what was unconfirmed is out. Raises Invalid without any evidence."""
    permalink = checked({"permalink": permalink})["permalink"]
    evidence = parts.line_of("evidence", evidence, limit=300)
    if not permalink and not evidence:
        raise Invalid({"evidence": [("blank", _("Give its address, or say what you saw."))]})
    item, publication = hold(publication)
    moment = moment_of(item, published_at or publication.publish_at or at, at)
    publication.permalink = permalink or publication.permalink
    publication.mode = publication.mode or Publication.Mode.MANUAL
    end_claim(publication, at)
    deliver(publication, item, moment, by=by, at=at, evidence=evidence)
    return publication


@transaction.atomic
def it_is_not_out(
    publication: Publication, *, evidence: str, by: User, at: datetime
) -> Publication:
    """Somebody has looked: what was unconfirmed is not out, and may be claimed again."""
    evidence = parts.line_of("evidence", evidence, limit=300, required=True)
    item, publication = hold(publication)
    turn(publication, Act.NOT_OUT)
    end_claim(publication, at)
    if missing(publication):
        turn(publication, Act.SEND_BACK)
    publication.confirm_by = publication.scheduled_for = None
    save(publication, by=by, at=at)
    record("publication.resolved", item, publication, by=by, at=at, evidence=evidence)
    return publication
