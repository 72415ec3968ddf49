"""How long a forecast takes: plain arithmetic, no site needed."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import numpy as np

from bench.report import Row
from bench.site import Site
from production import forecast

DAYS = 90


def forecasts(site: Site) -> list[Row]:
    times = 5 if site.quick else 20
    draw = np.random.default_rng(7)
    history = draw.poisson(1.4, size=DAYS).tolist()
    bare = _ms(lambda: draw.integers(0, DAYS, size=(forecast.RUNS, DAYS)).sum(axis=1), times)
    many = _ms(lambda: forecast.how_many(history, DAYS, seed=7), times)
    when = _ms(lambda: forecast.when(history, round(DAYS * 1.4), seed=7), times)
    farthest = _ms(lambda: forecast.when(history, 1_000_000, seed=7), 3)
    limit = f"drawing and adding alone {bare:.1f} ms"
    return [
        Row(f"{work}, {forecast.RUNS} runs", {"p50 ms": taken}, limit, "≤ 100 ms", taken <= 100)
        for work, taken in (
            (f"how many in {DAYS} days", many),
            (f"when for what takes {DAYS} days", when),
        )
    ] + [Row("when for a million items: ten years drawn", {"p50 ms": farthest}, "")]


def _ms(work: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = perf_counter()
        work()
        taken.append((perf_counter() - began) * 1000)
    return median(taken)
