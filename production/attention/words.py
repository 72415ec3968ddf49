"""The day's list in words: what stands on each line, and where its one action leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from production import alarms, durations
from production.alarms import Alarm
from production.attention.rules import ALARMING, Act, Need, Reason, Standing
from production.marks import person_name
from production.models import ContentItem, User
from production.permissions import Seat

_HOUR = timedelta(hours=1)
Names = Mapping[int, User]

MARKS = {
    Reason.PLAN_SHORT: _("plan short"),
    Reason.PAST: _("late"),
    Reason.BLOCKED: _("blocked"),
    Reason.DOES_NOT_FIT: _("will miss"),
    Reason.AGEING: _("ageing"),
    Reason.STAGE_FULL: _("over limit"),
    Reason.OVERLOADED: _("over limit"),
    Reason.REVIEW: _("review"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A stage or a person with more cards than agreed, and the card that relieves them."""

    gravest: Reason
    subject: Any  # a Stage or a User
    count: int
    limit: int
    helper: ContentItem | None


@dataclass(frozen=True, slots=True)
class Action:
    label: str
    url: str
    is_dialog: bool = False  # the address is a small form, which script shows as a dialog


@dataclass(frozen=True, slots=True)
class Line:
    """One card, stage or person; the gravest reason stands first."""

    reason: Reason
    title: str
    url: str
    why: list[str]
    action: Action | None
    key: str = ""
    people: list[User] = field(default_factory=list)
    alarm: Alarm | None = None

    @property
    def mark(self) -> str:
        return alarms.mark(self.alarm.what) if self.alarm else str(MARKS[self.reason])

    @property
    def tone(self) -> str:
        if self.reason in ALARMING:
            return "bad"
        return "" if self.reason == Reason.REVIEW else "warn"


@dataclass(frozen=True, slots=True)
class Today:
    """The list, how long it is in all, and how many cards in progress are on none of its lines."""

    lines: list[Line]
    count: int
    rest: int
    others: int | None
    own: bool


