"""Reviewers without an account: a secret link to one item, to look, comment, sign or send back."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from production import comments, digests, parts, reviews
from production.checks import check
from production.errors import Invalid, NotAllowed, Refused
from production.models import (
    Comment,
    ContentItem,
    GuestReviewer,
    Membership,
    Review,
    ReviewRequest,
    User,
)
from production.permissions import Seat
from production.rules import Refusal

VALID_FOR = timedelta(days=14)
LONGEST = timedelta(days=90)
MOST = 20  # open links of one item
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)  # 32 random bytes
_NOTE_SEEN_EVERY = timedelta(minutes=1)


class Standing(StrEnum):
    """What the link opens right now."""

    OPEN = "open"
    CHANGING = "changing"  # the content is no longer what was asked about
    ANSWERED = "answered"
    NOTHING = "nothing"  # nobody asks any more
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody under a link: who, to which item, what is asked about it, what they answered."""

    guest: GuestReviewer
    item: ContentItem
    asked: ReviewRequest | None
    answer: Review | None
    standing: Standing

    @property
    def is_open(self) -> bool:
        return self.standing in (Standing.OPEN, Standing.CHANGING)


@transaction.atomic
def invite(
    item: ContentItem,
    *,
    name: str,
    seat: Seat,
    at: datetime,
    email: str = "",
    expires_at: datetime | None = None,
) -> tuple[GuestReviewer, str]:
    """A link to this item alone, and its secret, which is never to be had again.

    Where nobody is asked about the present content, this asks. An earlier link of the same address
    to the item ends. Raises Invalid, NotAllowed, Refused (already_signed, limit_reached, archived).
    """
    seat.require("review.invite")
    name = parts.line_of("name", name, limit=100, required=True)
    email = email.strip().lower()
    expires_at = _end(expires_at, at)
    _require_outside(email, seat)
    item = parts.held(item)
    asked = _asked_now(item, by=seat.user, at=at)
    secret = secrets.token_urlsafe(32)
    guest = GuestReviewer(
        request=asked,
        name=name,
        email=email,
        digest=_digest(secret),
        created_at=at,
        created_by=seat.user,
        expires_at=expires_at,
    )
    check(guest, only=["name", "email"])
    replaced = _of_address(item, email, at)
    if links_of(item).filter(revoked_at=None, expires_at__gt=at).count() - len(replaced) >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    GuestReviewer.objects.filter(pk__in=[each.pk for each in replaced]).update(revoked_at=at)
    guest.save(force_insert=True)
    parts.record(
        "review.guest_invited",
        item,
        by=seat.user,
        at=at,
        review=asked.public_id,
        guest=guest.public_id,
        name=name,
        expires_at=expires_at,
        replaces=[each.public_id for each in replaced],
    )
    return guest, secret


@transaction.atomic
def revoke(guest: GuestReviewer, *, seat: Seat, at: datetime) -> GuestReviewer:
    """From the next request on the link opens nothing. What was signed stays. Twice is once."""
    seat.require("review.invite")
    item = guest.request.item
    if item.workspace_id != seat.workspace.pk:
        raise NotAllowed("review.invite")
    guest = GuestReviewer.objects.select_for_update(of=("self",)).get(pk=guest.pk)
    if guest.revoked_at is None:
        guest.revoked_at = at
        guest.save(update_fields=["revoked_at"])
        named = {"guest": guest.public_id, "name": guest.name}
        parts.record("review.guest_revoked", item, by=seat.user, at=at, **named)
    return guest


def find(secret: str, at: datetime) -> Visit | None:
    """What the link leads to, closed links too; None when there never was such a link."""
    if not _SECRET.fullmatch(secret):
        return None
    guest = (
        GuestReviewer.objects.filter(digest=_digest(secret))
        .select_related(
            "created_by", "request__item__workspace", "request__item__stage",
            "request__item__channel", "request__item__board",
        )
        .first()
    )  # fmt: skip
    return _visit(guest, at) if guest else None


def note_seen(visit: Visit, *, at: datetime) -> None:
    """Keep that the guest has looked, to the minute."""
    seen = visit.guest.seen_at
    if seen is None or at - seen >= _NOTE_SEEN_EVERY:
        GuestReviewer.objects.filter(pk=visit.guest.pk).update(seen_at=at)


@transaction.atomic
def sign(
    visit: Visit,
    *,
    at: datetime,
    facts: bool,
    brand: bool,
    cta: bool,
    digest: str,
    comment: str = "",
) -> Review:
    """Sign all three on exactly the content that was shown. Refused as for everybody else."""
    asked = _held(visit, at)
    ticks = {"facts": facts, "brand": brand, "cta": cta}
    return reviews.sign(asked, by=visit.guest, at=at, comment=comment, digest=digest, **ticks)


@transaction.atomic
def request_changes(
    visit: Visit,
    *,
    at: datetime,
    comment: str,
    digest: str,
    facts: bool = False,
    brand: bool = False,
    cta: bool = False,
) -> Review:
    """Send the content back with words; the request ends."""
    asked = _held(visit, at)
    ticks = {"facts": facts, "brand": brand, "cta": cta}
    return reviews.request_changes(
        asked, by=visit.guest, at=at, comment=comment, digest=digest, **ticks
    )


