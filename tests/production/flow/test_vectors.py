"""Our figures beside those of other programs: docs/flow.md says of each vector what we give."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.production.flow.vectors import FILES, VECTORS, oracle

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "flow.md"
MANDATORY = (
    ("jira_time_in_status_oracle", "items"),
    ("lighthouse_flow", "when_forecast_percentile"),
    ("lighthouse_flow", "when_forecast_likelihood_percent"),
    ("lighthouse_flow", "how_many_percentile"),
    ("lighthouse_flow", "how_many_likelihood_percent"),
    ("jam_cfd_wip_throughput", "small expected_cfd"),
    ("jam_cfd_wip_throughput", "large expected_cfd"),
    ("jam_cfd_wip_throughput", "large expected_throughput_daily"),
    ("jam_cfd_wip_throughput", "large expected_throughput_daily_last_5"),
)


class Row(NamedTuple):
    file: str
    section: str
    cases: tuple[int, ...]
    says: str
    why: str


def table() -> list[Row]:
    rows = []
    for line in DOCUMENT.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0] in FILES:
            rows.append(Row(cells[0], cells[1], numbers(cells[2]), cells[3], cells[4]))
    return rows


def numbers(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in text.split(","):
        first, _, last = part.strip().partition("–")
        found += range(int(first), int(last or first) + 1)
    return tuple(found)


def sections_of(file: str) -> set[str]:
    """What the file holds that somebody computed."""
    data = oracle(file)
    if file == "jam_cycle_time":
        return set(data["cases"])
    if file == "jam_cfd_wip_throughput":
        return {f"{size} {k}" for size in ("small", "large") for k in data[size] if k != "cards"}
    inputs = {"meta", "warning", "calendars", "cards_relative_seconds", "now"}
    return set(data) - inputs


@pytest.mark.parametrize("file", FILES)
def test_every_vector_of_the_file_is_computed(file):
    assert {section for name, section in VECTORS if name == file} == sections_of(file)


@pytest.mark.parametrize(("file", "section"), VECTORS)
def test_the_table_says_of_every_vector_what_we_give(file, section):
    pairs = VECTORS[file, section]()
    rows = [row for row in table() if (row.file, row.section) == (file, section)]

    said = {case: row.says for row in rows for case in row.cases}
    ours = {
        case: "same" if mine == theirs else "differs"
        for case, (mine, theirs) in enumerate(pairs, start=1)
    }
    assert said == ours
    assert sum(len(row.cases) for row in rows) == len(pairs)


def test_the_table_names_nothing_that_is_not_there_and_says_why_where_we_differ():
    rows = table()

    assert {(row.file, row.section) for row in rows} == set(VECTORS)
    assert {row.says for row in rows} == {"same", "differs"}
    assert all(len(row.why) > 20 for row in rows if row.says == "differs")


@pytest.mark.parametrize(("file", "section"), MANDATORY)
def test_what_must_agree_agrees(file, section):
    pairs = VECTORS[file, section]()

    assert pairs
    assert [ours for ours, _ in pairs] == [theirs for _, theirs in pairs]


def test_the_age_of_work_in_progress_agrees_wherever_there_is_an_age_and_a_date():
    pairs = VECTORS["lighthouse_flow", "work_item_age_days_plus_one"]()
    given = [(ours, theirs) for ours, theirs in pairs if ours is not None]

    assert len(given) == 4
    assert all(ours == theirs for ours, theirs in given)
    assert [theirs for ours, theirs in pairs if ours is None] == [1, 0, 0]


def test_the_figures_that_must_not_be_given_are_not():
    pairs = VECTORS["kanboard_negative_oracle", "kanboard_result"]()

    assert len(pairs) == 3
    assert all(ours != theirs for ours, theirs in pairs)


def test_the_jira_vectors_hold_117_totals():
    pairs = VECTORS["jira_time_in_status_oracle", "items"]()

    assert sum(len(totals) for (totals, _), _ in pairs) == 117


def test_every_definition_is_written_down_once():
    names = re.findall(r"^\| ([a-z][^|]*?) \|", DOCUMENT.read_text(), flags=re.MULTILINE)
    defined = [name for name in names if name not in FILES]

    assert len(defined) == len(set(defined))
