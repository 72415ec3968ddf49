"""What may be asked of the figures of flow, and by whom."""

from __future__ import annotations

from typing import Any

import pytest

from production.ids import new_id
from production.permissions import TABLE
from tests.production.api.standing import Standing
from tests.production.api.test_description import operations
from tests.production.api.test_flow import FIGURES

LONG_AGO = "from=2020-01-01&to=2020-01-30"


def test_of_nothing_there_are_no_figures_and_never_zero_for_unknown(standing: Standing) -> None:
    def said(name: str) -> Any:
        return standing.send("kim", "get", f"/flow/{name}/?{LONG_AGO}").json()

    headline, stages, sle = (said(n) for n in ("headline", "stages", "sle"))
    share, forecast = (said(name) for name in ("efficiency", "forecast"))

    assert headline["too_few"]
    assert (headline["p50"], headline["share_within_target"]) == (None, None)
    assert headline["change"]["p50_seconds"] is None
    assert (stages["median"], stages["bottleneck"]) == (None, None)
    assert (sle["within_seconds"], sle["kept"]) == (None, None)
    assert (share["share"], share["missing"]) == (None, "too_few")
    assert (forecast["how_many"], forecast["missing"]) == (None, "nothing_published")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("channnel=none", "channnel"),
        ("days=31", "days"),
        ("days=30&from=2026-03-10", "days"),
        ("from=2026-04-10&to=2026-03-10", "from"),
        ("from=2019-01-01&to=2026-01-01", "from"),
        ("from=0001-01-01&to=0001-01-05", "from"),
        ("to=2026-03-10", "from"),
        ("from=yesterday", "from"),
        ("from=2026-03-10&to=2999-01-01", "to"),
        ("channel=youtube", "channel"),
        ("board=brd_01JD2M0Z9Q4T7W8X5V3R6P1N0K", "board"),
    ],
)
@pytest.mark.parametrize("name", FIGURES)
def test_what_means_nothing_is_a_problem_and_not_a_figure(
    name: str, query: str, field: str, standing: Standing
) -> None:
    answer = standing.send("ann", "get", f"/flow/{name}/?{query}")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("forecast/?by=2020-01-01", "by"),
        ("forecast/?items=0", "items"),
        ("headline/?items=5", "items"),
        ("standing/?days=30&on=2020-01-01", "on"),
        ("standing/?on=monday", "on"),
        ("items/?limit=1000", "limit"),
        ("groups/?per=weather", "per"),
    ],
)
def test_a_parameter_of_one_figure_is_checked_there(
    address: str, field: str, standing: Standing
) -> None:
    answer = standing.send("ann", "get", f"/flow/{address}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == field


# Who may


def test_figures_are_for_the_team_and_not_for_externals() -> None:
    for _, path, operation in operations():
        if path.startswith("/api/v1/flow/"):
            assert operation["x-permission"] == "flow.see"
    assert "external" not in TABLE["flow.see"]
    assert len(FIGURES) == 14


@pytest.mark.parametrize("name", FIGURES)
def test_otto_gets_no_figure_and_ann_none_of_a_foreign_board(name: str, standing: Standing) -> None:
    foreign, nowhere = standing.strangers.board.public_id, new_id("brd")

    otto = standing.send("otto", "get", f"/flow/{name}/")
    one = standing.send("ann", "get", f"/flow/{name}/?board={foreign}")
    other = standing.send("ann", "get", f"/flow/{name}/?board={nowhere}")

    assert otto.status_code == 403
    assert one.status_code == other.status_code == 400
    assert one.json()["errors"][0]["message"] == (
        other.json()["errors"][0]["message"].replace(nowhere, foreign)
    )
