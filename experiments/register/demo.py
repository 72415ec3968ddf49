"""The invented studio's experiments, in every state that one can meet."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from experiments import register, results, snapshots
from experiments.models import Experiment, VariantDay
from production import origin
from production.models import Channel, KpiDefinition, Membership, Role, Workspace
from production.permissions import Seat, seat_of


@dataclass(frozen=True, slots=True)
class Plot:
    """One experiment: what is tried, how it began, what it saw a day and what came of it."""

    title: str
    variable: str
    kpi: str
    allocation: str
    variants: tuple[str, ...]
    days_ago: int
    exposures: tuple[int, ...] = ()
    rates: tuple[float, ...] = ()
    decision: tuple[str, str] | None = None
    platform: str = ""
    hypothesis: str = ""


PLOTS = (
    Plot("Reaction #4: first sentence", "hook", "three-second-hold", "platform_split",
         ("Stock music bingo, round four", "How many of these five tracks have you used?",
          "5 tracks we never want to hear again"), 24, (410, 412, 405), (0.60, 0.68, 0.63),
         ("repeat", "The question holds more viewers; it opens the next three reactions."),
         hypothesis="A question that one can answer at once holds longer than a statement."),
    Plot("Packaging in 30 s: length", "length", "three-second-hold", "platform_split",
         ("31 seconds", "22 seconds"), 20, (520, 515), (0.571, 0.57),
         ("improve", "Same within 5 %: keep 22 seconds, it is cheaper, and try the opening.")),
    Plot("Case Kahvila: thumbnail", "thumbnail", "link-ctr", "own_random",
         ("The plate", "The owner’s face"), 12, (2_600, 2_580), (0.012, 0.0185),
         platform="The owner’s face is ahead, 78 %"),
    Plot("Three pictures, one promise: call to action", "cta", "saves-per-1000", "platform_split",
         ("Save this for your next shoot", "Send this to your editor"), 4, (560, 552),
         (0.0065, 0.0071)),
    Plot("Light for less: title", "title", "link-ctr", "own_random",
         ("Light a face for 40 euros", "Your lamp is in the wrong place"), 9, (1_900, 1_240),
         (0.012, 0.014)),
    Plot("Behind the set: opening", "opening", "saves-per-1000", "delivery",
         ("Door opens", "Result first"), 15, (1_500, 3_300), (0.006, 0.0085)),
    Plot("Myths of the week: hook", "hook", "saves-per-1000", "random_slots",
         ("Myth first", "Truth first"), -3),
)  # fmt: skip


@transaction.atomic
def fill(workspace: Workspace, *, now: datetime, seed: int = 61) -> list[Experiment]:
    """Plan, run and decide them as a creator and an owner would have. The same seed, the same."""
    seats = {role: _seat(workspace, role) for role in (Role.OWNER, Role.CREATOR)}
    chance = random.Random(seed)  # noqa: S311  invented numbers
    kpis = {each.code: each for each in KpiDefinition.objects.filter(workspace=workspace)}
    with origin.coming_from(origin.COMMAND):
        return [
            _play(plot, workspace, seats, kpis[plot.kpi], chance, now)
            for plot in PLOTS
            if plot.kpi in kpis
        ]


def _play(
    plot: Plot, workspace: Workspace, seats: Any, kpi: KpiDefinition, chance: random.Random,
    now: datetime,
) -> Experiment:  # fmt: skip
    begun = now - timedelta(days=plot.days_ago)
    seat: Seat = seats[Role.CREATOR]
    channel = Channel.objects.filter(workspace=workspace, retired_at=None).order_by("position")
    wish = {
        "title": plot.title, "hypothesis": plot.hypothesis, "variable": plot.variable, "kpi": kpi,
        "allocation": plot.allocation, "channel": channel.first(), "starts_on": begun.date(),
    }  # fmt: skip
    texts = [{"text": text} for text in plot.variants]
    planned_at = min(begun, now) - timedelta(hours=2)
    made = register.create(wish, texts, seat=seat, at=planned_at)
    if not plot.rates:
        return made
    made = register.start(made, seat=seat, at=begun)
    days = min(plot.days_ago, 14)
    for first, last in ((0, days // 2), (days // 2, days)):
        at = begun + timedelta(days=last)
        lines = _lines(plot, chance, begun, range(first, last))
        results.record(made, lines, seat=seat, at=at, origin=VariantDay.Origin.PUSHED)
        snapshots.take(made, at=at)
    if plot.platform:
        register.note_platform(made, plot.platform, seat=seat, at=now)
    if plot.days_ago > 14:
        ended_at = begun + timedelta(days=14, hours=1)
        register.end(made, seat=None, at=ended_at)
        snapshots.take(made, at=ended_at)
        if plot.decision:
            decision, reason = plot.decision
            owner = seats[Role.OWNER]
            register.decide(
                made, decision, reason=reason, seat=owner, at=ended_at + timedelta(hours=20)
            )
    return made


def _lines(
    plot: Plot, chance: random.Random, begun: datetime, days: Sequence[int]
) -> list[results.Line]:
    found = []
    for day in days:
        size = chance.uniform(0.9, 1.1)  # good and bad days are those of every variant
        for n, (exposures, rate) in enumerate(zip(plot.exposures, plot.rates, strict=True)):
            seen = round(exposures * size * chance.uniform(0.995, 1.005))
            total = sum(chance.random() < rate for _each in range(seen))
            on = (begun + timedelta(days=day)).date()
            found.append(results.Line("ABC"[n], on, seen, total))
    return found


def _seat(workspace: Workspace, role: Role) -> Seat:
    rows = Membership.objects.filter(workspace=workspace, role=role, removed_at=None)
    return seat_of(rows.select_related("user", "workspace").order_by("pk")[0])
