"""The quality gate: a second person signs facts, brand and call to action on this content."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from production import digests, notices, parts, signatures
from production.errors import Invalid, Refused
from production.models import (
    ContentItem,
    GuestReviewer,
    Membership,
    Publication,
    Review,
    ReviewRequest,
    Role,
    User,
)
from production.permissions import TABLE
from production.publications import reviewed
from production.rules import Refusal


def reviewers_of(item: ContentItem) -> list[User]:
    """Everybody in the workspace who could sign the content as it is now."""
    seats = Membership.objects.filter(
        workspace=item.workspace_id, removed_at=None, role__in=TABLE["review.sign"]
    ).exclude(user=item.content_edited_by_id)
    return list(User.objects.filter(pk__in=seats.values("user")).order_by("name", "id"))


@transaction.atomic
def request(
    item: ContentItem,
    *,
    by: User,
    at: datetime,
    reviewer: User | None = None,
    note: str = "",
    due_at: datetime | None = None,
) -> ReviewRequest:
    """Ask for a signature on the content as it is now; an open request on older content ends.

    Without a reviewer everybody whose role is reviewing is told. Raises Invalid for a reviewer who
    cannot sign this content, Refused when it is asked about or signed already.
    """
    note = parts.line_of("note", note, limit=500)
    item = parts.held(item)
    digest = digests.refresh(item)
    if reviewer is not None and reviewer not in reviewers_of(item):
        raise Invalid({"reviewer": [_why_not(item, reviewer)]})
    if signatures.on_item(item).complete:
        raise Refused([Refusal("already_signed")])
    if (earlier := _open(item)) is not None:
        if earlier.digest == digest and earlier.reviewer == reviewer:
            return earlier
        _close(earlier, ReviewRequest.State.WITHDRAWN, at)
        parts.record("review.withdrawn", item, by=by, at=at, review=earlier.public_id)
    asked = ReviewRequest.objects.create(
        workspace=item.workspace,
        item=item,
        reviewer=reviewer,
        requested_by=by,
        note=note,
        due_at=due_at,
        digest=digest,
        content=digests.content_of(item),
        covers=_covers(item),
        created_at=at,
    )
    reviewed.asked(item, by=by, at=at)
    event = parts.record(
        "review.requested",
        item,
        by=by,
        at=at,
        review=asked.public_id,
        reviewer=reviewer.public_id if reviewer else None,
        digest=digest,
    )
    notices.tell(event, item, "review", [reviewer] if reviewer else _on_duty(item))
    return asked


@transaction.atomic
def withdraw(asked: ReviewRequest, *, by: User, at: datetime) -> ReviewRequest:
    """Nobody needs to look any more. Raises Refused when the request is closed."""
    item, asked = _held(asked)
    _require_open(asked)
    _close(asked, ReviewRequest.State.WITHDRAWN, at)
    reviewed.sent_back(item, by=by, at=at)
    parts.record("review.withdrawn", item, by=by, at=at, review=asked.public_id)
    return asked


@transaction.atomic
def sign(
    asked: ReviewRequest,
    *,
    by: User | GuestReviewer,
    at: datetime,
    facts: bool,
    brand: bool,
    cta: bool,
    comment: str = "",
    digest: str | None = None,
) -> Review:
    """Sign all three on exactly the content asked about; the last one needed ends the request.

    `digest` is what the reviewer has seen, when the door knows it. Raises Refused with every
    reason: own edit, not all three, content changed since, request closed, signed before.
    """
    comment = parts.text_of("comment", comment, limit=4_000)
    item, asked = _held(asked)
    present = digests.refresh(item)
    _require_open(asked)
    refused = []
    if isinstance(by, User) and item.content_edited_by_id == by.pk:
        refused.append(Refusal("own_edit"))
    if not (facts and brand and cta):
        refused.append(Refusal("needs_all_three"))
    if {asked.digest, digest or present} != {present}:
        refused.append(Refusal("review_outdated"))
    if _has_answered(item, by, present, Review.Verdict.APPROVED):
        refused.append(Refusal("already_answered"))
    if refused:
        raise Refused(refused)
    answer = _answer(asked, item, Review.Verdict.APPROVED, comment, by, at, (True, True, True))
    now = signatures.on_item(item)
    if now.complete:
        _close(asked, ReviewRequest.State.APPROVED, at)
        reviewed.signed(item, at=at, **_actor(by))
    event = parts.record(
        "review.approved",
        item,
        at=at,
        **_actor(by),
        review=asked.public_id,
        answer=answer.public_id,
        digest=present,
        signatures=now.have,
        needed=now.need,
        **_guest(by),
    )
    notices.tell(event, item, "answered", _asker(asked, by))
    return answer


@transaction.atomic
def request_changes(
    asked: ReviewRequest,
    *,
    by: User | GuestReviewer,
    at: datetime,
    comment: str,
    facts: bool = False,
    brand: bool = False,
    cta: bool = False,
    digest: str | None = None,
) -> Review:
    """Send the content back and say what should change; the request ends.

    Raises Refused without words, for a closed request, for the same answer twice, and where
    `digest` names other content than the request does.
    """
    comment = parts.text_of("comment", comment, limit=4_000).strip()
    item, asked = _held(asked)
    _require_open(asked)
    if not comment:
        raise Refused([Refusal("needs_comment")])
    if digest not in (None, asked.digest):
        raise Refused([Refusal("review_outdated")])
    if _has_answered(item, by, asked.digest, Review.Verdict.CHANGES):
        raise Refused([Refusal("already_answered")])
    answer = _answer(asked, item, Review.Verdict.CHANGES, comment, by, at, (facts, brand, cta))
    _close(asked, ReviewRequest.State.CHANGES, at)
    reviewed.sent_back(item, at=at, **_actor(by))
    event = parts.record(
        "review.changes_requested",
        item,
        at=at,
        **_actor(by),
        review=asked.public_id,
        answer=answer.public_id,
        digest=asked.digest,
        **_guest(by),
    )
    notices.tell(event, item, "answered", _asker(asked, by))
    return answer


def _covers(item: ContentItem) -> dict[str, str]:
    """The item's publications with what each shows now."""
    return dict(Publication.objects.filter(item=item).values_list("public_id", "content_digest"))


