"""Charts are drawn right: scales, ticks, labels that keep apart, markup that is well formed."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from production import charts
from production.charts import labels, scales, svg

HELSINKI = ZoneInfo("Europe/Helsinki")
START = datetime(2026, 10, 19, tzinfo=HELSINKI)
NASTY = "“<script>alert('1')</script>” & Ääni \x00\x0b\ufffe ]]> 5 > 3"
SIZES = (charts.FULL, charts.HALF, charts.NARROW)

positive = st.floats(min_value=0.01, max_value=1e6)


def write(value: float) -> str:
    return f"{value:g}"


def points(count: int = 12) -> list[charts.Point]:
    return [
        charts.Point(
            START + timedelta(hours=31 * n), 10.0 * n, f"{NASTY} {n}", f"/?a={n}&b=2", NASTY, n > 7
        )
        for n in range(count)
    ]


def one_of_each() -> list[charts.Chart]:
    scatter = charts.Scatter(
        NASTY,
        NASTY,
        points(),
        START,
        START + timedelta(days=30),
        HELSINKI,
        charts.hour_ticks(96),
        write,
        lambda day, short: NASTY,
        [charts.Level(72, NASTY)],
    )
    bins = [charts.Bin(START, START + timedelta(days=1), 0, 6, 3, NASTY)]
    part = (
        charts.Part(4, "active", NASTY),
        charts.Part(2, "waiting"),
        charts.Part(1, "blocked", "1"),
    )
    dots = [charts.Dot(v, NASTY, "/?x=<1>", NASTY, state) for v, state in ((2, ""), (9, "bad"))]
    return [
        scatter,
        charts.Scatter(
            NASTY, NASTY, (), START, START, HELSINKI, [0, 6], write, lambda d, s: "", (), bins
        ),
        charts.Lines(
            NASTY,
            NASTY,
            [NASTY] * 3,
            [NASTY] * 3,
            [charts.Series([1, None, 3], NASTY, NASTY, strong=True)],
            [0, 1, 2, 3],
            write,
            [charts.Row(NASTY, [NASTY] * 3)],
            charts.Level(2, NASTY),
            charts.Stretch(0, 1, NASTY),
        ),
        charts.Bars(
            NASTY,
            NASTY,
            [charts.Bar(0, NASTY), charts.Bar(2, NASTY, "/?<>")],
            [(0, NASTY)],
            [0, 2],
            write,
        ),
        charts.Areas(
            NASTY,
            NASTY,
            [charts.Area([1, 2], NASTY, NASTY)],
            [(0, NASTY)],
            [NASTY] * 2,
            [0, 2],
            write,
        ),
        charts.Shares(
            NASTY,
            NASTY,
            [charts.Stack(NASTY, NASTY, [charts.Piece(NASTY, NASTY, NASTY, part)])],
            [("active", NASTY)],
            charts.Level(5, NASTY),
        ),
        charts.Strips(
            NASTY,
            NASTY,
            [charts.Strip(NASTY, NASTY, [(3, NASTY), (5, NASTY)], dots)],
            [0, 6],
            write,
        ),
    ]


@pytest.mark.parametrize("size", SIZES, ids=("full", "half", "narrow"))
@pytest.mark.parametrize("chart", one_of_each(), ids=lambda chart: type(chart).__name__)
def test_every_chart_is_well_formed_named_and_carries_no_markup_of_others(
    chart: charts.Chart, size: charts.Size
) -> None:
    drawn = chart.draw("fig", size)

    picture = ET.fromstring(drawn)
    ids = [each.get("id") for each in picture.iter() if each.get("id")]
    assert picture.find("title").text.startswith("“<script>alert")
    assert picture.get("aria-labelledby") in ids
    assert picture.get("aria-describedby") in ids
    assert len(ids) == len(set(ids))
    assert not list(picture.iter("script"))
    assert "style=" not in drawn
    assert not [each for each in picture.iter() if any(key.startswith("on") for key in each.attrib)]


@pytest.mark.parametrize("size", SIZES, ids=("full", "half", "narrow"))
def test_every_point_is_a_link_and_the_late_ones_have_another_shape(size: charts.Size) -> None:
    picture = ET.fromstring(one_of_each()[0].draw("fig", size))

    links = list(picture.iter("a"))
    assert picture.get("role") == "group"
    assert [link.get("href") for link in links] == [f"/?a={n}&b=2" for n in range(12)]
    assert all(link.get("aria-label") == link.find("title").text for link in links)
    shapes = [next(each for each in link if each.tag != "title") for link in links]
    assert [shape.tag for shape in shapes] == ["circle"] * 8 + ["path"] * 4
    assert shapes[11].get("class") == "late"


def test_a_line_stops_where_there_is_no_figure() -> None:
    line = charts.Lines(
        "t",
        "d",
        list("abcdef"),
        list("abcdef"),
        [charts.Series([1, 2, None, 3, None, 4], "s", "4")],
        [0, 4],
        write,
    )

    picture = ET.fromstring(line.draw("fig", charts.HALF))

    assert len([each for each in picture.iter("path") if each.get("class") == "line"]) == 1
    assert len([each for each in picture.iter("circle") if each.get("class") == "point"]) == 4


def test_the_parts_of_a_bar_are_as_long_as_they_lasted() -> None:
    bar = charts.Shares(
        "t",
        "d",
        [
            charts.Stack(
                "all",
                "7 h",
                [
                    charts.Piece("a", "4", "a", [charts.Part(4, "active")]),
                    charts.Piece(
                        "b", "3", "b", [charts.Part(2, "waiting"), charts.Part(1, "blocked")]
                    ),
                ],
            )
        ],
        [],
    )

    picture = ET.fromstring(bar.draw("fig", charts.HALF))

    parts = [
        each
        for each in picture.iter("rect")
        if each.get("class") in ("active", "outlined", "blocked")
    ]
    wide = [float(each.get("width")) + 1 for each in parts]
    assert [each.get("fill") for each in parts] == [None, "url(#fig-0-hatch)", None]
    assert wide[0] == pytest.approx(2 * wide[1], abs=0.3)
    assert wide[0] == pytest.approx(4 * wide[2], abs=0.3)


def test_a_table_tells_which_columns_are_numbers() -> None:
    table = charts.Table("t", ["Item", "Stage", "Age"], [[charts.Cell("A-1", "/"), "Edit", "4"]], 2)

    assert table.columns == [("Item", False), ("Stage", False), ("Age", True)]
    assert [(cell.text, number) for cell, number in table.lines[0]] == [
        ("A-1", False),
        ("Edit", False),
        ("4", True),
    ]


@given(high=positive, most=st.integers(4, 10))
@pytest.mark.parametrize("ticks", [scales.round_ticks, scales.hour_ticks, scales.whole_ticks])
def test_ticks_begin_at_zero_step_evenly_and_just_reach_the_end(
    ticks: Callable[[float, int], list[float]], high: float, most: int
) -> None:
    found = ticks(high, most)

    steps = [b - a for a, b in pairwise(found)]
    assert found[0] == 0
    assert found[-1] >= high * (1 - 1e-9)
    assert len(found) == 2 or found[-2] < max(high, 1) * (1 + 1e-9)
    assert len(found) <= most + 1
    assert steps == pytest.approx([steps[0]] * len(steps))


@pytest.mark.parametrize(
    ("high", "ticks"),
    [
        (3, [0, 1, 2, 3]),
        (61, [0, 12, 24, 36, 48, 60, 72]),
        (97, [0, 24, 48, 72, 96, 120]),
        (208, [0, 48, 96, 144, 192, 240]),
        (600, [0, 120, 240, 360, 480, 600]),
    ],
)
def test_hours_are_written_in_steps_that_people_count_in(high: float, ticks: list[float]) -> None:
    assert scales.hour_ticks(high) == ticks


def test_what_is_counted_has_no_halves() -> None:
    assert scales.whole_ticks(0) == [0, 1]
    assert scales.whole_ticks(3) == [0, 1, 2, 3]
    assert scales.whole_ticks(41) == [0, 10, 20, 30, 40, 50]


def test_mondays_are_midnights_of_the_zone_across_the_change_of_clocks() -> None:
    found = scales.mondays(START, START + timedelta(days=30), HELSINKI, most=6)

    assert [each.date() for each in found] == [
        date(2026, 10, 19) + timedelta(weeks=n) for n in range(5)
    ]
    assert {each.hour for each in found} == {0}
    # The clocks go back on 25 October: that week lasts an hour longer.
    passed = found[1].astimezone(UTC) - found[0].astimezone(UTC)
    assert passed == timedelta(days=7, hours=1)


@given(days=st.integers(0, 1500), most=st.integers(1, 12))
def test_there_are_never_more_mondays_than_there_is_room_for(days: int, most: int) -> None:
    found = scales.mondays(START, START + timedelta(days=days), HELSINKI, most)

    assert all(each.weekday() == 0 for each in found)
    assert len(found) <= max(most, days // 364 + 1)


@given(value=st.floats(-1e6, 1e6))
def test_what_lies_outside_a_scale_is_kept_at_its_edge(value: float) -> None:
    assert 10 <= scales.Linear(0, 72, 300, 10)(value) <= 300


def test_time_is_measured_by_what_passed() -> None:
    place = scales.Time(START, START + timedelta(days=7), 0, 169)  # 169 hours: clocks go back

    assert place(datetime(2026, 10, 25, tzinfo=HELSINKI)) == pytest.approx(144)
    assert place(START - timedelta(days=1)) == 0


@given(places=st.lists(st.floats(0, 300), max_size=12), gap=st.floats(1, 30))
def test_labels_at_an_edge_keep_apart_in_their_order(places: list[float], gap: float) -> None:
    moved = labels.spread(places, gap, 0, 300)

    room = min(gap, 300 / max(len(places) - 1, 1))
    in_order = [moved[n] for n in sorted(range(len(places)), key=lambda n: places[n])]
    assert len(moved) == len(places)
    assert all(b - a >= room - 1e-6 for a, b in pairwise(in_order))
    assert all(-1e-6 <= place <= 300 + 1e-6 for place in moved)


@given(
    wanted=st.lists(
        st.tuples(st.floats(0, 600), st.floats(0, 300), st.text(min_size=1, max_size=20)),
        max_size=25,
    )
)
def test_labels_beside_points_never_lie_on_each_other(wanted: list) -> None:
    area = labels.Box(0, 0, 600, 300)
    asked = [(n, x, y, text) for n, (x, y, text) in enumerate(wanted)]

    placed = labels.beside(asked, [], area)

    boxes = []
    for each in placed:
        wide = labels.width(wanted[each.index][2])
        left = each.x - {"start": 0.0, "end": wide, "middle": wide / 2}[each.anchor]
        boxes.append(labels.Box(left, each.y - labels.SIZE + 2, left + wide, each.y + 3))
    assert not [(a, b) for n, a in enumerate(boxes) for b in boxes[n + 1 :] if a.meets(b)]


def test_words_that_do_not_fit_are_cut_where_it_can_be_seen() -> None:
    assert labels.shortened("Ready to publish", 200) == "Ready to publish"
    assert labels.shortened("Ready to publish", 50).endswith("…")
    assert labels.width(labels.shortened("Ready to publish", 50)) <= 50
    assert labels.shortened("Ready", 2) == ""


@given(value=st.text())
def test_any_text_can_stand_in_a_title(value: str) -> None:
    drawn = svg.tag("text", value, aria_label=value)

    element = ET.fromstring(drawn)
    kept = svg._NOT_XML.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    assert (element.text or "") == kept


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_drawn_nowhere(value: float) -> None:
    with pytest.raises(ValueError, match="not a place"):
        svg.box(value, 0, 1, 1, "x")
