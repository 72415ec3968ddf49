"""Posts that nobody drew by lot: what they suggest, kept apart from what tests show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from playbook.pooling.evidence import Evidence, Floats
from playbook.pooling.levels import Label, Level, summarise
from playbook.pooling.model import Priors, fit, sums

POST_SD = 0.7  # between comparable posts, on the log scale
SURE, DOUBTFUL = 0.80, 0.20
_CAPPED = {Label.PROVEN: Label.WORTH_TESTING, Label.PROMISING: Label.WORTH_TESTING}


def observational(evidence: Evidence, *, seed: int = 0) -> tuple[Level, ...]:
    """The same model with posts for arms and weeks for tests; "worth testing" is the most it says.

    Nothing here reaches the labels of randomised evidence: they are fitted apart.
    """
    priors = Priors(tau=POST_SD)
    found = summarise(evidence, fit(sums(evidence, priors), priors=priors, seed=seed), seed=seed)
    return tuple(
        replace(each, label=_CAPPED.get(each.label, Label.UNPROVEN), more_tests=None)
        for each in found
    )


def disagreements(randomised: Sequence[Level], observed: Sequence[Level]) -> list[str]:
    """Names of the levels that tests and posts say opposite things of (P at least 0.8 each)."""
    posts = {each.name: each.p_better for each in observed}
    return [
        each.name
        for each in randomised
        if each.name in posts
        and (
            (each.p_better >= SURE and posts[each.name] <= DOUBTFUL)
            or (each.p_better <= DOUBTFUL and posts[each.name] >= SURE)
        )
    ]


def adjusted(log_kpi: Floats, impressions: Floats, is_paid: Floats) -> Floats:
    """Logarithms of the KPI less what reach and money explain.

    Takes off the median of the tenth by impressions, then that of paid and unpaid posts: a rate
    falls with reach, and bought reach is another audience.
    """
    left = np.asarray(log_kpi, dtype=float).copy()
    rank = np.argsort(np.argsort(impressions, kind="stable"), kind="stable")
    tenth = rank * 10 // max(len(left), 1)
    for groups in (tenth, np.asarray(is_paid, dtype=int)):
        for group in np.unique(groups):
            left[groups == group] -= np.median(left[groups == group])
    return left
