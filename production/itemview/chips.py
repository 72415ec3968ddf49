"""The line of chips under a card's title: where it stands, and against which time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext

from production import durations, flow
from production.boardview.urgency import medians_ahead
from production.flow import State
from production.models import ContentItem, Stage
from production.permissions import Seat
from production.templatetags.putki import day_text, when_text

DECIDE_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    tone: str = ""
    title: str = ""
    used: float | None = None  # the ring, 0 to 1; None: no ring


def of(item: ContentItem, seat: Seat, stages: Sequence[Stage], now: datetime) -> list[Chip]:
    """Stage and days in it, the countdown or the lead time, what is due."""
    language = get_language() or "en"
    here = durations.hours(max(now - item.stage_entered_at, timedelta(0)), language)
    words = {"stage": item.stage.name, "time": here}
    found = [Chip(gettext("%(stage)s, %(time)s") % words, title=when_text(item.stage_entered_at))]
    found.append(_clock(item, seat, stages, now, language))
    found += _due(item, now, language)
    if item.reopened_count:
        found.append(Chip(gettext("Re-opened %(count)s×") % {"count": item.reopened_count}))
    return found


def _clock(
    item: ContentItem, seat: Seat, stages: Sequence[Stage], now: datetime, language: str
) -> Chip:
    target = timedelta(hours=seat.workspace.target_hours)
    stage = next((each for each in stages if each.pk == item.stage_id), item.stage)
    found = flow.countdown(item, stage.kind, now, ahead=medians_ahead(stage, stages), target=target)
    if found.state == State.PUBLISHED:
        return _lead(item, found.elapsed, target, language)
    if found.state == State.IDEA:
        age = durations.hours(found.elapsed or timedelta(0), language)
        return Chip(gettext("Idea, %(age)s old") % {"age": age})
    if found.state == State.UNKNOWN or found.left is None:
        return Chip(gettext("Start unknown"))
    words = {
        "left": durations.whole_hours(abs(found.left), language),
        "target": seat.workspace.target_hours,
        "ahead": durations.whole_hours(found.ahead or timedelta(0), language),
    }
    if found.state == State.PAST:
        return Chip(gettext("%(left)s past %(target)s") % words, "bad", used=1)
    if found.state == State.DOES_NOT_FIT:
        why = gettext("The stages ahead usually take %(ahead)s") % words
        text = gettext("%(left)s left of %(target)s · does not fit") % words
        return Chip(text, "warn", why, found.used)
    tone = "strong" if found.state == State.TIGHT else ""
    return Chip(gettext("%(left)s left of %(target)s") % words, tone, used=found.used)


def _lead(item: ContentItem, lead: timedelta | None, target: timedelta, language: str) -> Chip:
    published = when_text(item.published_at) if item.published_at else ""
    if lead is None:
        return Chip(gettext("Published"), title=published)
    words = {
        "lead": durations.hours(lead, language),
        "rest": durations.hours(abs(target - lead), language),
        "target": durations.whole_hours(target, language),
    }
    if lead <= target:
        text = gettext("Published in %(lead)s, %(rest)s under %(target)s") % words
        return Chip(text, "good", published)
    return Chip(
        gettext("Published in %(lead)s, %(rest)s over %(target)s") % words, "warn", published
    )


def _due(item: ContentItem, now: datetime, language: str) -> list[Chip]:
    if item.decision:
        return [Chip(str(item.get_decision_display()), "strong", gettext("Decision"))]
    if item.learned_at is not None and not item.done_at:
        by = item.learned_at + DECIDE_WITHIN
        words = {"time": durations.hours(abs(by - now), language), "day": day_text(by)}
        if by < now:
            return [Chip(gettext("Decision %(time)s late") % words, "bad")]
        return [Chip(gettext("Decide in %(time)s, by %(day)s") % words)]
    if item.due_at is None or item.published_at is not None:
        return []
    late = item.due_at < now
    words = {
        "time": durations.hours(abs(item.due_at - now), language),
        "day": when_text(item.due_at),
    }
    if late:
        return [Chip(gettext("Due %(time)s ago") % words, "bad", words["day"])]
    return [Chip(gettext("Due %(day)s") % words)]
