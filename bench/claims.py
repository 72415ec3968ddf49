"""Claims of schedulers: sixteen at once, one publication or a handful at a time."""

from __future__ import annotations

from collections.abc import Sequence

from bench import limits, load
from bench.load import WARM, Ask
from bench.report import Row
from bench.site import Site
from tests.races.client import Client

CLIENTS, HANDFUL = 16, 10


def claims(site: Site) -> list[Row]:
    """One row for single claims, one for handfuls: every claim granted is counted once."""
    times = 15 if site.quick else 40
    handfuls = max(times // HANDFUL, 2)
    wanted = CLIENTS * (times + WARM + (handfuls + WARM) * HANDFUL)
    world = site.schedulers(wanted)
    bare = limits.commits(site.house, CLIENTS, times)
    rows = []
    for name, most, asked in (
        ("one at a time", 1, times),
        (f"{HANDFUL} at a time", HANDFUL, handfuls),
    ):
        granted = list[int]()
        found = load.run(_claimers(site.house.port, world["tokens"], most, granted), times=asked)
        a_second = sum(granted) / found.seconds
        p99 = found.at(0.99)
        rows.append(
            Row(
                f"claim of a lease, {CLIENTS} clients, {name}",
                {"granted a second": a_second, "p99 ms": p99, "errors": found.errors},
                f"bare commits, {CLIENTS} clients: {bare.a_second:.0f}/s",
                "≥ 300/s, p99 ≤ 100 ms",
                a_second >= 300 and p99 <= 100 and not found.errors,
            )
        )
    return rows


def _claimers(port: int, tokens: Sequence[str], most: int, granted: list[int]) -> list[Ask]:
    return [_claimer(port, number, token, most, granted) for number, token in enumerate(tokens)]


def _claimer(port: int, number: int, token: str, most: int, granted: list[int]) -> Ask:
    client = Client(port, token=token)
    wish = {"filter": {}, "max": most, "client": {"name": f"Tool {number}"}}
    asked = 0

    def ask() -> int:
        nonlocal asked
        answer = client.post("/api/v1/leases/", wish)
        asked += 1
        if answer.status == 201 and asked > WARM:
            granted.append(len(answer.json["leases"]))
        return answer.status

    return ask
