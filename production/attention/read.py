"""The day's list from the rows: only cards that need somebody are read, however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from production import flow
from production.alarms import alarms_of
from production.attention.rules import Need, Reason, Standing, in_order, judge, place_of
from production.attention.words import Limit, Line, Names, Today, Writer
from production.boardview import ageing, medians_ahead, will_miss
from production.calendarview import shortfalls
from production.models import (
    Assignment,
    ContentItem,
    Kind,
    ReviewRequest,
    Stage,
    User,
)
from production.permissions import Seat

SHOWN = 12
STRIP = 3
READ = 2_000  # more cards in need than that are counted, and not read


def today(seat: Seat, now: datetime, *, own: bool = False, most: int = SHOWN) -> Today:
    """What needs somebody in the workspace, or of what is assigned to the person.

    An external contributor sees their own cards alone, whatever is asked.
    """
    own = own or seat.is_external
    reading = _Reading(seat, now, own)
    needs, total = reading.needs()
    limits = [] if own else reading.over_limits()
    writer = Writer(seat, reading.items, _names(needs))
    wrong = alarms_of(seat, now, own=own)
    alarming = {alarm.item.pk for alarm in wrong if alarm.item}
    told = {need.standing.id: need for need in needs if need.standing.id in alarming}
    twice = len(told)
    first = [writer.alarm(each, told.pop(each.item.pk, None) if each.item else None)
             for each in wrong]  # fmt: skip
    found: list[Need | Limit] = sorted(  # stable: among equals the order they came in
        [*(need for need in in_order(needs) if need.standing.id not in alarming), *limits],
        key=lambda each: place_of(each.gravest),
    )
    short = [] if own else _plan_short(seat, now, writer)
    after = sum(place_of(each.gravest) < place_of(Reason.PLAN_SHORT) for each in found)
    room = max(most - len(first) - len(short), 0)
    rest = [writer.line(each) for each in found[:room]]
    lines = [*first, *rest[:after], *short, *rest[after:]][:most]
    count = total - twice + len(limits) + len(wrong) + len(short)
    return Today(lines, count, count - len(lines), reading.others(alarming, total), own)


def _plan_short(seat: Seat, now: datetime, writer: Writer) -> list[Line]:
    """From Wednesday on, when the plan of the week cannot hold its least."""
    if not (sentences := shortfalls(seat.workspace, now)):
        return []
    week = now.astimezone(ZoneInfo(seat.workspace.time_zone)).isocalendar().week
    return [writer.plan_short(sentences, week)]


@dataclass(frozen=True, slots=True)
class Strip:
    """The alarms of the workspace: the first lines, and how many there are in all."""

    lines: list[Line]
    count: int

    @property
    def rest(self) -> int:
        return self.count - len(self.lines)

    @property
    def stamp(self) -> str:
        """Another one as soon as anything of it says something else."""
        said = [
            (each.url, each.alarm and (each.alarm.what, each.alarm.since)) for each in self.lines
        ]
        return f"{crc32(repr((self.count, said)).encode()):08x}"


def strip(seat: Seat, now: datetime) -> Strip:
    """What went wrong on the way out, without the rest of the day's list; for the board."""
    wrong = alarms_of(seat, now)
    writer = Writer(seat, {}, {})
    return Strip([writer.alarm(each) for each in wrong[:STRIP]], len(wrong))


