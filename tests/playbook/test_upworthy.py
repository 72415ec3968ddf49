"""The whole archive of headlines, pooled."""

from __future__ import annotations

from time import process_time

import numpy as np
import pytest

from playbook.pooling import Label, Level, of_columns, pool
from tests.experiments import upworthy
from tests.experiments.upworthy import LENGTHS, Archive
from tests.shared import shared

FLAG = ("without", "with")


@pytest.fixture(scope="module")
def archive() -> Archive:
    return upworthy.read(shared(upworthy.PACKAGES))


def level_of(archive: Archive, name: str) -> np.ndarray:
    return upworthy.levels(archive, shared(upworthy.ATTRIBUTES), name)


def with_it(levels: tuple[Level, ...]) -> Level:
    return levels[1]


@pytest.mark.parametrize(
    ("name", "lift", "within", "label"),
    [
        ("has_question", -0.098, 0.005, Label.LOSING),
        ("has_number", 0.06, 0.006, Label.PROVEN),
        ("has_you", 0.0, 0.012, Label.UNPROVEN),
    ],
)
def test_what_a_headline_contains(archive, name, lift, within, label) -> None:
    found = with_it(pool(archive.evidence(level_of(archive, name), FLAG)))

    assert found.lift == pytest.approx(lift, abs=within)
    assert found.label is label
    if name == "has_number":
        assert found.p_next == pytest.approx(0.58, abs=0.02)


def test_long_headlines_win(archive) -> None:
    level = level_of(archive, "length_bucket")
    began = process_time()

    found = pool(archive.evidence(level, LENGTHS))

    assert process_time() - began < 2
    assert found[3].lift == pytest.approx(0.09, abs=0.007)
    assert [each.label for each in found] == [Label.LOSING] * 2 + [Label.PROVEN] * 2


def test_shuffled_labels_say_nothing(archive) -> None:
    """The same headlines, their property dealt anew within each experiment."""
    random = np.random.default_rng(1)
    level = level_of(archive, "has_question")
    lifts = []
    for _ in range(5):
        order = np.lexsort([random.random(len(level)), archive.test])
        back = np.argsort(np.argsort(archive.test, kind="stable"), kind="stable")
        lifts.append(with_it(pool(archive.evidence(level[order][back], FLAG))).lift)

    assert abs(np.mean(lifts)) < 0.015
    assert max(map(abs, lifts)) < 0.04


def test_a_quarter_of_tests_proves_almost_nothing(archive) -> None:
    """26 experiments at random, as a team has them after three months."""
    whole = archive.evidence(level_of(archive, "length_bucket"), LENGTHS)
    random = np.random.default_rng(2)
    proven = []
    for seed in range(60):
        kept = np.isin(whole.test, random.choice(whole.tests, 26, replace=False))
        part = of_columns(
            LENGTHS, whole.test[kept], whole.level[kept], whole.y[kept], whole.v[kept]
        )
        proven.append(sum(each.label is Label.PROVEN for each in pool(part, seed=seed)))

    assert np.mean(proven) < 0.1
