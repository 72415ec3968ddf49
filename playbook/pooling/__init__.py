"""Pooling randomised tests by what their variants have in common: hook, length, call to action.

`pool(collect(tests))` says of every level what it is worth and how sure that is. Numbers in,
numbers out; how it was tried out stands in docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Collection

from playbook.pooling.channels import pool_channels
from playbook.pooling.evidence import (
    HALF_LIFE,
    SHORT_HALF_LIFE,
    Arm,
    Evidence,
    PastTest,
    arm_of_events,
    arm_of_mean,
    collect,
    of_columns,
    recency,
)
from playbook.pooling.following import Contrast, next_contrasts
from playbook.pooling.levels import Label, Level, expected_false, label, summarise
from playbook.pooling.model import Fit, Priors, Sums, add, fit, sums
from playbook.pooling.observed import adjusted, disagreements, observational

__all__ = [
    "HALF_LIFE",
    "SHORT_HALF_LIFE",
    "Arm",
    "Contrast",
    "Evidence",
    "Fit",
    "Label",
    "Level",
    "PastTest",
    "Priors",
    "Sums",
    "add",
    "adjusted",
    "arm_of_events",
    "arm_of_mean",
    "collect",
    "disagreements",
    "expected_false",
    "fit",
    "label",
    "next_contrasts",
    "observational",
    "of_columns",
    "pool",
    "pool_channels",
    "recency",
    "summarise",
    "sums",
]


def pool(evidence: Evidence, *, decided: Collection[str] = (), seed: int = 0) -> tuple[Level, ...]:
    """What is said of every level of the evidence; nothing when no test compares two."""
    if not evidence.tests:
        return ()
    return summarise(evidence, fit(sums(evidence), seed=seed), decided=decided, seed=seed)
