"""What people say about an item."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from production import notices, parts
from production.errors import NotAllowed, Refused
from production.mentions import mentioned
from production.models import (
    Assignment,
    Comment,
    ContentItem,
    GuestReviewer,
    Membership,
    Role,
    User,
)
from production.permissions import Seat
from production.rules import Refusal

LONGEST = 10_000


def people_of(item: ContentItem) -> list[User]:
    """Everybody who sees the item, and may therefore be mentioned on it."""
    assigned = Assignment.objects.filter(item=item).values("user")
    seats = Membership.objects.filter(workspace=item.workspace_id, removed_at=None).filter(
        ~Q(role=Role.EXTERNAL) | Q(user__in=assigned)
    )
    return list(User.objects.filter(pk__in=seats.values("user")).order_by("name", "id"))


@transaction.atomic
def add(item: ContentItem, text: str, *, by: User, at: datetime) -> Comment:
    """Say something; whoever is mentioned and sees the item is told. Raises Invalid."""
    text = parts.text_of("text", text, limit=LONGEST, required=True)
    item = parts.held(item)
    comment = Comment.objects.create(
        item=item, author=by, author_name=by.name[:100], text=text, created_at=at
    )
    told = _meant(item, text)
    comment.mentions.set(told)
    event = parts.record(
        "comment.added",
        item,
        by=by,
        at=at,
        comment=comment.public_id,
        mentions=[person.public_id for person in told],
    )
    notices.tell(event, item, "mention", told)
    return comment


@transaction.atomic
def add_as_guest(
    item: ContentItem, text: str, *, guest: GuestReviewer, at: datetime, tell: list[User]
) -> Comment:
    """Say something under a reviewer link; names mentioned there reach nobody. Raises Invalid."""
    text = parts.text_of("text", text, limit=LONGEST, required=True)
    item = parts.held(item)
    comment = Comment.objects.create(
        item=item, guest=guest, author_name=guest.name, text=text, created_at=at
    )
    event = parts.record(
        "comment.added",
        item,
        by=None,
        actor_name=guest.name,
        at=at,
        comment=comment.public_id,
        mentions=[],
        guest=guest.public_id,
    )
    notices.tell(event, item, "commented", tell)
    return comment


@transaction.atomic
def edit(comment: Comment, text: str, *, by: User, at: datetime) -> Comment:
    """Say it differently; only whoever is newly mentioned is told.

    Raises NotAllowed for somebody else's comment, Refused for a deleted one, Invalid.
    """
    text = parts.text_of("text", text, limit=LONGEST, required=True)
    item, comment = _held(comment)
    if comment.author_id != by.pk:
        raise NotAllowed("comment.edit")
    if comment.deleted_at:
        raise Refused([Refusal("comment_deleted")])
    if comment.text == text:
        return comment
    before = set(comment.mentions.values_list("pk", flat=True))
    told = _meant(item, text)
    comment.text, comment.edited_at = text, at
    comment.save(update_fields=["text", "edited_at"])
    comment.mentions.set(told)
    event = parts.record(
        "comment.edited",
        item,
        by=by,
        at=at,
        comment=comment.public_id,
        mentions=[person.public_id for person in told],
    )
    notices.tell(event, item, "mention", [each for each in told if each.pk not in before])
    return comment


@transaction.atomic
def delete(comment: Comment, *, seat: Seat, at: datetime) -> Comment:
    """Take the words away; that somebody said something here stays. Twice is once.

    Raises NotAllowed unless it is one's own or one owns the workspace.
    """
    item, comment = _held(comment)
    if comment.author_id != seat.user.pk:
        seat.require("comment.moderate")
    if comment.deleted_at:
        return comment
    comment.text, comment.deleted_at = "", at
    comment.save(update_fields=["text", "deleted_at"])
    comment.mentions.clear()
    parts.record("comment.deleted", item, by=seat.user, at=at, comment=comment.public_id)
    return comment


def _held(comment: Comment) -> tuple[ContentItem, Comment]:
    item = parts.held(comment.item)
    return item, Comment.objects.get(pk=comment.pk)


def _meant(item: ContentItem, text: str) -> list[User]:
    if "@" not in text:
        return []
    people = people_of(item)
    names = set(mentioned(text, [person.name for person in people]))
    return [person for person in people if person.name in names]