def _held(asked: ReviewRequest) -> tuple[ContentItem, ReviewRequest]:
    item = parts.held(asked.item)
    return item, ReviewRequest.objects.select_related("requested_by").get(pk=asked.pk)


def _open(item: ContentItem) -> ReviewRequest | None:
    return (
        ReviewRequest.objects.filter(item=item, state=ReviewRequest.State.OPEN)
        .select_related("reviewer")
        .first()
    )


def _require_open(asked: ReviewRequest) -> None:
    if asked.state != ReviewRequest.State.OPEN:
        raise Refused([Refusal("review_closed")])


def _close(asked: ReviewRequest, state: ReviewRequest.State, at: datetime) -> None:
    asked.state, asked.closed_at = state, at
    asked.save(update_fields=["state", "closed_at"])


def _answer(
    asked: ReviewRequest,
    item: ContentItem,
    verdict: Review.Verdict,
    comment: str,
    by: User | GuestReviewer,
    at: datetime,
    ticks: tuple[bool, bool, bool],
) -> Review:
    facts, brand, cta = ticks
    return Review.objects.create(
        request=asked,
        item=item,
        **_signer(by),
        guest_name="" if isinstance(by, User) else by.name,
        verdict=verdict,
        facts=facts,
        brand=brand,
        cta=cta,
        comment=comment,
        digest=asked.digest,
        at=at,
    )


def _has_answered(
    item: ContentItem, by: User | GuestReviewer, digest: str, verdict: Review.Verdict
) -> bool:
    rows = Review.objects.filter(item=item, digest=digest, verdict=verdict)
    return rows.filter(**_signer(by)).exists()


def _signer(by: User | GuestReviewer) -> dict[str, Any]:
    return {"reviewer": by} if isinstance(by, User) else {"guest": by}


def _actor(by: User | GuestReviewer) -> dict[str, Any]:
    """Whom the log names: a guest has a name and no account."""
    return {"by": by} if isinstance(by, User) else {"by": None, "actor_name": by.name}


def _guest(by: User | GuestReviewer) -> dict[str, Any]:
    return {} if isinstance(by, User) else {"guest": str(by.public_id)}


def _why_not(item: ContentItem, reviewer: User) -> tuple[str, str]:
    if reviewer.pk == item.content_edited_by_id:
        return "last_editor", _("%(name)s made the last edit. Ask somebody else.") % {
            "name": reviewer.name
        }
    return "does_not_exist", _("This person cannot review here.")


def _on_duty(item: ContentItem) -> list[User]:
    seats = Membership.objects.filter(
        workspace=item.workspace_id, removed_at=None, role=Role.REVIEWER
    )
    return list(User.objects.filter(pk__in=seats.values("user")))


def _asker(asked: ReviewRequest, by: User | GuestReviewer) -> list[User]:
    """Who asked, and who invited the guest that answers."""
    invited = [] if isinstance(by, User) else [by.created_by]
    return list({each.pk: each for each in (asked.requested_by, *invited) if each}.values())
