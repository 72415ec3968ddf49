"""A post among its like, and answers as plain values."""

from __future__ import annotations

import json
from math import log

import pytest

from experiments.stats import Daily, analyse, comparable, plain
from tests.experiments.stats.days import counts, experiment


def test_a_post_is_ranked_among_comparable_posts() -> None:
    found = comparable(0.03, [0.01, 0.02, 0.03, 0.04, 0.015, 0])

    assert found is not None
    assert (found.percentile, found.n) == (70.0, 5)
    assert found.residual == pytest.approx(log(0.03 / 0.02))
    assert found.z is not None and found.z > 0
    assert comparable(0.03, [0.01, 0.02, 0.03, 0.04]) is None
    assert comparable(0.0, [0.01] * 9) is None
    alike = comparable(0.02, [0.01] * 9)
    assert alike is not None and alike.z is None


@pytest.mark.parametrize("has_control", [True, False])
def test_every_answer_can_be_kept_as_json(has_control) -> None:
    none = Daily.of([1000.0] * 14, [0] * 14)
    data = experiment(counts(0.02), none, counts(0.0002, seed=4), has_control=has_control)

    kept = json.loads(json.dumps(plain(analyse(data)), allow_nan=False))

    assert kept["compared"][0]["estimate"]["log_low"] is None
    assert kept["best"] == (None if has_control else "A")
    assert kept["method_version"] == 1