@transaction.atomic
def comment(visit: Visit, text: str, *, at: datetime) -> Comment:
    """Say something without answering; who asked and who invited are told."""
    asked = _held(visit, at)
    people = [each for each in (asked.requested_by, visit.guest.created_by) if each]
    told = list({each.pk: each for each in people}.values())
    return comments.add_as_guest(visit.item, text, guest=visit.guest, at=at, tell=told)


def links_of(item: ContentItem) -> QuerySet[GuestReviewer]:
    """Every link that there ever was to the item."""
    return GuestReviewer.objects.filter(request__item=item)


def visits_of(item: ContentItem, at: datetime) -> list[Visit]:
    """The item's links as they stand, the newest first; those that ended over a month ago not."""
    recent = at - timedelta(days=30)
    rows = links_of(item).filter(expires_at__gt=recent).exclude(revoked_at__lt=recent)
    found = list(rows.select_related("created_by").order_by("-created_at", "-id")[:50])
    if not found:
        return []
    asked = _open_request(item)
    answers = {
        each.guest_id: each
        for each in Review.objects.filter(item=item, guest__isnull=False).order_by("at", "id")
    }
    return [_stands(guest, item, asked, answers.get(guest.pk), at) for guest in found]


def link(secret: str) -> str:
    """The whole address to open."""
    return urljoin(settings.SITE_URL, reverse("guest", args=[secret]))


def send(guest: GuestReviewer, secret: str) -> bool:
    """Mail the link in the workspace's language; whether the mail server took it."""
    workspace = guest.request.workspace
    with override(workspace.language):
        about = {"guest": guest, "workspace": workspace, "link": link(secret)}
        subject = _("%(name)s asks for your review") % {"name": workspace.name}
        body = render_to_string("production/guests/invitation.txt", about)
    try:
        return bool(send_mail(" ".join(subject.split()), body, None, [guest.email]))
    except OSError:
        return False


def _asked_now(item: ContentItem, *, by: User, at: datetime) -> ReviewRequest:
    """The open request about the present content; a new one where there is none."""
    earlier = _open_request(item)
    if earlier is not None and earlier.digest == digests.refresh(item):
        return earlier
    reviewer = earlier.reviewer if earlier else None
    if reviewer is not None and reviewer not in reviews.reviewers_of(item):
        reviewer = None
    return reviews.request(item, by=by, at=at, reviewer=reviewer)


def _open_request(item: ContentItem) -> ReviewRequest | None:
    rows = ReviewRequest.objects.filter(item=item, state=ReviewRequest.State.OPEN)
    return rows.select_related("requested_by", "reviewer").first()


def _of_address(item: ContentItem, email: str, at: datetime) -> list[GuestReviewer]:
    if not email:
        return []
    return list(links_of(item).filter(email=email, revoked_at=None, expires_at__gt=at))


def _visit(guest: GuestReviewer, at: datetime) -> Visit:
    item = guest.request.item
    if guest.revoked_at is not None or at >= guest.expires_at:
        return _stands(guest, item, None, None, at)
    own = Review.objects.filter(item=item, guest=guest).order_by("-at", "-id").first()
    return _stands(guest, item, _open_request(item), own, at)


def _stands(
    guest: GuestReviewer,
    item: ContentItem,
    asked: ReviewRequest | None,
    answer: Review | None,
    at: datetime,
) -> Visit:
    if guest.revoked_at is not None:
        standing = Standing.REVOKED
    elif at >= guest.expires_at:
        standing = Standing.EXPIRED
    elif answer is not None and (asked is None or answer.digest == asked.digest):
        standing = Standing.ANSWERED
    elif asked is None or item.archived_at is not None:
        standing = Standing.NOTHING
    elif asked.digest != item.content_digest:
        standing = Standing.CHANGING
    else:
        standing = Standing.OPEN
    return Visit(guest, item, asked, answer, standing)


def _held(visit: Visit, at: datetime) -> ReviewRequest:
    """What is asked now, the item held. Raises Refused when the link has closed meanwhile."""
    item = parts.held(visit.item)
    guest = GuestReviewer.objects.get(pk=visit.guest.pk)
    asked = _open_request(item)
    if not guest.is_open(at):
        raise Refused([Refusal("guest_link_closed")])
    if asked is None:
        raise Refused([Refusal("review_closed")])
    return asked


def _end(expires_at: datetime | None, at: datetime) -> datetime:
    expires_at = expires_at or at + VALID_FOR
    if expires_at <= at:
        raise Invalid({"expires_at": [("past", _("Choose a time that is still to come."))]})
    if expires_at > at + LONGEST:
        sentence = _("A link lasts at most %(days)s days.") % {"days": LONGEST.days}
        raise Invalid({"expires_at": [("out_of_range", sentence)]})
    return expires_at


def _require_outside(email: str, seat: Seat) -> None:
    members = Membership.objects.filter(workspace=seat.workspace, removed_at=None)
    if email and members.filter(user__email__iexact=email).exists():
        sentence = _("This person is in the workspace already. Ask them on the card.")
        raise Invalid({"email": [("member", sentence)]})


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
