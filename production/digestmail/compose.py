"""What a member's digest says: what is new for them, what is at risk, what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from production import attention, boardview, noticewords
from production.attention import Today
from production.models import ContentItem, DigestMail, Membership, Notice, ReviewRequest
from production.permissions import OWNER, Seat, seat_of

MOST = 10
SINCE_AT_MOST = timedelta(days=4)  # over a weekend and a day of sending trouble
# What stands in sections of its own is not repeated among the news.
_TOLD_ELSEWHERE = (Notice.Reason.REVIEW, Notice.Reason.WILL_MISS, Notice.Reason.AGEING)


@dataclass(frozen=True, slots=True)
class News:
    """One unread notice in words."""

    text: str
    item: ContentItem


@dataclass(frozen=True, slots=True)
class Digest:
    """One member's digest of one day, ready to be written."""

    seat: Seat
    news: list[News]
    more_news: int
    reviews: list[ReviewRequest]
    more_reviews: int
    today: Today
    headline: boardview.Headline | None  # owners

    @property
    def is_empty(self) -> bool:
        return not (self.news or self.reviews or self.today.count)


def digest_for(membership: Membership, now: datetime) -> Digest:
    """The digest as of now, in the active language; owners get the whole day's list."""
    seat = seat_of(membership)
    is_owner = seat.role == OWNER
    today = attention.today(seat, now, own=not is_owner)
    listed = {line.key for line in today.lines}
    reviews = [
        each
        for each in attention.reviews_waiting(seat)[0]
        if each.requested_by_id != seat.user.pk and each.item.key not in listed
    ]
    notices = _unread(seat, _since(membership, now))
    return Digest(
        seat=seat,
        news=[_told(notice, seat) for notice in notices[:MOST]],
        more_news=max(notices.count() - MOST, 0),
        reviews=reviews[:MOST],
        more_reviews=max(len(reviews) - MOST, 0),
        today=today,
        headline=boardview.headline(seat.workspace, now) if is_owner else None,
    )


def _since(membership: Membership, now: datetime) -> datetime:
    """The last digest's moment: what came later is new."""
    earlier = DigestMail.objects.filter(membership=membership, created_at__lt=now)
    told = earlier.exclude(sent_at=None, empty=False).order_by("-created_at").first()
    longest = now - SINCE_AT_MOST
    return max(told.created_at, longest) if told else longest


def _unread(seat: Seat, since: datetime):  # type: ignore[no-untyped-def]
    visible = ContentItem.objects.visible_to(seat.user).filter(workspace=seat.workspace)
    return (
        Notice.objects.filter(
            user=seat.user,
            workspace=seat.workspace,
            item__in=visible,
            read_at=None,
            created_at__gt=since,
        )
        .exclude(reason__in=_TOLD_ELSEWHERE)
        .select_related("item", "event")
        .order_by("-created_at", "-id")
    )


def _told(notice: Notice, seat: Seat) -> News:
    notice.item.workspace = seat.workspace
    return News(noticewords.say(notice), notice.item)
