"""Every file of the table in docs/metrics-import.md gives what the table says."""

from __future__ import annotations

import re
from datetime import date

import pytest

from experiments.imports import reading, surveying
from experiments.imports.values import Answers, Row
from tests.shared import ROOT, shared

DOCS = ROOT / "docs" / "metrics-import.md"


def lines() -> list[list[str]]:
    found = [line for line in DOCS.read_text().splitlines() if re.match(r"\| \S+/\S+\.csv", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found]


@pytest.mark.parametrize("said", lines(), ids=lambda said: said[0])
def test_a_real_file_is_imported_or_refused_as_documented(said: list[str]) -> None:
    name, outcome, asked, count, *spots = said
    path = shared(f"metrics/{name}")
    first = surveying.survey(path)

    found = surveying.survey(path, answers_of(asked, first.survey.questions))

    if outcome.startswith("refused: "):
        assert [each.code for each in found.survey.refusals] == [outcome.removeprefix("refused: ")]
        return
    assert bool(first.survey.questions) == (asked != "–")
    assert not found.survey.refusals
    assert not found.survey.questions
    table = found.survey.tables[0]
    assert (f"{table.source}.{table.kind}", found.survey.rows) == (outcome, int(count))
    rows = list(reading.rows(found))
    assert not [each for each in rows if not isinstance(each, Row)]
    for spot in spots:
        assert spot in {line for row in rows for line in spots_of(row)}


def test_the_table_names_every_file_there_is() -> None:
    folder = shared("metrics")

    there = {str(path.relative_to(folder)) for path in folder.rglob("*.csv")}

    assert {said[0] for said in lines()} == there


def answers_of(asked: str, questions) -> Answers:
    if asked.startswith("order "):
        return Answers(date_order={each.column: asked[6:] for each in questions})
    if asked.startswith("period to "):
        return Answers(period_end=date.fromisoformat(asked.removeprefix("period to ")))
    return Answers()


def spots_of(row: Row) -> list[str]:
    key = row.subject.external_id or str(row.period_end)
    return [
        f"{key} {metric} = {'missing' if value is None else value}"
        for metric, value in row.metrics.items()
    ]
