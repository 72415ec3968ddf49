"""The vectors of Trello, of Kanboard and of ordering: see `vectors`."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

from production import flow, ordering
from production.flow import Move, Period, Place, Published
from production.imports.reading import Reader, Remarks
from production.imports.trello_history import CardHistory, read_history
from tests.production.flow.vectors.reading import START, Pairs, oracle, vector

SECOND = timedelta(seconds=1)
CARD = "5f0000000000000000000001"


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


# Trello, through trello-kanban-analysis-tool


@vector("trello_tkat", "lead_time")
def trello_lead_times(section: str) -> Pairs:
    pairs = []
    for case in oracle("trello_tkat")[section]:
        listed = [date.fromisoformat(day) for day in case["dates"] if day]
        days = None
        if listed:
            first, last = (
                datetime(d.year, d.month, d.day, tzinfo=UTC) for d in listed[::1][:1] + listed[-1:]
            )
            out = [Published(1, last)] if case["dates"][-1] else []
            lead = flow.lead_time(flow.stamps(flow.born("idea", first), out))
            days = None if lead is None else lead.days
        pairs.append((days, case["expected"]))
    return pairs


@vector("trello_tkat", "window_membership")
def trello_window(section: str) -> Pairs:
    vectors = oracle("trello_tkat")[section]
    window = Period(date.fromisoformat(vectors["start"]), date.fromisoformat(vectors["end"]), UTC)
    pairs = []
    for card in vectors["cards"]:
        out = card["last"] and datetime.fromisoformat(card["last"]).replace(hour=12, tzinfo=UTC)
        pairs.append((bool(out) and out in window, card["id"] in vectors["expected_ids"]))
    return pairs


def trello_actions(action: str) -> list[dict[str, Any]]:
    """A card that is created on list A, and then the action of the vector a day later."""
    made = {"type": "createCard", "date": "2026-01-05T08:00:00Z", "data": {"list": {"id": "A"}}}
    data: dict[str, Any] = {"list": {"id": "B"}}
    if "list" in action:
        data = {"listBefore": {"id": "A"}, "listAfter": {"id": "B"}, "old": {"idList": "A"}}
    elif "closed" in action:
        data = {"list": {"id": "A"}, "old": {"closed": "false" in action}}
    then = {"type": action.split()[0], "date": "2026-01-06T08:00:00Z", "data": data}
    for each in (made, then):
        each["data"]["card"] = {"id": CARD, "idList": "B", "closed": "true" in action}
    return [then] if action.split()[0] != "updateCard" else [then, made]


def told(action: str) -> CardHistory:
    return read_history(trello_actions(action), {CARD}, Reader(Remarks())).cards[CARD]


@vector("trello_tkat", "trello_actions_that_enter_a_list")
def trello_entering(section: str) -> Pairs:
    return [
        (bool(told(action).moves) or told(action).created_on_list == "B", True)
        for action in oracle("trello_tkat")[section]
    ]


@vector("trello_tkat", "trello_actions_that_leave_a_list")
def trello_leaving(section: str) -> Pairs:
    return [
        (bool(told(action).moves or told(action).archivings), True)
        for action in oracle("trello_tkat")[section]
    ]


# Kanboard


def kanboard_times() -> tuple[list[timedelta], list[timedelta]]:
    """Lead times and cycle times of its cards, as we count them."""
    leads, cycles = [], []
    for line in oracle("kanboard_negative_oracle")["cards_relative_seconds"]:
        moves: list[Move | Published] = []
        here = "idea"
        for when, kind in ((line["started"], "edit"), (line["completed"], "done")):
            if when is not None:
                at = START + when * SECOND
                moves.append(Move(len(moves) + 1, at, Place(here, here), Place(kind, kind)))
                here = kind
        card = flow.stamps(flow.born("idea", START), moves)
        leads.append(flow.lead_time(card))
        cycles.append(flow.cycle_time(card))
    return [t for t in leads if t is not None], [t for t in cycles if t is not None]


def mean(times: list[timedelta]) -> float:
    return sum(times, timedelta(0)) / len(times) / SECOND


@vector("kanboard_negative_oracle", "kanboard_result", "correct_result")
def kanboard(section: str) -> Pairs:
    leads, cycles = kanboard_times()
    ours = {
        "count": len(leads),
        "avg_lead_time": mean(leads),
        "avg_cycle_time": mean(cycles),
        "delivered_count": len(leads),
        "lead_time_mean": mean(leads),
        "lead_time_p50_nearest_rank": flow.percentile(leads, 0.50) / SECOND,
        "lead_time_p85_nearest_rank": flow.percentile(leads, 0.85) / SECOND,
        "cycle_time_count": len(cycles),
        "cycle_time_mean": mean(cycles),
    }
    theirs = oracle("kanboard_negative_oracle")[section]
    return [(ours[name], value) for name, value in theirs.items() if name != "excluded"]


# Ordering: what each scheme does where its room ends


def room_made(ranks: list[int], index: int) -> bool:
    """Whether a card put there stands strictly between its neighbours, nobody sharing a rank."""
    given = ordering.seat(ranks, index)
    others = list(given.others or ranks)
    whole = [*others[:index], given.rank, *others[index:]]
    return all(upper < lower for upper, lower in pairwise(whole))


@vector("card_rank", "lexorank_next_of", "lexorank_prev_of", "lexorank_between")
def lexorank(section: str) -> Pairs:
    """Theirs are texts and ours numbers: what is compared is whether the new rank is a new one."""
    index = {"next_of": 1, "prev_of": 0, "between": 1}[section.removeprefix("lexorank_")]
    pairs = []
    for *ends, theirs in oracle("card_rank")[section]:
        ranks = [0] if len(ends) == 1 else [0, 1]
        pairs.append((room_made(ranks, index), theirs not in ends))
    return pairs


@vector("card_rank", "lexorank_equal_neighbours_do_not_fail")
def equal_neighbours(section: str) -> Pairs:
    try:
        ordering.seat([5, 5], 1)
        refused = False
    except ValueError:
        refused = True
    return [(refused, False) for _ in oracle("card_rank")[section]]


@vector("card_rank", "jira_rebalance_thresholds_chars")
def jira_thresholds(section: str) -> Pairs:
    """Ours is a number of eight bytes: it never grows."""
    widest = len(str(ordering.LARGEST))
    return [(widest, theirs) for theirs in oracle("card_rank")[section].values()]


@vector("card_rank", "float64_midpoint")
def float_midpoints(section: str) -> Pairs:
    """How often a card may be dropped at one place until their ranks tie, or ours make room."""
    pairs = []
    for case in oracle("card_rank")[section]["cases"]:
        theirs = next(n for name, n in case.items() if name.startswith("successful_drops"))
        ranks, drops = [int(case["a"]), int(case["b"])], 0
        while (given := ordering.seat(ranks, 1)).others is None:
            ranks, drops = [ranks[0], given.rank, *ranks[1:]], drops + 1
        pairs.append((drops, theirs))
    return pairs
