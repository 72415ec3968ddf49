"""How often the playbook is wrong, and how often it finds what is real: plain arithmetic."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from scipy.stats import beta

from bench.report import Row
from bench.site import Site
from playbook.pooling import Evidence, Label, of_columns, pool

ARMS, EVENTS, EXPOSURES, WORDING = 3, 64, 10_000.0, 0.15
# tests, levels, real lift of the first level, at least this found: proven, promising or better
WORLDS = (
    (26, 4, 0.0, None),
    (104, 8, 0.0, None),
    (6, 6, 0.0, None),
    (26, 8, 0.20, (0.23, 0.68)),
    (26, 4, 0.20, (0.73, 0.96)),
    (104, 8, 0.20, (0.94, 0.99)),
    (26, 4, 0.35, (0.99, 1.0)),
)


def pooling(site: Site) -> list[Row]:
    many, few = (400, 60) if site.quick else (4_000, 400)
    wrong, _, _, ms = simulated(26, 8, 0.0, many)
    top = upper(wrong, many)
    rows = [
        Row(
            f"26 tests, 8 levels, nothing real, {many} workspaces",
            {"any false proven %": 100 * wrong / many, "upper 95 % bound %": 100 * top, "ms": ms},
            "",
            "bound ≤ 4 %" if not site.quick else "",
            top <= 0.04 if not site.quick else None,
        )
    ]
    for tests, levels, real, wanted in WORLDS:
        wrong, proven, promising, ms = simulated(tests, levels, real, few)
        told = f"one +{real:.0%}" if real else "nothing real"
        figures = {"any false proven %": 100 * wrong / few}
        if wanted:
            figures |= {"proven %": 100 * proven / few, "promising %": 100 * promising / few}
        found = (proven, promising)
        is_met = wanted and all(
            upper(n, few) >= least for n, least in zip(found, wanted, strict=True)
        )
        least = f"≥ {wanted[0]:.0%} and {wanted[1]:.0%} within sampling error" if wanted else ""
        rows.append(
            Row(f"{tests} tests, {levels} levels, {told}", figures | {"ms": ms}, "", least, is_met)
        )
    return rows


def simulated(
    tests: int, levels: int, real: float, times: int, seed: int = 7
) -> tuple[int, int, int, float]:
    """In how many workspaces a level without effect is proven, the real one proven, promising or
    better; and milliseconds for one."""
    random = np.random.default_rng(seed)
    wrong = proven = promising = 0
    began = perf_counter()
    for number in range(times):
        found = pool(made_up(random, tests, levels, real), seed=number)
        null = found[1:] if real else found
        wrong += any(each.label is Label.PROVEN for each in null)
        if real:
            proven += found[0].label is Label.PROVEN
            promising += found[0].label in (Label.PROVEN, Label.PROMISING)
    return wrong, proven, promising, (perf_counter() - began) * 1000 / times


def made_up(random: np.random.Generator, tests: int, levels: int, real: float) -> Evidence:
    """Tests of three different levels each, 64 events an arm, wordings that differ by 15 %."""
    effects = np.zeros(levels)
    effects[0] = np.log1p(real)
    level = np.array([random.choice(levels, ARMS, replace=False) for _ in range(tests)])
    mean = np.log(EVENTS) + effects[level] + random.normal(0, WORDING, (tests, ARMS))
    events = random.poisson(np.exp(mean)).astype(float).ravel()
    y = np.log((events + 0.5) / (EXPOSURES + 0.5))
    names = tuple(str(each) for each in range(levels))
    return of_columns(
        names, np.repeat(np.arange(tests), ARMS), level.ravel(), y, 1 / (events + 0.5)
    )


def upper(successes: int, n: int) -> float:
    """The upper end of the 95 % interval of a chance (Clopper and Pearson 1934)."""
    return 1.0 if successes == n else float(beta.ppf(0.975, successes + 1, n - successes))
