"""docs/method.md: 94 rows, and every address, operation and test in them exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import resolve

from tests.production.api.description import document

ROOT = Path(__file__).parents[1]
NOT_YET = 15  # requirements without a page; each one that gets one takes this down
SAMPLE = {"{slug}": "studio", "{key}": "VID-1"}


def rows() -> dict[str, list[str]]:
    found = {}
    for line in (ROOT / "docs" / "method.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"R\d+", cells[0]):
            found[cells[0]] = cells[1:]
    return found


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


ROWS = rows()
THERE = {number: cells for number, cells in ROWS.items() if not cells[1].startswith("not yet:")}


def test_each_requirement_has_its_row_and_few_have_no_page() -> None:
    assert list(ROWS) == [f"R{number}" for number in range(1, 95)]
    assert len(ROWS) - len(THERE) == NOT_YET


@pytest.mark.parametrize("number", THERE)
def test_what_a_row_names_is_there(number: str) -> None:
    _asked, pages, operations, tests = THERE[number]
    assert named(pages)
    assert named(tests)
    for address in named(pages):
        path = f"/w/{{slug}}/{address}"
        for slot, value in SAMPLE.items():
            path = path.replace(slot, value)
        resolve(path)
    described = document()["paths"]
    for operation in named(operations):
        method, path = operation.split()
        assert method.lower() in described[f"/api/v1{path}"], operation
    for test in named(tests):
        file, name = test.split("::")
        text = (ROOT / "tests" / file).read_text()
        assert re.search(rf"^def {name}\(", text, re.MULTILINE), test
