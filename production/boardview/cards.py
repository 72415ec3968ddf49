"""One card in words: what stands on it, worked out once so that the template only writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.utils import timezone
from django.utils.dateformat import format as date_text
from django.utils.translation import get_language, gettext

from production import alarms, durations, flow, gates
from production.alarms import Alarm
from production.boardview.urgency import medians_ahead
from production.flow import State
from production.marks import initials
from production.models import Assignment, ContentItem, Gate, KpiDefinition, Stage
from production.permissions import Seat
from production.templatetags.putki import when_text

DECIDE_WITHIN = timedelta(days=7)
DUE_SOON = timedelta(days=3)
AGE_SCALE = 0.8  # the 85th percentile stands here on the bar; the rest is beyond it


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    title: str = ""
    tone: str = ""
    used: float | None = None  # the ring, 0 to 1; None: no ring


@dataclass(frozen=True, slots=True)
class Age:
    text: str
    title: str
    tone: str = ""
    share: float | None = None  # None: the stage has no percentiles yet


@dataclass(frozen=True, slots=True)
class Person:
    public_id: str
    name: str
    initials: str


@dataclass(slots=True)
class Card:
    item: ContentItem
    key: str
    url: str
    chip: Chip
    age: Age | None
    kpi: tuple[str, str] | None  # name, and what it is to reach or has reached
    gates: tuple[int, int] | None  # met, of all towards the next stage
    gates_title: str = ""
    due: Chip | None = None
    note: str = ""
    movable: bool = False
    move_label: str = ""
    pick_label: str = ""
    people: list[Person] = field(default_factory=list)
    derivatives: int = 0
    missing: list[str] = field(default_factory=list)  # gates still open towards the next stage
    deadline: datetime | None = None  # the next moment by which something has to be done
    above: str = ""  # the public id of the card above it, where that was asked for
    alarm: Alarm | None = None  # what went wrong with one of its publications

    @property
    def all_met(self) -> bool:
        return self.gates is not None and self.gates[0] == self.gates[1]

    @property
    def alarm_word(self) -> str:
        return alarms.mark(self.alarm.what) if self.alarm else ""

    @property
    def alarm_text(self) -> str:
        return alarms.sentence(self.alarm) if self.alarm else ""


class Desk:
    """Writes cards for one person: knows the stages, the gates and the hour."""

    def __init__(self, seat: Seat, stages: Sequence[Stage], now: datetime) -> None:
        self.seat, self.stages, self.now = seat, stages, now
        self.target = timedelta(hours=seat.workspace.target_hours)
        self.base = f"/w/{seat.workspace.slug}/items/"
        self.language = get_language() or "en"
        self.move_label = gettext("Move %(key)s to…")
        self.pick_label = gettext("Select %(key)s")
        self.by_id = {stage.pk: stage for stage in stages}
        self.ahead = {stage.pk: medians_ahead(stage, stages) for stage in stages}

    def write(self, items: Sequence[ContentItem], all_gates: Sequence[Gate]) -> list[Card]:
        """The items as cards, in their order; reads people and evidence in a few queries."""
        people = _people(items)
        onward = self._onward(all_gates)
        lines = gates.lines_of(items, all_gates, onward) if all_gates else {}
        wrong = alarms.of_items(items, self.seat.workspace, self.now)
        cards = [self._card(item, people[item.pk], lines.get(item.pk, ())) for item in items]
        for card in cards:
            card.alarm = wrong.get(card.item.pk)
        return cards

    def _card(
        self, item: ContentItem, people: list[Person], lines: Sequence[gates.GateLine]
    ) -> Card:
        stage = self.by_id.get(item.stage_id) or item.stage
        item.stage, item.workspace = stage, self.seat.workspace
        progress = (sum(line.state.met for line in lines), len(lines)) if lines else None
        chip, note = self._chip(item, stage)
        key = item.key
        return Card(
            item,
            key,
            f"{self.base}{key}/",
            chip,
            self._age(item, stage),
            self._kpi(item, stage),
            progress,
            self._progress_title(progress),
            self._due(item, stage),
            note,
            self.seat.may_work_on(item, "item.move") and item.archived_at is None,
            self.move_label % {"key": key},
            self.pick_label % {"key": key},
            people,
            getattr(item, "derivative_count", 0),
            [line.gate.label for line in lines if not line.state.met],
            self._deadline(item, stage),
            getattr(item, "above", None) or "",
        )

    def _chip(self, item: ContentItem, stage: Stage) -> tuple[Chip, str]:
        found = flow.countdown(
            item, stage.kind, self.now, ahead=self.ahead.get(stage.pk, ()), target=self.target
        )
        if found.state == State.PUBLISHED:
            return self._learned(item, stage, found.elapsed)
        if found.state == State.IDEA:
            age = {"age": durations.hours(found.elapsed or timedelta(0), self.language)}
            return Chip(gettext("Idea, %(age)s old") % age, tone="plain"), ""
        if found.state == State.UNKNOWN or found.left is None:
            return Chip(gettext("Start unknown"), tone="plain"), ""
        return self._running(found, found.left), ""

    def _running(self, found: flow.Countdown, left: timedelta) -> Chip:
        words: dict[str, Any] = {
            "left": durations.whole_hours(abs(left), self.language),
            "target": self.seat.workspace.target_hours,
            "target_hours": durations.whole_hours(self.target, self.language),
            "ahead": durations.whole_hours(found.ahead or timedelta(0), self.language),
            "spare": durations.whole_hours(found.spare or timedelta(0), self.language),
        }
        past = gettext("%(left)s past the target of %(target_hours)s")
        of = gettext("%(left)s left of %(target)s")
        if found.state == State.PAST:
            return Chip(gettext("%(left)s past %(target)s") % words, past % words, "bad", 1)
        if found.state == State.DOES_NOT_FIT:
            why = gettext("%(left)s left of %(target)s; the stages ahead usually take %(ahead)s")
            return Chip(gettext("%(left)s · does not fit") % words, why % words, "warn", found.used)
        fits = gettext("%(left)s left of %(target)s; fits with %(spare)s to spare")
        title = (of if found.spare is None else fits) % words
        if found.state == State.TIGHT:
            return Chip(gettext("%(left)s · tight") % words, title, "strong", found.used)
        return Chip(words["left"], title, "", found.used)

    def _learned(self, item: ContentItem, stage: Stage, lead: timedelta | None) -> tuple[Chip, str]:
        out = ""
        if lead is not None:
            out = gettext("out in %(time)s") % {"time": durations.hours(lead, self.language)}
        if item.decision:
            tone = "good" if item.decision == ContentItem.Decision.REPEAT else ""
            return Chip(item.get_decision_display(), tone=tone), out
        if item.learned_at is None or stage.kind != "learn":
            return Chip(out or gettext("Out"), tone="plain"), ""
        left = item.learned_at + DECIDE_WITHIN - self.now
        time = {"time": durations.hours(abs(left), self.language)}
        if left < timedelta(0):
            return Chip(gettext("Decision %(time)s late") % time, tone="bad"), out
        return Chip(gettext("Decide in %(time)s") % time), out

    def _age(self, item: ContentItem, stage: Stage) -> Age | None:
        if item.published_at or stage.kind == "idea" or flow.reaches(stage.kind, flow.DELIVERY):
            return None
        here = max(self.now - item.stage_entered_at, timedelta(0))
        total = flow.age(item, self.now)
        words = {
            "here": durations.hours(here, self.language),
            "stage": stage.name,
            "total": durations.hours(total or here, self.language),
        }
        title = gettext("%(here)s in %(stage)s, %(total)s since commitment")
        if not stage.p85_seconds or total is None:
            return Age(words["here"], title % words)
        p85 = timedelta(seconds=stage.p85_seconds)
        words["p85"] = durations.hours(p85, self.language)
        title = gettext(
            "%(here)s in %(stage)s, %(total)s since commitment; 85 %% had left %(stage)s by %(p85)s"
        )
        share = AGE_SCALE * (total / p85)
        tone = "bad" if share >= 1 else "warn" if total > p85 else ""
        return Age(words["here"], title % words, tone, share)

    def _kpi(self, item: ContentItem, stage: Stage) -> tuple[str, str] | None:
        kpi = item.primary_kpi
        if kpi is None:
            return None
        name = kpi.short_name or kpi.name
        unit = f"\u00a0{kpi.unit}" if kpi.unit else ""
        if item.result_value is not None and flow.reaches(stage.kind, flow.DELIVERY):
            result = durations.number(item.result_value, None, self.language) + unit
            return name, result
        if item.target_value is None:
            return name, ""
        sign = "≤" if kpi.direction == KpiDefinition.Direction.DOWN else "≥"
        return name, f"{sign} {durations.number(item.target_value, None, self.language)}{unit}"

    def _onward(self, all_gates: Sequence[Gate]) -> Callable[[ContentItem], list[Gate]]:
        """For a card, the gates that stand between it and the next stage."""
        before: dict[int, list[Gate]] = {}
        for stage, following in pairwise(self.stages):
            before[stage.pk] = [gate for gate in all_gates if gate.stage_id == following.pk]
        return lambda item: [
            gate
            for gate in before.get(item.stage_id, ())
            if gate.channel_id in (None, item.channel_id)
        ]

    def _deadline(self, item: ContentItem, stage: Stage) -> datetime | None:
        if item.published_at or flow.reaches(stage.kind, flow.DELIVERY):
            waits = stage.kind == "learn" and item.learned_at and not item.decision
            return item.learned_at + DECIDE_WITHIN if waits else None  # type: ignore[operator,return-value]
        target = item.committed_at + self.target if item.committed_at else None
        return min((each for each in (target, item.due_at) if each), default=None)

    def _progress_title(self, progress: tuple[int, int] | None) -> str:
        if progress is None:
            return ""
        return gettext("Gates passed: %(met)s of %(all)s") % dict(
            zip(("met", "all"), progress, strict=True)
        )

    def _due(self, item: ContentItem, stage: Stage) -> Chip | None:
        if item.due_at is None or item.published_at or flow.reaches(stage.kind, flow.DELIVERY):
            return None
        left = item.due_at - self.now
        if left < timedelta(0):
            late = {"time": durations.hours(-left, self.language)}
            text = gettext("due %(time)s ago") % late
            return Chip(text, when_text(item.due_at), "bad-text")
        if left > DUE_SOON:
            return None
        local = timezone.localtime(item.due_at)
        words = {"day": date_text(local, "D")}
        return Chip(gettext("due %(day)s") % words, when_text(item.due_at), "soft")


def _people(items: Sequence[ContentItem]) -> dict[int, list[Person]]:
    found: dict[int, list[Person]] = defaultdict(list)
    rows = (
        Assignment.objects.filter(item__in=[item.pk for item in items])
        .order_by("id")
        .values_list("item_id", "user__public_id", "user__name", "user__email")
    )
    for item_id, public_id, name, email in rows:
        shown = name or email
        found[item_id].append(Person(public_id, shown, initials(shown)))
    return found
