"""4 873 real experiments: what the product says of them."""

from __future__ import annotations

import itertools
from time import process_time

import numpy as np
import pytest

from experiments.stats import State, analyse, srm
from experiments.stats.best import best_of_totals
from tests.experiments import upworthy
from tests.experiments.upworthy import Archive
from tests.shared import shared


@pytest.fixture(scope="module")
def archive() -> Archive:
    return upworthy.read(shared(upworthy.PACKAGES))


def test_the_whole_archive_is_there(archive) -> None:
    assert len(archive.test) == 22_666
    assert len(archive.keys) == 4_873
    assert archive.withdrawn[archive.starts[:-1]].sum() == 1_102


def test_the_broken_weeks_are_found_and_hardly_any_other(archive) -> None:
    begins = archive.starts
    checks = [
        srm.check(archive.impressions[begin:end, None]) for begin, end in itertools.pairwise(begins)
    ]
    flagged = np.array([found is not None and found.is_flagged for found in checks])
    withdrawn = archive.withdrawn[begins[:-1]]

    assert flagged[withdrawn].mean() == pytest.approx(0.668, abs=0.0005)
    assert flagged[~withdrawn].mean() < 0.005


def test_few_headlines_beat_all_their_rivals_for_certain(archive) -> None:
    best = best_of_totals(archive.test, archive.impressions, archive.clicks)

    assert (best >= 0).mean() == pytest.approx(0.012, abs=0.003)


def test_each_hundredth_alone_is_told_like_all_at_once(archive) -> None:
    at_once = best_of_totals(archive.test, archive.impressions, archive.clicks)
    chosen = [*range(0, 4_873, 100), *np.flatnonzero(at_once >= 0)[:10].tolist()]
    experiments = list(archive.experiments())

    for number in chosen:
        found = analyse(experiments[number][1])
        assert found.race is not None
        alone = -1 if found.race.best is None else found.race.best + archive.starts[number]
        assert at_once[number] == alone
        assert (found.verdict.state is State.REPEAT) <= (alone >= 0)


@pytest.mark.soak
def test_the_archive_is_analysed_in_half_a_minute(archive) -> None:
    experiments = list(archive.experiments())
    began = process_time()

    found = [(withdrawn, analyse(data)) for withdrawn, data in experiments]

    assert process_time() - began < 30
    invalid = [each.verdict.state is State.INVALID for withdrawn, each in found if withdrawn]
    assert np.mean(invalid) == pytest.approx(0.668, abs=0.0005)
    best = [each.race is not None and each.race.best is not None for _, each in found]
    assert np.mean(best) == pytest.approx(0.012, abs=0.003)
