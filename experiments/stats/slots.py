"""Randomised publishing slots: which of two variants goes out in which slot was drawn before.

The unit is a post, not an impression; two posts differ by a factor of 2 by luck alone, so this
takes many posts, and says so. Blocks are week by channel: only posts of one block are compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, product
from math import ceil, comb, log, prod

import numpy as np

from experiments.stats import effects
from experiments.stats.data import ALPHA, Flags, Floats, Ints
from experiments.stats.within import half_width, log_e_value

POST_SD = 0.72  # of log KPI between comparable posts of one channel, 0.65 to 0.8 on real pages
POST_SD_DOUBT = 0.15
SPREADS = np.linspace(0.2, 1.6, 57)
REARRANGEMENTS = 10_000
LEAST_POSTS = 8


@dataclass(frozen=True, slots=True)
class Post:
    """One post: its block ("2026-W14 youtube"), whether it is the variant, events, exposures.

    `phi` is the overdispersion of its events.
    """

    block: str
    is_variant: bool
    events: float
    exposures: float
    phi: float = 1.0


@dataclass(frozen=True, slots=True)
class SlotResult:
    """The variant against the control on the log scale, always-valid interval, e-value.

    `p_permutation` is for one look, a check on the model. `spread` is the SD between posts (tau)
    that was used, `posts` how many of (control, variant) were in blocks with both, `needed` how
    many each takes in all to see +50 %.
    """

    log_lift: float
    log_low: float
    log_high: float
    variance: float
    log_e: float
    p_permutation: float
    spread: float
    posts: tuple[int, int]
    needed: int
    realistic: float
    p_better: float

    @property
    def is_enough(self) -> bool:
        """Before that there is nothing to be said of a contrast."""
        return min(self.posts) >= LEAST_POSTS // 2


def analyse_slots(
    posts: Sequence[Post],
    *,
    alpha: float = ALPHA,
    tau: float = 0.2,
    tau0: float = 0.2,
    usual_spread: float = POST_SD,
    seed: int = 0,
) -> SlotResult:
    """Compare the posts of both variants within their blocks.

    y = log((e+.5)/(n+.5)), v = phi/(e+.5), weights 1/(v + spread²); the contrast of the pooling
    model (see playbook.pooling) with two levels, blocks for tests. The spread is the most likely
    one given the posts and what is usual (normal, SD 0.15), by restricted likelihood. Raises
    ValueError when no block holds both variants.
    """
    kept = _in_mixed_blocks(posts)
    if not kept:
        raise ValueError("no block holds posts of both variants")
    y = np.array([log((p.events + 0.5) / (p.exposures + 0.5)) for p in kept])
    v = np.array([p.phi / (p.events + 0.5) for p in kept])
    is_b = np.array([p.is_variant for p in kept])
    names = sorted({p.block for p in kept})
    block = np.array([names.index(p.block) for p in kept])
    spread = _likeliest_spread(y, v, is_b, block, usual_spread)
    w = 1 / (v + spread**2)
    lift, variance = _contrast(y, w, is_b, block)
    half = float(half_width(variance, tau, alpha))
    realistic, sd = effects.shrunken(lift, variance, tau0)
    return SlotResult(
        log_lift=lift,
        log_low=lift - half,
        log_high=lift + half,
        variance=variance,
        log_e=float(log_e_value(lift, variance, tau)),
        p_permutation=permutation_p(y, is_b, block, seed=seed),
        spread=spread,
        posts=(int((~is_b).sum()), int(is_b.sum())),
        needed=posts_needed(log(1.5), spread),
        realistic=realistic,
        p_better=effects.chance_above(realistic, sd),
    )


def posts_needed(lift: float, spread: float = 0.8) -> int:
    """Posts of each variant to see a log lift with 80 % power in one look: 2 (2.8 sd / l)².

    2.8 is 1.96 + 0.84. With an SD of 0.8, +50 % takes 61 posts each.
    """
    if lift == 0:
        raise ValueError("no number of posts finds a lift of 0")
    return ceil(2 * (2.8 * spread / lift) ** 2 - 0.5)


def draw(slots: Sequence[str], *, seed: int) -> list[bool]:
    """Which slots get the variant: in every block (the name given for each) half of them.

    With an odd number, chance decides who gets the one more. The same seed, the same draw.
    """
    random = np.random.default_rng(seed)
    drawn = np.zeros(len(slots), dtype=bool)
    for name in sorted(set(slots)):
        places = np.flatnonzero(np.array(slots) == name)
        half = len(places) // 2 + int(len(places) % 2 and random.random() < 0.5)
        drawn[random.permutation(places)[:half]] = True
    return drawn.tolist()


def permutation_p(y: Floats, is_variant: Flags, block: Ints, *, seed: int = 0) -> float:
    """Two-sided p of the difference within blocks, by redrawing which post was the variant.

    All rearrangements when there are at most 10,000, else so many drawn by the seed (and one is
    added to both counts: Phipson and Smyth, Stat. Appl. Genet. Mol. Biol. 2010). Fisher (1935).
    """
    rows = [np.flatnonzero(block == name) for name in np.unique(block)]
    sizes = [(len(row), int(is_variant[row].sum())) for row in rows]
    # Counts and totals of a block stay as they are, so the variant's centred sum says all.
    score = y.astype(float).copy()
    for row in rows:
        score[row] -= y[row].mean()
    seen = abs(float(score[is_variant].sum())) - 1e-12
    if prod(comb(n, b) for n, b in sizes) <= REARRANGEMENTS:
        sums = [
            [float(score[row][list(chosen)].sum()) for chosen in combinations(range(n), b)]
            for row, (n, b) in zip(rows, sizes, strict=True)
        ]
        return float(np.mean([abs(sum(each)) >= seen for each in product(*sums)]))
    random, total = np.random.default_rng(seed), np.zeros(REARRANGEMENTS)
    for row, (_, b) in zip(rows, sizes, strict=True):
        order = random.random((REARRANGEMENTS, len(row))).argsort(axis=1)[:, :b]
        total += score[row][order].sum(axis=1)
    return float((np.sum(np.abs(total) >= seen) + 1) / (REARRANGEMENTS + 1))


def _in_mixed_blocks(posts: Sequence[Post]) -> list[Post]:
    kinds: dict[str, set[bool]] = {}
    for post in posts:
        if post.exposures > 0:
            kinds.setdefault(post.block, set()).add(post.is_variant)
    return [p for p in posts if p.exposures > 0 and len(kinds[p.block]) == 2]


def _contrast(y: Floats, w: Floats, is_b: Flags, block: Ints) -> tuple[float, float]:
    """Weighted least squares with a level for every block: the lift and its variance."""
    total = np.bincount(block, w)
    of_b = np.bincount(block, w * is_b)
    information = float((of_b * (total - of_b) / total).sum())
    mean = (np.bincount(block, w * y) / total)[block]
    return float((w * is_b * (y - mean)).sum()) / information, 1 / information


def _likeliest_spread(y: Floats, v: Floats, is_b: Flags, block: Ints, usual: float) -> float:
    """Mode of the spread: restricted likelihood times a normal prior about what is usual."""
    logs = []
    for spread in SPREADS:
        w = 1 / (v + spread**2)
        lift, variance = _contrast(y, w, is_b, block)
        rest = y - lift * is_b
        total = np.bincount(block, w)
        mean = (np.bincount(block, w * rest) / total)[block]
        fit = 0.5 * np.log(w).sum() - 0.5 * np.log(total).sum() + 0.5 * log(variance)
        fit -= 0.5 * float((w * (rest - mean) ** 2).sum())
        logs.append(fit - 0.5 * ((spread - usual) / POST_SD_DOUBT) ** 2)
    return float(SPREADS[int(np.argmax(logs))])
