"""Pooling tests by an attribute: a hierarchical model with a level, a wording and free tests.

    y_ik = alpha_i + theta_level(k) + u_ik + eps,  u ~ N(0, tau²),  theta ~ N(0, omega²)

alpha_i is free, so only what was compared within a test counts. tau ("this wording") and omega
("this type") are integrated over a grid with priors HalfNormal(0.25) and HalfNormal(0.15): with a
quarter's data an estimate of omega falls to 0 or explodes (Gelman, Bayesian Anal. 2006; Röver,
Knapp, Friede 2015). Shrinkage takes care of many levels (Gelman, Hill, Yajima 2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import softmax

from playbook.pooling.evidence import Evidence, Floats

DRAWS = 4_000
TAU_SCALE = 0.25
OMEGA_SCALE = 0.15
# In units of the prior's scale; dense where the prior is, each cell weighted by its width.
_TAU_EDGES = 3.0 * (np.arange(11) / 10) ** 1.25
_OMEGA_EDGES = 3.0 * (np.arange(10) / 9) ** 1.25


@dataclass(frozen=True, slots=True)
class Priors:
    """Scales of the half-normal priors, and how alike levels are beforehand.

    `related` is the prior correlation of the levels (None: none), for borrowing between channels.
    """

    tau: float = TAU_SCALE
    omega: float = OMEGA_SCALE
    related: Floats | None = None

    @property
    def taus(self) -> Floats:
        """Ten values of tau."""
        return self.tau * (_TAU_EDGES[1:] + _TAU_EDGES[:-1]) / 2

    @property
    def omegas(self) -> Floats:
        """Nine values of omega."""
        return self.omega * (_OMEGA_EDGES[1:] + _OMEGA_EDGES[:-1]) / 2

    @property
    def log_weights(self) -> Floats:
        """Log prior of every cell (10, 9): density times width."""
        tau = -0.5 * (self.taus / self.tau) ** 2 + np.log(np.diff(_TAU_EDGES))
        omega = -0.5 * (self.omegas / self.omega) ** 2 + np.log(np.diff(_OMEGA_EDGES))
        return np.asarray(tau[:, None] + omega[None, :])


DEFAULT = Priors()


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """What tests contribute, for every tau: A (10, L, L), b (10, L), c (10).

    Sums of two sets of tests add up, so a closed test is one addition.
    """

    a: Floats
    b: Floats
    c: Floats

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.a + other.a, self.b + other.b, self.c + other.c)

    def times(self, weight: float) -> Sums:
        """Counted with a weight (recency)."""
        return Sums(weight * self.a, weight * self.b, weight * self.c)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Draws of the posterior: theta (draws, L) and tau (draws,); `cells` its weights (10, 9)."""

    theta: Floats
    tau: Floats
    cells: Floats


def sums(evidence: Evidence, priors: Priors = DEFAULT) -> Sums:
    """A, b and the part of the likelihood without theta, weighted by recency.

    w = 1/(v + tau²), W_i = sum_k w, A = sum_i r_i (diag(w by level) - w_l w_l'/W_i),
    b = sum_i r_i (w (y - ybar_i)) by level,
    c = sum_i r_i (.5 sum log w - .5 log W_i - .5 sum w (y - ybar_i)²).
    """
    levels, tests, r = len(evidence.levels), evidence.tests, evidence.weight
    cell = evidence.test * levels + evidence.level
    of_a, of_b, of_c = [], [], []
    for tau in priors.taus:
        w = 1 / (evidence.v + tau**2)
        total = np.bincount(evidence.test, w, tests)
        mean = np.bincount(evidence.test, w * evidence.y, tests) / total
        away = evidence.y - mean[evidence.test]
        by_level = np.bincount(cell, w, tests * levels).reshape(tests, levels)
        shifted = np.bincount(cell, w * away, tests * levels).reshape(tests, levels)
        of_a.append(np.diag(r @ by_level) - by_level.T @ (by_level * (r / total)[:, None]))
        of_b.append(r @ shifted)
        rows = 0.5 * np.log(w) - 0.5 * w * away**2
        of_c.append(r @ (np.bincount(evidence.test, rows, tests) - 0.5 * np.log(total)))
    return Sums(np.array(of_a), np.array(of_b), np.array(of_c))


def fit(found: Sums, *, priors: Priors = DEFAULT, seed: int = 0, draws: int = DRAWS) -> Fit:
    """Draw from the posterior of levels and spreads.

    theta | tau, omega ~ N((A + I/omega²)^-1 b, (A + I/omega²)^-1); a cell's weight is
    exp(c - .5 log|I + omega² A| + .5 b' theta-hat) times its prior. With related levels, I is
    their prior correlation. The same sums and seed give the same draws.
    """
    levels = found.b.shape[1]
    root = np.eye(levels) if priors.related is None else np.linalg.cholesky(priors.related)
    values, vectors = np.linalg.eigh(root.T @ found.a @ root)
    values = np.maximum(values, 0.0)  # A has the direction of a common shift, with value 0
    along = np.einsum("gij,gi->gj", vectors, found.b @ root)
    precision = values[:, None, :] + 1 / priors.omegas[None, :, None] ** 2
    middle = along[:, None, :] / precision
    log_cells = (
        found.c[:, None]
        - 0.5 * np.log1p(values[:, None, :] * priors.omegas[None, :, None] ** 2).sum(axis=2)
        + 0.5 * (along[:, None, :] * middle).sum(axis=2)
        + priors.log_weights
    )
    cells = softmax(log_cells)
    random = np.random.default_rng(seed)
    noise = random.standard_normal((draws, levels))
    # Systematic draws of the cells: as many of each as it weighs, no noise of their own.
    places = (np.arange(draws) + 0.5) / draws
    chosen = np.searchsorted(np.cumsum(cells.ravel()), places).clip(0, cells.size - 1)
    g, h = np.unravel_index(chosen, cells.shape)
    turned = middle[g, h] + noise / np.sqrt(precision[g, h])
    theta = np.einsum("dij,dj->di", vectors[g], turned) @ root.T
    return Fit(theta, priors.taus[g], cells)


def add(parts: Sequence[Sums], weights: Sequence[float]) -> Sums:
    """Stored sums of single tests, each with today's recency. Raises ValueError without tests."""
    if not parts:
        raise ValueError("no tests")
    r = np.asarray(weights, dtype=float)
    return Sums(
        np.tensordot(r, np.array([each.a for each in parts]), 1),
        np.tensordot(r, np.array([each.b for each in parts]), 1),
        np.tensordot(r, np.array([each.c for each in parts]), 1),
    )