class Writer:
    """Writes lines for one person: knows what they may do, and their language."""

    def __init__(self, seat: Seat, items: Mapping[int, ContentItem], names: Names) -> None:
        self.seat, self.items, self.names = seat, items, names
        self.language = get_language() or "en"
        self.slug = seat.workspace.slug

    def line(self, found: Need | Limit) -> Line:
        """A card with all that is the matter with it, or a limit that is passed."""
        if isinstance(found, Need):
            return self._card(self.items[found.standing.id], found)
        return self._stage(found) if found.gravest == Reason.STAGE_FULL else self._person(found)

    def alarm(self, found: Alarm, need: Need | None = None) -> Line:
        """What went wrong on the way out, with all else that is the matter with the card."""
        mend = alarms.mend(found, self.seat)
        action = Action(mend.label, mend.url, mend.is_dialog) if mend else None
        why = [alarms.sentence(found)]
        item = found.item
        if item is None:
            name = found.channel.name if found.channel else ""
            url = reverse("settings-channels", args=[self.slug])
            return Line(Reason.ALARM, name, url, why, action, alarm=found)
        people: list[User] = []
        if need is not None:
            why += [self._why(item, need, reason) for reason, _over in need.reasons]
            people = [self.names[id] for id in need.standing.assignees if id in self.names]
        url = f"{self._url('item', item.key)}#publication"
        return Line(Reason.ALARM, item.title, url, why, action, item.key, people, found)

    def plan_short(self, sentences: list[str], week: int) -> Line:
        """The week's plan cannot hold its least: what is missing, measure by measure."""
        url = reverse("calendar", args=[self.slug])
        title = gettext("Plan of week %(number)s") % {"number": week}
        action = Action(gettext("Open the calendar"), url)
        return Line(Reason.PLAN_SHORT, title, url, sentences, action)

    def _card(self, item: ContentItem, need: Need) -> Line:
        return Line(
            need.gravest,
            item.title,
            self._url("item", item.key),
            [self._why(item, need, reason) for reason, _over in need.reasons],
            self._action(item, need),
            item.key,
            [self.names[id] for id in need.standing.assignees if id in self.names],
        )

    def _stage(self, found: Limit) -> Line:
        stage = found.subject
        board = reverse("board-page", args=[self.slug, stage.board.public_id])
        why = gettext("%(count)s cards, limit %(limit)s. Finish one before you pull another.")
        words = {"count": found.count, "limit": found.limit}
        url = f"{board}?stage={stage.public_id}"
        action = self._move(found.helper, named=True) if found.helper else None
        return Line(found.gravest, stage.name, url, [why % words], action)

    def _person(self, found: Limit) -> Line:
        person, helper, action = found.subject, found.helper, None
        why = gettext("%(count)s cards in progress, limit %(limit)s.")
        words = {"count": found.count, "limit": found.limit}
        url = f"{reverse('board', args=[self.slug])}?assignee={person.public_id}"
        if helper is not None and self.seat.may("item.assign"):
            label = gettext("Reassign %(key)s…") % {"key": helper.key}
            action = Action(label, self._url("card-people", helper.key), True)
        return Line(found.gravest, person_name(person), url, [why % words], action, people=[person])

    def _why(self, item: ContentItem, need: Need, reason: Reason) -> str:
        card = need.standing
        words: dict[str, Any] = {
            "target": self._whole(timedelta(hours=self.seat.workspace.target_hours)),
            "stage": item.stage.name,
            "left": self._whole(abs(card.left or timedelta(0))),
        }
        if reason == Reason.PAST:
            return gettext("%(left)s past the target of %(target)s") % words
        if reason == Reason.BLOCKED:
            words |= {"time": self._time(card.blocked), "reason": item.blocked_reason}
            return gettext("blocked for %(time)s: %(reason)s") % words
        if reason == Reason.DOES_NOT_FIT:
            words |= self._shortfall(card)
            return gettext(
                "misses %(target)s by %(short)s: %(left)s left, the stages ahead usually "
                "take %(ahead)s"
            ) % words  # fmt: skip
        if reason == Reason.AGEING:
            words |= {"age": self._time(card.age), "usual": self._time(card.usual)}
            return gettext(
                "%(age)s since commitment; 85 %% of cards had left %(stage)s by %(usual)s"
            ) % words  # fmt: skip
        words["time"] = self._time(card.review)
        reviewer = self.names.get(card.reviewer or 0)
        if reviewer is None:
            return gettext("has waited %(time)s for a signature") % words
        words["name"] = person_name(reviewer)
        return gettext("has waited %(time)s for %(name)s to sign") % words

    def _shortfall(self, card: Standing) -> dict[str, str]:
        """By whole hours that add up as they are read."""
        left = (card.left or timedelta(0)) // _HOUR
        ahead = max(round(card.ahead / _HOUR), left + 1)
        return {
            "short": self._whole((ahead - left) * _HOUR),
            "ahead": self._whole(ahead * _HOUR),
        }

    def _action(self, item: ContentItem, need: Need) -> Action | None:
        """The one action, as far as the person may do it; else none."""
        page = self._url("item", item.key)
        if need.act == Act.ASK:
            return self._ask(page, self.names.get(need.ask or 0))
        if need.act == Act.MOVE:
            return self._move(item)
        may, label, url, is_dialog = {
            Act.UNBLOCK: (
                self.seat.may_work_on(item), _("Unblock…"), self._url("card-hold", item.key), True
            ),
            Act.ASSIGN: (
                self.seat.may("item.assign"),
                _("Assign…"),
                self._url("card-people", item.key),
                True,
            ),
            Act.REVIEW: (
                self.seat.may("review.see"), _("Open the review"), f"{page}#review", False
            ),
            Act.PUBLISH: (
                self.seat.may("publication.publish"), _("Publish…"), f"{page}#publication", False
            ),
        }[need.act]  # fmt: skip
        return Action(str(label), url, is_dialog) if may else None

    def _ask(self, page: str, person: User | None) -> Action | None:
        """To the card, with a comment begun that names the person."""
        if person is None or not self.seat.may("comment.add"):
            return None
        name = person_name(person)
        label = gettext("Ask %(name)s…") % {"name": name.split(" ")[0]}
        return Action(label, f"{page}?say={quote(f'@{name} ')}#comments")

    def _move(self, item: ContentItem, *, named: bool = False) -> Action | None:
        if not self.seat.may_work_on(item, "item.move"):
            return None
        label = gettext("Move %(key)s to…") % {"key": item.key} if named else gettext("Move on…")
        return Action(label, self._url("item-move", item.key), True)

    def _url(self, name: str, key: str) -> str:
        return reverse(name, args=[self.slug, key])

    def _time(self, duration: timedelta | None) -> str:
        return durations.hours(duration or timedelta(0), self.language)

    def _whole(self, duration: timedelta) -> str:
        return durations.whole_hours(duration, self.language)
