"""The Upworthy archive: real headline tests with totals only, read into columns.

Matias, Munger, Aubin Le Quere, Ebersole (Scientific Data 2021), exploratory packages. One period
an experiment, so phi is 1 and the least number of days is waived.
"""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from experiments.stats import Daily, ExperimentData, Kind, Metric, Variant
from playbook.pooling import Evidence, of_columns

PACKAGES = "abtests/upworthy/upworthy_exploratory_packages.csv.gz"
ATTRIBUTES = "abtests/upworthy/upworthy_headline_attributes_derived.csv.gz"
CLICKS = Metric(Kind.PROPORTION, min_days=1)
LENGTHS = ("le_8", "9_12", "13_16", "17_plus")


@dataclass(frozen=True, slots=True, eq=False)
class Archive:
    """A row a variant, those of an experiment together; `withdrawn` marks the window that the
    archive's authors took back for broken randomisation."""

    test: NDArray[np.int_]
    headline: list[str]
    impressions: NDArray[np.float64]
    clicks: NDArray[np.float64]
    withdrawn: NDArray[np.bool_]
    keys: list[str]

    @property
    def starts(self) -> NDArray[np.int_]:
        """The first row of every experiment, and one past the last."""
        return np.concatenate([[0], np.cumsum(np.bincount(self.test))])

    def experiments(self) -> Iterator[tuple[bool, ExperimentData]]:
        """Every experiment with whether it lies in the withdrawn window."""
        for begin, end in zip(self.starts[:-1], self.starts[1:], strict=True):
            variants = tuple(
                Variant(f"{row}", Daily.of([self.impressions[row]], [self.clicks[row]]))
                for row in range(begin, end)
            )
            data = ExperimentData(CLICKS, variants[:10], has_control=False)
            yield bool(self.withdrawn[begin]), data

    def evidence(self, level: NDArray[np.int_], names: tuple[str, ...]) -> Evidence:
        """What the experiments outside the window say of an attribute, without decay."""
        kept = ~self.withdrawn
        e, n = self.clicks[kept], self.impressions[kept]
        y, v = np.log((e + 0.5) / (n + 0.5)), 1 / (e + 0.5)
        return of_columns(names, self.test[kept], level[kept], y, v)


def read(packages: Path) -> Archive:
    """All 22,666 variants, sorted by experiment."""
    with gzip.open(packages, "rt", encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["test_id"])
    number: dict[str, int] = {}
    test = [number.setdefault(row["test_id"], len(number)) for row in rows]
    return Archive(
        np.array(test),
        [row["headline"] for row in rows],
        np.array([float(row["impressions"]) for row in rows]),
        np.array([float(row["clicks"]) for row in rows]),
        np.array([row["randomisation_problem"] == "1" for row in rows]),
        list(number),
    )


def levels(archive: Archive, attributes: Path, name: str) -> NDArray[np.int_]:
    """The level of every variant: 0 or 1 of a flag, the place in LENGTHS of "length_bucket"."""
    with gzip.open(attributes, "rt", encoding="utf-8") as file:
        found = {(row["test_id"], row["headline"]): row[name] for row in csv.DictReader(file)}
    of_row = [
        found[archive.keys[test], headline]
        for test, headline in zip(archive.test, archive.headline, strict=True)
    ]
    return np.array([LENGTHS.index(each) if each in LENGTHS else int(each) for each in of_row])