class _Reading:
    def __init__(self, seat: Seat, now: datetime, own: bool) -> None:
        self.seat, self.now, self.own = seat, now, own
        self.target = timedelta(hours=seat.workspace.target_hours)
        rows = Stage.objects.filter(
            workspace=seat.workspace, retired_at=None, board__archived_at=None
        )
        rows = rows.select_related("board")
        self.stages = list(rows.order_by("board__position", "board_id", "position", "id"))
        self.by_id = {stage.pk: stage for stage in self.stages}
        self.items: dict[int, ContentItem] = {}

    def needs(self) -> tuple[list[Need], int]:
        """The cards that need somebody, judged, and how many there are in all."""
        asked = ReviewRequest.objects.filter(item=OuterRef("pk"), state=ReviewRequest.State.OPEN)
        rows = self._visible().filter(
            Q(blocked_at__isnull=False)
            | will_miss(self.stages, target=self.target, now=self.now)
            | ageing(self.stages, now=self.now)
            | Exists(asked)
        )
        found = list(rows.select_related("channel").order_by("committed_at", "id")[: READ + 1])
        total = len(found) if len(found) <= READ else rows.count()
        for item in found[:READ]:
            item.workspace, item.stage = self.seat.workspace, self.by_id[item.stage_id]
            self.items[item.pk] = item
        reviews, people = self._reviews(), self._people()
        judged = [
            judge(self._standing(item, reviews.get(item.pk), people[item.pk]), me=self.seat.user.pk)
            for item in self.items.values()
        ]
        return [need for need in judged if need], total

    def over_limits(self) -> list[Limit]:
        """Stages and people with more cards than agreed, each with a card that relieves them."""
        # What is done is no work in progress, and there is ever more of it.
        limited = {
            each.pk: each
            for each in self.stages
            if each.wip_limit is not None and each.kind != Kind.DONE
        }
        counts = (
            ContentItem.objects.filter(stage__in=limited, archived_at=None)
            .order_by()
            .values_list("stage")
            .annotate(count=Count("id"))
        )
        full = [
            Limit(Reason.STAGE_FULL, limited[stage], count, limit, self._oldest(stage))
            for stage, count in counts
            if count > (limit := limited[stage].wip_limit or 0)
        ]
        full.sort(key=lambda each: self.stages.index(each.subject))
        return full + self._overloaded()

    def in_progress(self) -> QuerySet[ContentItem]:
        """Committed and not out, as far as the list looks."""
        return self._visible().filter(committed_at__isnull=False)

    def others(self, alarming: Collection[int], total: int) -> int | None:
        """How many cards in progress are on no line; None where not all in need were read."""
        if total > READ:
            return None
        listed = sum(
            item.committed_at is not None and item.pk not in alarming
            for item in self.items.values()
        )
        return self.in_progress().exclude(pk__in=alarming).count() - listed

    def _overloaded(self) -> list[Limit]:
        limit = self.seat.workspace.wip_limit_per_person
        if limit is None:
            return []
        counts = (
            Assignment.objects.filter(
                item__in=ContentItem.objects.in_progress().filter(workspace=self.seat.workspace)
            )
            .order_by()
            .values("user")
            .annotate(count=Count("id"))
            .filter(count__gt=limit)
            .values_list("user", "count")
        )
        people = User.objects.in_bulk([user for user, _ in counts])
        over = sorted(counts, key=lambda each: (-each[1], each[0]))
        return [
            Limit(Reason.OVERLOADED, people[user], count, limit, self._newest(people[user]))
            for user, count in over
        ]

    def _oldest(self, stage: int) -> ContentItem | None:
        """The card of the stage that is nearest to leaving it."""
        free = self._visible().filter(stage=stage, blocked_at=None)
        return self._whole(free.order_by(F("committed_at").asc(nulls_last=True), "id").first())

    def _newest(self, person: User) -> ContentItem | None:
        """The card that somebody else may take over most easily."""
        held = self.in_progress().filter(assignments__user=person)
        return self._whole(held.order_by("-committed_at", "-id").first())

    def _whole(self, item: ContentItem | None) -> ContentItem | None:
        if item is not None:
            item.workspace, item.stage = self.seat.workspace, self.by_id[item.stage_id]
        return item

    def _visible(self) -> QuerySet[ContentItem]:
        """The cards on the boards that are not out; the person's own where that is asked."""
        rows = ContentItem.objects.filter(
            stage__in=[each.pk for each in self.stages
                       if each.kind not in (Kind.LEARN, Kind.DONE)],
            archived_at=None,
            published_at=None,
        )  # fmt: skip
        return rows.filter(assignments__user=self.seat.user) if self.own else rows

    def _reviews(self) -> dict[int, ReviewRequest]:
        asked = ReviewRequest.objects.filter(item__in=self.items, state=ReviewRequest.State.OPEN)
        return {each.item_id: each for each in asked.select_related("reviewer")}

    def _people(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        rows = Assignment.objects.filter(item__in=self.items).order_by("id")
        for item, user in rows.values_list("item", "user"):
            found[item].append(user)
        return found

    def _standing(
        self, item: ContentItem, review: ReviewRequest | None, people: Sequence[int]
    ) -> Standing:
        stage = self.by_id[item.stage_id]
        ahead = medians_ahead(stage, self.stages)
        left = flow.countdown(item, stage.kind, self.now, target=self.target).left
        runs = left is not None
        return Standing(
            item.pk,
            left=left,
            ahead=sum((each for each in ahead if each), timedelta(0)),
            age=flow.age(item, self.now) if runs else None,
            usual=timedelta(seconds=stage.p85_seconds) if stage.p85_seconds else None,
            blocked=_since(item.blocked_at, self.now),
            review=_since(review.created_at, self.now) if review else None,
            reviewer=review.reviewer_id if review else None,
            may_sign=review is not None and self._may_sign(item, review),
            assignees=tuple(people),
            is_publishing=stage.kind == Kind.PUBLISH,
            is_waiting=stage.waiting,
        )

    def _may_sign(self, item: ContentItem, review: ReviewRequest) -> bool:
        is_asked = review.reviewer_id in (None, self.seat.user.pk)
        own_edit = item.content_edited_by_id == self.seat.user.pk
        return self.seat.may("review.sign") and is_asked and not own_edit


def _since(moment: datetime | None, now: datetime) -> timedelta | None:
    return None if moment is None else max(now - moment, timedelta(0))


def _names(needs: Sequence[Need]) -> Names:
    ids = {id for need in needs for id in (*need.standing.assignees, need.standing.reviewer) if id}
    return User.objects.in_bulk(ids)
