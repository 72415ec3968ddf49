"""jira-agile-metrics on a board over time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

from production import flow
from production.flow import Move, Period, Piece, Place, Stamps
from tests.production.flow.vectors.jira import JAM
from tests.production.flow.vectors.reading import (
    DAY,
    Pairs,
    moment,
    oracle,
    vector,
)

# jira-agile-metrics: a board over time


class Cards:
    """The cards of the vectors: the day on which each entered each stage."""

    ladder = (*list(JAM)[:-1], flow.OUT)

    def __init__(self, size: str) -> None:
        self.vectors = oracle("jam_cfd_wip_throughput")[size]
        days = [date.fromisoformat(d["date"]) for d in self.vectors["expected_cfd"]]
        self.period = Period(days[0], days[-1], UTC)
        self.pieces: list[Piece] = []
        self.stamps: dict[str, Stamps] = {}
        for card in self.vectors["cards"]:
            entered = [(stage, moment(card[stage])) for stage in JAM if card[stage]]
            ends: list[datetime | None] = [*(at for _, at in entered[1:]), None]
            for (stage, at), end in zip(entered, ends, strict=True):
                self.pieces.append(
                    Piece(
                        card["key"], stage, JAM[stage], at, end, after_publication=stage == "Done"
                    )
                )
            places = [Place(stage, JAM[stage]) for stage, _ in entered]
            moves = [
                Move(seq, entered[seq][1], places[seq - 1], places[seq])
                for seq in range(1, len(entered))
            ]
            self.stamps[card["key"]] = flow.stamps(flow.born("idea", entered[0][1]), moves)

    def cfd(self) -> list[flow.DayEnd]:
        return flow.cfd(self.pieces, self.period, self.ladder)

    def cycle_days(self) -> list[int | None]:
        times = [flow.cycle_time(stamps) for stamps in self.stamps.values()]
        return [None if time is None else time.days for time in times]


@vector("jam_cfd_wip_throughput", "small expected_cfd", "large expected_cfd")
def jam_cfd(section: str) -> Pairs:
    cards = Cards(section.split()[0])
    return [
        ((ours.day.isoformat(), list(ours.reached)), (theirs["date"], [theirs[s] for s in JAM]))
        for ours, theirs in zip(cards.cfd(), cards.vectors["expected_cfd"], strict=True)
    ]


@vector(
    "jam_cfd_wip_throughput",
    "large expected_wip_commitment_to_done",
    "large expected_wip_build_to_test",
)
def jam_wip(section: str) -> Pairs:
    cards, name = Cards("large"), section.split()[1]
    if name.endswith("to_done"):
        ours = [day.n for day in flow.wip(cards.pieces, cards.period)]
    else:
        ours = [day.reached[2] - day.reached[3] for day in cards.cfd()]
    return [(n, theirs["wip"]) for n, theirs in zip(ours, cards.vectors[name], strict=True)]


@vector(
    "jam_cfd_wip_throughput",
    "large expected_net_flow",
    "large expected_net_flow_build_to_test",
)
def jam_net_flow(section: str) -> Pairs:
    cards, name = Cards("large"), section.split()[1]
    arrives, leaves = (2, 3) if name.endswith("to_test") else (1, 4)
    pairs, before = [], (0,) * 5
    for day, theirs in zip(cards.cfd(), cards.vectors[name], strict=True):
        came, went = (day.reached[r] - before[r] for r in (arrives, leaves))
        ours = {"arrivals": came, "departures": went, "net_flow": came - went}
        pairs.append((ours, {key: theirs[key] for key in ours}))
        before = day.reached
    return pairs


@vector(
    "jam_cfd_wip_throughput",
    "large expected_throughput_daily",
    "large expected_throughput_daily_last_5",
)
def jam_throughput(section: str) -> Pairs:
    cards = Cards("large")
    theirs = cards.vectors[section.split()[1]]
    days = [date.fromisoformat(line["date"]) for line in theirs]
    out = [s.published_at for s in cards.stamps.values() if s.published_at]
    ours = flow.throughput(out, Period(days[0], days[-1], UTC))
    return [
        ((day.day.isoformat(), day.n), (line["date"], line["count"]))
        for day, line in zip(ours.days, theirs, strict=True)
    ]


@vector("jam_cfd_wip_throughput", "large expected_cycle_time_days")
def jam_cycle_times(_: str) -> Pairs:
    cards = Cards("large")
    return list(zip(cards.cycle_days(), cards.vectors["expected_cycle_time_days"], strict=True))


@vector("jam_cfd_wip_throughput", "large expected_percentiles_days_linear")
def jam_percentiles(_: str) -> Pairs:
    cards = Cards("large")
    times = [time * DAY for time in cards.cycle_days() if time is not None]
    return [
        (flow.percentile(times, float(share)) / DAY, theirs)
        for share, theirs in cards.vectors["expected_percentiles_days_linear"].items()
    ]


@vector("jam_cfd_wip_throughput", "large expected_histogram")
def jam_histogram(_: str) -> Pairs:
    cards = Cards("large")
    counts = Counter(cards.cycle_days())
    return [
        (counts[int(float(name.split()[0]))], theirs)
        for name, theirs in cards.vectors["expected_histogram"].items()
    ]


@vector("jam_cfd_wip_throughput", "large expected_ageing_on_2018_01_10")
def jam_ageing(_: str) -> Pairs:
    cards, now = Cards("large"), datetime(2018, 1, 10, tzinfo=UTC)
    ages = {key: flow.age(stamps, now) for key, stamps in cards.stamps.items()}
    theirs = cards.vectors["expected_ageing_on_2018_01_10"]
    known = {key: age.days for key, age in ages.items() if age is not None}
    return [(known.get(line["key"]), line["age_days"]) for line in theirs]
