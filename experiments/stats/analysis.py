"""The whole analysis of an experiment: estimates, split, guardrails, fading, verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from experiments.stats import effects, srm
from experiments.stats.best import Race, race
from experiments.stats.contrast import Estimate, contrast
from experiments.stats.data import RANDOM_SPLITS, ExperimentData, Kind
from experiments.stats.guardrails import Guard, Guarded, guard
from experiments.stats.novelty import Halves, halves
from experiments.stats.verdict import Facts, State, Verdict, verdict

METHOD_VERSION = 1  # a stored result names it; raise it when a formula changes


@dataclass(frozen=True, slots=True)
class Compared:
    """One variant against the control: everything that is said about it."""

    name: str
    estimate: Estimate
    holm_p: float
    guardrails: tuple[Guarded, ...]
    halves: Halves | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer. `compared` holds the variants but the control (the first), in order.

    `best` names the variant to go on with when the verdict is repeat; `leading` the one that the
    chances favour now. `in_race` are the names not beaten yet. `p_best` has a chance for every
    variant, the control first. `srm` is None where the split was not random or nobody came.
    """

    control: str
    compared: tuple[Compared, ...]
    p_best: tuple[float, ...]
    best: str | None
    leading: str
    in_race: tuple[str, ...]
    srm: srm.SRM | None
    is_delivery_uneven: bool
    verdict: Verdict
    race: Race | None = None
    method_version: int = METHOD_VERSION


def analyse(data: ExperimentData) -> Analysis:
    """Estimates by variant, intervals, SRM, guardrails and the verdict of an experiment.

    Pure: the same data give the same answer, draws included (`data.seed`).
    """
    split, is_uneven, invalid = _split(data)
    compared = _compared(data, invalid)
    estimates = [each.estimate for each in compared]
    chances = effects.chances_best(
        [each.good_realistic for each in estimates],
        [each.variance for each in estimates],
        [each.control_variance for each in estimates],
        data.tau0,
        data.seed,
    )
    names = [each.name for each in data.variants]
    found = None
    if not data.has_control:
        dailies = [each.daily for each in data.variants]
        found = race(
            data.metric, dailies, alpha=data.alpha, tau0=data.tau0, against_first=estimates
        )
    told, best = _of_equals(data, found, compared) if found else _of_controlled(compared)
    in_race = found.in_race if found else _in_race(compared)
    return Analysis(
        control=names[0],
        compared=compared,
        p_best=tuple(chances.tolist()),
        best=best if told.state is State.REPEAT else None,
        leading=names[int(np.argmax(chances))],
        in_race=tuple(names[i] for i in in_race),
        srm=split,
        is_delivery_uneven=is_uneven,
        verdict=told,
        race=found,
    )


def _split(data: ExperimentData) -> tuple[srm.SRM | None, bool, tuple[str, ...]]:
    """The check of the split, whether delivery was uneven instead, reasons to withhold."""
    shares = [each.share for each in data.variants]
    given = None if None in shares else [share for share in shares if share is not None]
    rows: Sequence[Sequence[float]] = data.randomised or tuple(
        each.daily.exposures.tolist() for each in data.variants
    )
    found = srm.check(rows, given)
    reasons = []
    is_split = data.allocation in RANDOM_SPLITS
    if found and found.without_traffic:
        reasons.append("zero_traffic")
    elif found and is_split and found.is_flagged:
        reasons.append("srm")
    if data.tracking_gap:
        reasons.append("tracking_gap")
    if data.edited:
        reasons.append("edited")
    is_uneven = bool(found and not is_split and found.is_flagged)
    return (found if is_split else None), is_uneven, tuple(reasons)


def _compared(data: ExperimentData, invalid: tuple[str, ...]) -> tuple[Compared, ...]:
    metric, control = data.metric, data.variants[0].daily
    level = data.alpha / data.comparisons
    estimates = [
        contrast(metric, control, each.daily, alpha=level, tau0=data.tau0)
        for each in data.variants[1:]
    ]
    adjusted = effects.holm([each.p for each in estimates])
    rows = []
    for index, (variant, estimate) in enumerate(zip(data.variants[1:], estimates, strict=True)):
        guarded = _guarded(data, index + 1, level)
        parts = halves(metric, control, variant.daily)
        p = float(adjusted[index])
        facts = _facts(data, estimate, p <= data.alpha, guarded, parts, invalid)
        rows.append(Compared(variant.name, estimate, p, guarded, parts, verdict(facts)))
    return tuple(rows)


