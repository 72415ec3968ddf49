"""How often somebody who looks every day is fooled, and how often what is real is found.

Every look is simulated at once: `experiments.stats.within` works along days, whatever stands
before them. A verdict is false when at any look from the seventh day on the always-valid evidence
calls any variant better or worse than the control.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.report import Row
from bench.site import Site
from experiments.stats import ALPHA, Kind, rare, within
from experiments.stats.data import Floats

GATE_DAYS, GATE_EVENTS, TAU = 7, 20, 0.2


@dataclass(frozen=True, slots=True)
class World:
    """`n` exposures a variant and day; `spread` SD of a variant's rate between days (clusters);
    `drift` turns the share of delivery from 80:20 to 20:80 while the rate decays."""

    name: str
    kind: Kind
    rate: float
    n: int
    days: int = 28
    variants: int = 2
    lift: float = 0.0
    spread: float = 0.0
    drift: bool = False


NULLS = (
    World("saves 6 per 1 000", Kind.COUNT, 0.006, 1190),
    World("leads 0.15 per 1 000: rare", Kind.COUNT, 0.00015, 1190),
    World("3 variants", Kind.COUNT, 0.006, 1190, variants=3),
    World("5 variants", Kind.COUNT, 0.006, 1190, variants=5),
    World("10 variants", Kind.COUNT, 0.006, 1190, variants=10),
    World("drifting delivery, decaying rate", Kind.COUNT, 0.012, 1190, drift=True),
    World("overdispersed days", Kind.COUNT, 0.012, 1190, spread=0.3),
    World("90 days", Kind.COUNT, 0.006, 1190, days=90),
    World("90 days, overdispersed", Kind.COUNT, 0.012, 1190, days=90, spread=0.3),
    World("hold 35 %", Kind.PROPORTION, 0.35, 1190),
    World("% viewed", Kind.MEAN, 38.0, 400),
)
# 16,700 a week and variant is what 100,000 impressions a week leave for two tests of three.
REAL = (
    (World("+20 % saves at 6 per 1 000", Kind.COUNT, 0.006, 2386, lift=0.2), 0.35),
    (World("+20 % CTR at 1.2 %", Kind.PROPORTION, 0.012, 2386, lift=0.2), 0.70),
    (World("+14 % hold at 35 %", Kind.PROPORTION, 0.35, 180, lift=0.14), 0.90),
)


def peeking(site: Site) -> list[Row]:
    times = 200 if site.quick else 2_000
    rows = []
    for world in NULLS:
        called, width = looked_at(world, times)
        naive = plain_z(world, times)
        rows.append(
            Row(
                f"nothing real: {world.name}, {world.days} daily looks",
                {"false verdicts %": 100 * called, "mean width %": 100 * width},
                f"a plain z-test looked at daily: {100 * naive:.0f} %",
                "≤ 5 %",
                called <= 0.05,
            )
        )
    for world, least in REAL:
        called, width = looked_at(world, times)
        rows.append(
            Row(
                f"{world.name}, {world.n * world.days:,} a variant in {world.days} days",
                {"found %": 100 * called, "mean width %": 100 * width},
                "",
                f"≥ {least:.0%}",
                called >= least,
            )
        )
    return rows


def looked_at(world: World, times: int, seed: int = 11) -> tuple[float, float]:
    """The part of experiments with a verdict at any look, and the mean width of the interval of
    the lift on the last day (log scale; of those that have one)."""
    arms = draw(world, times, seed)
    level = ALPHA / (world.variants - 1)
    called, widths = np.zeros(times, dtype=bool), []
    for arm in arms[1:]:
        seen = within.looks(world.kind, arms[0], arm)
        log_e = within.log_e_value(seen.log_lift, seen.variance, TAU)
        if world.kind is not Kind.MEAN:
            log_e = with_rare(arms[0], arm, log_e)
        is_open = np.arange(world.days) >= GATE_DAYS - 1
        if world.kind is not Kind.MEAN:
            is_open = is_open & (np.cumsum(arms[0][1] + arm[1], axis=1) >= GATE_EVENTS)
        called |= ((log_e >= -np.log(level)) & is_open).any(axis=1)
        widths.append(2 * within.half_width(seen.variance[:, -1], TAU, level))
    return float(called.mean()), float(np.nanmean(widths))


def with_rare(control: tuple, variant: tuple, log_e: Floats) -> Floats:
    """The evidence with the exact test's where events are few."""
    found = log_e.copy()
    few = np.minimum(np.cumsum(control[1], axis=1), np.cumsum(variant[1], axis=1)) < GATE_EVENTS
    for row in np.flatnonzero(few[:, GATE_DAYS - 1 :].any(axis=1)):
        # Once there are enough events the exact test is not asked again: only the days before.
        last = int(np.flatnonzero(few[row])[-1]) + 1
        sides = (control[0], control[1], variant[0], variant[1])
        exact = rare.log_e_values(*(side[row, :last] for side in sides))
        found[row, :last] = np.where(few[row, :last], exact, found[row, :last])
    return found


def plain_z(world: World, times: int, seed: int = 11) -> float:
    """How often a test of the totals at 5 % (divided by the variants) is once significant."""
    arms = draw(world, times, seed)
    called = np.zeros(times, dtype=bool)
    limit = {1: 1.96, 2: 2.24, 4: 2.50, 9: 2.77}[world.variants - 1]
    for arm in arms[1:]:
        z = _z(world.kind, arms[0], arm)
        called |= (np.abs(z[:, GATE_DAYS - 1 :]) > limit).any(axis=1)
    return float(called.mean())


def _z(kind: Kind, control: tuple, variant: tuple) -> Floats:
    sides = []
    for exposures, sums, squares in (control, variant):
        n, total = exposures.cumsum(axis=1), sums.cumsum(axis=1)
        q = None if squares is None else squares.cumsum(axis=1)
        sides.append(within.day_rates(kind, n, total, q))
    (a, var_a), (b, var_b) = sides
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((b - a) / np.sqrt(var_a + var_b))


def draw(world: World, times: int, seed: int) -> list[tuple[Floats, Floats, Floats | None]]:
    """Exposures, sums and squares of every variant, shape (times, days)."""
    random = np.random.default_rng(seed)
    shape = times, world.days
    decay = np.linspace(1.5, 0.5, world.days) if world.drift else np.ones(world.days)
    arms = []
    for index in range(world.variants):
        share = np.ones(world.days)
        if world.drift:
            share = (
                np.linspace(1.6, 0.4, world.days)
                if index == 0
                else np.linspace(0.4, 1.6, world.days)
            )
        n = random.poisson(world.n * share, shape).astype(float)
        rate = world.rate * decay * (1 + world.lift * (index > 0))
        if world.spread:
            rate = rate * random.lognormal(-(world.spread**2) / 2, world.spread, shape)
        arms.append((n, *_sums(random, world.kind, n, rate)))
    return arms


def _sums(
    random: np.random.Generator, kind: Kind, n: Floats, rate: Floats
) -> tuple[Floats, Floats | None]:
    if kind is Kind.COUNT:
        return random.poisson(n * rate).astype(float), None
    if kind is Kind.PROPORTION:
        return random.binomial(n.astype(int), rate).astype(float), None
    # Sums and squares of n normal quantities with an SD of 30, without drawing each.
    mean = rate + random.standard_normal(n.shape) * 30 / np.sqrt(n)
    squares = 900 * random.chisquare(np.maximum(n - 1, 1)) + n * mean**2
    return n * mean, squares
