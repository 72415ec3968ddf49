"""Borrowing between channels: what a hook does on one is likely what it does on another."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from playbook.pooling.evidence import Evidence, Floats, of_columns
from playbook.pooling.levels import Level, summarise
from playbook.pooling.model import Fit, Priors, fit, sums

SHARED = 0.6  # of a level's prior variance that all channels have in common


def pool_channels(
    by_channel: Mapping[str, Evidence],
    *,
    shared: float = SHARED,
    decided: Mapping[str, Collection[str]] | None = None,
    seed: int = 0,
) -> dict[str, tuple[Level, ...]]:
    """Every channel's levels, fitted together: theta_lc ~ N(theta_l, omega_c²).

    omega_c² is (1 - shared) of the variance of a level, theta_l has the rest; tests still compare
    only within themselves. Raises ValueError unless shared is from 0 to below 1.
    """
    if not 0 <= shared < 1:
        raise ValueError("a part from 0 to below 1")
    names = tuple(
        f"{channel}\0{level}" for channel, each in by_channel.items() for level in each.levels
    )
    together = _joined(list(by_channel.values()), names)
    priors = Priors(related=_related(names, shared))
    fitted = fit(sums(together, priors), priors=priors, seed=seed)
    found, start = {}, 0
    for channel, each in by_channel.items():
        columns = slice(start, start + len(each.levels))
        part = Fit(fitted.theta[:, columns], fitted.tau, fitted.cells)
        before = (decided or {}).get(channel, ())
        found[channel] = summarise(each, part, decided=before, seed=seed)
        start += len(each.levels)
    return found


def _joined(parts: list[Evidence], names: tuple[str, ...]) -> Evidence:
    tests = np.cumsum([0, *(each.tests for each in parts)])
    levels = np.cumsum([0, *(len(each.levels) for each in parts)])
    return of_columns(
        names,
        np.concatenate([each.test + tests[i] for i, each in enumerate(parts)]),
        np.concatenate([each.level + levels[i] for i, each in enumerate(parts)]),
        np.concatenate([each.y for each in parts]),
        np.concatenate([each.v for each in parts]),
        np.concatenate([each.weight[each.test] for each in parts]),
    )


def _related(names: tuple[str, ...], shared: float) -> Floats:
    level = np.array([name.split("\0")[1] for name in names])
    return np.where(level[:, None] == level[None, :], shared, 0.0) + (1 - shared) * np.eye(
        len(names)
    )