def _guarded(data: ExperimentData, index: int, level: float) -> tuple[Guarded, ...]:
    found = []
    for rail in data.guardrails:
        control, variant = rail.dailies[0], rail.dailies[index]
        estimate = contrast(rail.metric, control, variant, alpha=level, tau0=data.tau0)
        found.append(guard(rail.name, estimate, rail.margin))
    return tuple(found)


def _facts(
    data: ExperimentData,
    estimate: Estimate,
    is_decided: bool,
    guarded: tuple[Guarded, ...],
    parts: Halves | None,
    invalid: tuple[str, ...],
) -> Facts:
    metric = data.metric
    low, high = estimate.good_bounds
    return Facts(
        days=estimate.days,
        min_days=metric.min_days,
        events=sum(estimate.exposures) if metric.kind is Kind.MEAN else estimate.events,
        min_events=metric.min_events,
        lift=estimate.good_lift,
        low=low,
        high=high,
        width=estimate.width,
        realistic=estimate.good_realistic,
        delta=metric.delta,
        is_decided=is_decided,
        ended=data.ended,
        planned_lift=data.planned_lift,
        is_fading=bool(parts and parts.is_fading),
        harm=tuple(each.name for each in guarded if each.state is Guard.HARM),
        invalid=invalid,
    )


ORDER = (
    State.INVALID,
    State.REPEAT,
    State.RUNNING,
    State.TOO_EARLY,
    State.IMPROVE,
    State.SAME,
    State.DROP,
)


def _of_controlled(compared: tuple[Compared, ...]) -> tuple[Verdict, str | None]:
    """The verdict of the whole: that of the variant that is farthest from being done with.

    A variant to repeat decides; all dropped means that the control stays.
    """
    for state in ORDER:
        rows = [each for each in compared if each.verdict.state is state]
        if rows:
            top = max(rows, key=lambda each: each.estimate.good_realistic)
            return top.verdict, top.name
    raise AssertionError("every verdict has a state")


def _in_race(compared: tuple[Compared, ...]) -> tuple[int, ...]:
    """The control unless something is repeated, and the variants not dropped."""
    is_beaten = any(each.verdict.state is State.REPEAT for each in compared)
    rest = [i + 1 for i, each in enumerate(compared) if each.verdict.state is not State.DROP]
    return tuple(rest if is_beaten else [0, *rest])


def _of_equals(
    data: ExperimentData, found: Race, compared: tuple[Compared, ...]
) -> tuple[Verdict, str | None]:
    """The verdict on the best of several equals: against the strongest of the others."""
    for each in compared:
        if each.verdict.state in (State.INVALID, State.TOO_EARLY):
            return each.verdict, None
    index = found.best if found.best is not None else _strongest(data, found)
    level = data.alpha / data.comparisons
    dailies = [each.daily for each in data.variants]
    others = [i for i in range(len(dailies)) if i != index]
    rival = min(others, key=lambda i: found.gain(index, i))
    against = contrast(data.metric, dailies[rival], dailies[index], alpha=level, tau0=data.tau0)
    parts = halves(data.metric, dailies[rival], dailies[index])
    guarded = compared[index - 1].guardrails if index else ()
    facts = _facts(data, against, found.best is not None, guarded, parts, ())
    if found.best is None:
        # Only when every two are within the margin are they all the same.
        bounds = [each.good_bounds for each in found.pairs.values()]
        reach = max(max(-low, high) for low, high in bounds)
        facts = replace(facts, low=-reach, high=reach)
    return verdict(facts), data.variants[index].name


def _strongest(data: ExperimentData, found: Race) -> int:
    """The variant with the best realistic effect over the first."""
    gains = [0.0] + [found.pairs[0, j].good_realistic for j in range(1, len(data.variants))]
    return int(np.argmax(gains))
