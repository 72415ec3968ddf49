"""Our figures against those of other programs, on their own vectors.

Jira's are equal to the millisecond. Where a tool defines something else on purpose, the test
converts, and says how; where a tool is wrong, the test says that we differ.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from production import flow, ordering
from production.flow import Move, Place, Published, Stamps, Visit
from tests.shared import shared

DAY = timedelta(days=1)
START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def oracle(name: str) -> dict[str, Any]:
    return json.loads(shared(f"flow-oracles/{name}").read_text())


def moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def calendar_days(start: datetime, end: datetime) -> int:
    return (end.date() - start.date()).days


# Jira: "Time in Status" of thirty real items

JIRA_KINDS = {"10029": "script", "10020": "idea", "3": "edit", "5": "learn"} | {
    "1": "script",
    "10000": "idea",
    "10033": "idea",
    "6": "done",
    "10068": "done",
}


def jira_moves(item: dict[str, Any], count: int) -> list[Move]:
    """The first `count` transitions as moves, the bulk ones after them as migrations."""
    return [
        Move(
            seq,
            moment(line["at"]),
            Place(line["from"], JIRA_KINDS[line["from"]]),
            Place(line["to"], JIRA_KINDS[line["to"]]),
            migration=seq > count,
        )
        for seq, line in enumerate(item["transitions"], start=1)
    ]


def test_every_total_that_jira_computed_is_ours_to_the_millisecond():
    items = oracle("jira_time_in_status_oracle.json")["items"]
    equal = {"items": 0, "totals": 0, "visits": 0, "re-entered": 0, "migrations": 0}

    for item in items:
        counted = item["counted_transitions"]
        moves = jira_moves(item, counted)
        snapshot = moves[counted - 1].at
        created_at = moment(item["created_at"])
        stays = flow.visits(moves, created_at, first=moves[0].source)

        totals = flow.time_in_stage(stays, snapshot)
        in_ms = {stage: total / timedelta(milliseconds=1) for stage, total in totals.items()}
        visited = [stay.stage for stay in stays]
        assert in_ms == item["expected_time_in_stage_ms"], item["item"]
        assert {s: visited.count(s) for s in visited} == item["expected_visits"], item["item"]
        assert sum(totals.values(), timedelta(0)) == snapshot - created_at

        equal["items"] += 1
        equal["totals"] += len(totals)
        equal["visits"] += len(visited)
        equal["re-entered"] += len(set(visited)) < len(visited)
        equal["migrations"] += len(moves) - counted

    assert (equal["items"], equal["totals"], equal["re-entered"]) == (30, 117, 15)
    assert equal["migrations"] > 0
    assert equal["visits"] > equal["totals"]


def test_a_bulk_clean_up_months_later_changes_no_date_of_a_jira_item():
    changed_when_naive = 0

    for item in oracle("jira_time_in_status_oracle.json")["items"]:
        counted = item["counted_transitions"]
        start = flow.born("idea", moment(item["created_at"]))
        bulk = jira_moves(item, counted)
        naive = jira_moves(item, len(item["transitions"]))

        assert flow.stamps(start, bulk) == flow.stamps(start, bulk[:counted])
        changed_when_naive += flow.stamps(start, naive) != flow.stamps(start, bulk)

    assert changed_when_naive > 0


# jira-agile-metrics: stage dates, cycle times, blocked days, ageing

JAM_KINDS = {"Backlog": "idea", "Next": "script", "Build": "shoot"} | {
    "Code review": "edit",
    "QA": "edit",
    "Done": "done",
}


def jam_card(issue: dict[str, Any]) -> tuple[Stamps, list[tuple[datetime, datetime | None]]]:
    moves, flags = [], []
    for change in issue["changes"]:
        at = moment(change["at"])
        for item in change["items"]:
            if item["field"] == "status":
                ends = [Place(item[end], JAM_KINDS[item[end]]) for end in ("from", "to")]
                moves.append(Move(len(moves) + 1, at, *ends))
            elif item["field"] == "Flagged" and item["to"]:
                flags.append((at, None))
            elif item["field"] == "Flagged":
                flags[-1] = (flags[-1][0], at)
    first = moves[0].source.kind if moves else JAM_KINDS[issue["current_status"]]
    return flow.stamps(flow.born(first, moment(issue["created"])), moves), flags


@pytest.mark.parametrize("case", ["movement", "skipped_stages"])
def test_commitment_delivery_cycle_time_and_blocked_days_agree_with_jira_agile_metrics(case):
    vectors = oracle("jam_cycle_time.json")["cases"][case]
    now = moment(vectors["now"])
    compared = 0

    for issue, expected in zip(vectors["input_issues"], vectors["expected"], strict=True):
        card, flags = jam_card(issue)
        committed = card.committed_at and card.committed_at.date().isoformat()
        published = card.published_at and card.published_at.date().isoformat()
        assert committed == expected["stage_entry"]["Committed"], issue["key"]
        assert published == expected["completed"], issue["key"]

        if card.published_at:
            assert (
                calendar_days(card.committed_at, card.published_at) == (expected["cycle_time_days"])
            )
        else:
            assert flow.cycle_time(card) is None is expected["cycle_time_days"]

        if card.committed_at:  # they count flags from commitment on
            spells = flow.merged(flags, card.committed_at, card.published_at or now)
            assert sum(calendar_days(*s) for s in spells) == expected["blocked_days"]
        compared += 1

    assert compared == {"movement": 4, "skipped_stages": 2}[case]


def test_the_age_of_unfinished_work_agrees_with_jira_agile_metrics():
    vectors = oracle("jam_cycle_time.json")["cases"]["ageing_skipped_stages"]
    today = moment(vectors["today"]) + DAY - timedelta(microseconds=1)

    ages = {}
    for issue in vectors["input_issues"]:
        card, _ = jam_card(issue)
        if (age := flow.age(card, today)) is not None:
            ages[issue["key"]] = age.days

    assert ages == {line["key"]: line["age_days"] for line in vectors["expected"]}


# Lighthouse: calendar days with one added, and a percentile that understates


def their_percentile(values: Sequence[int], percent: int) -> int:
    index = math.floor(percent / 100 * len(values)) - 1
    return sorted(values)[min(max(index, 0), len(values) - 1)]


def test_work_item_age_is_theirs_less_the_day_they_add():
    vectors = oracle("lighthouse_flow.json")["work_item_age_days_plus_one"]
    now = moment(vectors["today"]) + timedelta(hours=12)
    compared = 0

    for case in vectors["cases"]:
        started = case["started"] or case["created"]
        if started is None:
            continue  # an item of ours always has a creation
        stage = {"ToDo": "idea", "Doing": "edit", "Done": "done"}[case["state"]]
        card = flow.born("idea", min(moment(started), now))
        if stage != "idea":
            step = Move(1, moment(started), Place("i", "idea"), Place(stage, stage))
            card = flow.after_move(card, step, has_publication=False)

        age = flow.age(card, now)

        theirs = 0 if age is None else calendar_days(now - age, now) + 1
        assert theirs == case["expected"], case
        assert (age is None) == (case["expected"] == 0)  # where they say 0, we say nothing
        compared += 1

    assert compared == 6


def leaving(days: dict[str, int], committed: datetime = START) -> list[Visit]:
    """Stays in stages that end on these days after the commitment, one after the other."""
    stays, entered = [], committed
    for stage, day in days.items():
        stays.append(Visit(stage, "edit", entered, committed + day * DAY))
        entered = committed + day * DAY
    return [*stays, Visit("Done", "done", entered)]


def test_age_at_stage_exit_is_that_of_lighthouse():
    twenty, single, again, skipping = oracle("lighthouse_flow.json")["age_at_stage_exit"]["cases"]

    samples: dict[Any, list[int]] = {}
    for i in range(1, 21):
        ages = flow.ages_on_leaving(
            leaving({"In Progress": i - 1, "Review": i + 19, "Test": i + 39}), START
        )
        for stage, age in ages.items():
            samples.setdefault(stage, []).append(age.days + 1)
    assert {
        stage: {p: their_percentile(values, int(p)) for p in ("50", "70", "85", "95")}
        for stage, values in samples.items()
    } == twenty["expected"]

    one = flow.ages_on_leaving(leaving({"In Progress": 6}), START)
    assert one["In Progress"].days + 1 == single["expected"]["In Progress"]["50"]

    entries = [0, *again["exits_of_review_days"]]
    review = [
        Visit("Review", "edit", START + a * DAY, START + b * DAY) for a, b in pairwise(entries)
    ]
    last = flow.ages_on_leaving(review, START)["Review"]
    assert last.days + 1 == again["expected"]["Review"]["50"]

    stages = list(flow.ages_on_leaving(leaving({"In Progress": 2, "Test": 5}), START))
    assert stages == skipping["expected_stages"]


def test_our_percentile_covers_the_share_that_theirs_only_promises():
    vectors = oracle("lighthouse_flow.json")["percentile_floor_index"]
    items = [timedelta(hours=n) for n in vectors["items"]]
    understated = 0

    for percent, theirs in vectors["cases"]:
        if percent == 0:
            continue  # there is no share of nothing
        ours = flow.percentile(items, percent / 100)
        assert sum(i <= ours for i in items) >= percent / 100 * len(items)
        assert ours >= timedelta(hours=theirs)
        understated += theirs < percent / 100 * len(items)

    assert understated > 0


def test_flow_efficiency_is_that_of_lighthouse():
    compared = 0

    for case in oracle("lighthouse_flow.json")["flow_efficiency_percent"]["cases"]:
        stays, at = [], START
        for stage, days in case["days"].items():
            stays.append(Visit(stage, "edit", at, at + days * DAY))
            at += days * DAY
        card = Stamps(idea_at=START, stage_entered_at=at, committed_at=START, published_at=at)

        share = flow.flow_efficiency(stays, card, waiting=case["wait"])

        assert (None if share is None else round(share * 100, 2)) == case["expected"]
        compared += 1

    assert compared == 5


def test_time_in_stage_adds_up_as_in_lighthouse():
    vectors = oracle("lighthouse_flow.json")["cumulative_time_in_stage"]
    totals: dict[Any, timedelta] = {}

    for group in ("completed_cards_days", "in_flight_cards_days"):
        for days in vectors[group]:
            now, stays = START, []
            for stage, length in days.items():
                stays.append(Visit(stage, "edit", now, now + length * DAY))
                now += length * DAY
            if group == "in_flight_cards_days":  # the last stay is still open
                stays[-1] = Visit(stays[-1].stage, "edit", stays[-1].entered_at)
            for stage, spent in flow.time_in_stage(stays, now).items():
                totals[stage] = totals.get(stage, timedelta(0)) + spent

    assert {s: t.days for s, t in totals.items()} == {
        s: figures["total"] for s, figures in vectors["expected"].items()
    }


# Kanboard: what we must not say


def test_open_and_unstarted_cards_are_in_no_figure_as_they_are_in_kanboards():
    vectors = oracle("kanboard_negative_oracle.json")
    right, wrong = vectors["correct_result"], vectors["kanboard_result"]
    second = timedelta(seconds=1)

    cards = []
    for line in vectors["cards_relative_seconds"]:
        moves: list[Move | Published] = []
        for when, target in ((line["started"], "edit"), (line["completed"], "done")):
            if when is not None:
                source = "edit" if target == "done" and line["started"] is not None else "idea"
                ends = Place(source, source), Place(target, target)
                moves.append(Move(len(moves) + 1, START + when * second, *ends))
        cards.append(flow.stamps(flow.born("idea", START), moves))
    leads = [t for c in cards if (t := flow.lead_time(c)) is not None]
    cycles = [t for c in cards if (t := flow.cycle_time(c)) is not None]

    assert len(leads) == right["delivered_count"]
    assert sum(leads, timedelta(0)) / len(leads) == right["lead_time_mean"] * second
    assert flow.percentile(leads, 0.50) == right["lead_time_p50_nearest_rank"] * second
    assert flow.percentile(leads, 0.85) == right["lead_time_p85_nearest_rank"] * second
    assert len(cycles) == right["cycle_time_count"]
    assert sum(cycles, timedelta(0)) / len(cycles) == right["cycle_time_mean"] * second
    assert sum(leads, timedelta(0)) / len(leads) != wrong["avg_lead_time"] * second
    assert sum(cycles, timedelta(0)) / len(cycles) != wrong["avg_cycle_time"] * second


# Trello, through trello-kanban-analysis-tool


def test_lead_times_over_trello_lists_are_theirs():
    compared = 0

    for case in oracle("trello_tkat.json")["lead_time"]:
        listed = [date.fromisoformat(d) for d in case["dates"] if d]
        if not listed:
            assert case["expected"] is None
            continue
        start = datetime(*listed[0].timetuple()[:3], tzinfo=UTC)
        lines = []
        if case["dates"][-1]:
            lines.append(Published(1, datetime(*listed[-1].timetuple()[:3], tzinfo=UTC)))

        lead = flow.lead_time(flow.stamps(flow.born("idea", start), lines))

        assert (None if lead is None else lead.days) == case["expected"]
        compared += 1

    assert compared == 6


# Ordering: where midpoints of floats tie


def test_where_a_scheme_of_float_midpoints_ties_ours_makes_room():
    compared = 0

    for case in oracle("card_rank.json")["float64_midpoint"]["cases"]:
        if "successful_drops_before_duplicate" not in case:
            continue
        low, high, drops = case["a"], case["b"], 0
        while low < (middle := (low + high) / 2) < high:
            high, drops = middle, drops + 1
        assert drops == case["successful_drops_before_duplicate"]

        ranks = [int(case["a"]), int(case["b"])]
        for _ in range(drops + 100):
            given = ordering.seat(ranks, 1)
            others = list(given.others or ranks)
            ranks = [others[0], given.rank, *others[1:]]
        assert all(upper < lower for upper, lower in pairwise(ranks))
        assert len(ranks) == drops + 102
        compared += 1

    assert compared == 4
