"""The benchmarks: each takes a site and says its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from statistics import median
from time import monotonic, sleep
from typing import Any

import psutil

from bench import limits, load, writing
from bench.claims import claims
from bench.forecast import forecasts
from bench.load import WARM, Ask, Load
from bench.peeking import peeking
from bench.pooling import pooling
from bench.report import Row
from bench.site import Site
from tests.faults.listeners import Listeners
from tests.house import House, house_of_its_own
from tests.races.client import Client


def middle_of(runs: int, measure: Callable[[], Load]) -> Load:
    """Of several runs the one in the middle, by the time it took."""
    found = sorted((measure() for _ in range(runs)), key=lambda one: one.seconds)
    return found[len(found) // 2]


def _cpu(site: Site) -> float:
    """Milliseconds of processor that the web processes have used so far."""
    used = [process.cpu_times() for process in site.house.children("putki-web")]
    return sum(each.user + each.system for each in used) * 1000


def _loaded(site: Site, clients: Callable[[], Sequence[Ask]], times: int) -> tuple[Load, float]:
    """The run in the middle, and the processor time of the web for one request of all runs.

    The latter hardly depends on what else the machine is doing.
    """
    before, asked = _cpu(site), 0

    def measure() -> Load:
        nonlocal asked
        found = load.run(clients(), times=times)
        asked += len(found.times) + WARM * (len(found.times) // times)
        return found

    found = middle_of(site.runs, measure)
    return found, (_cpu(site) - before) / asked


def moves(site: Site) -> list[Row]:
    times = 60 if site.quick else 200
    rows = []
    for team, size in ((site.small, 500), (site.large, site.largest)):
        bare = limits.commits(site.house, 1, times)
        found, cpu = _loaded(site, lambda t=team: writing.movers(site.house.port, [t], 1), times)
        rows.append(
            Row(
                f"move, 1 client, board of {size}",
                {
                    "p50 ms": found.at(0.5),
                    "p95 ms": found.at(0.95),
                    "web CPU ms": cpu,
                    "errors": found.errors,
                },
                f"bare commit p50 {bare.at(0.5):.2f} ms",
                "p50 ≤ 8, p95 ≤ 15 ms",
                found.at(0.5) <= 8 and found.at(0.95) <= 15 and not found.errors,
            )
        )
    bare = limits.commits(site.house, 16, times)
    for name, teams, wanted in (
        ("four teams' boards", site.several, 200),
        ("four boards of one team", [site.four_boards], 200),
        ("one board of 500", [site.small], 120),
        (f"one board of {site.largest}", [site.large], 120),
    ):
        found, cpu = _loaded(
            site, lambda t=teams: writing.movers(site.house.port, t, 16), times // 4
        )
        rows.append(
            Row(
                f"moves, 16 clients, {name}",
                _of_many(found, cpu),
                f"bare commits, 16 clients: {bare.a_second:.0f}/s",
                f"≥ {wanted}/s, p99 ≤ 200 ms, 0 errors",
                found.a_second >= wanted and found.at(0.99) <= 200 and not found.errors,
            )
        )
    return rows


def creating(site: Site) -> list[Row]:
    times = 15 if site.quick else 40
    bare = limits.commits(site.house, 16, times)
    found, cpu = _loaded(
        site, lambda: writing.creators(site.house.port, site.four_boards, 16), times
    )
    return [
        Row(
            "create, 16 clients",
            _of_many(found, cpu),
            f"bare commits, 16 clients: {bare.a_second:.0f}/s",
            "≥ 250/s",
            found.a_second >= 250 and not found.errors,
        )
    ]


def _of_many(found: Load, cpu: float) -> dict[str, float]:
    return {
        "a second": found.a_second,
        "p50 ms": found.at(0.5),
        "p99 ms": found.at(0.99),
        "web CPU ms": cpu,
        "errors": found.errors,
    }


def boards(site: Site) -> list[Row]:
    rows = []
    for team, size in ((site.small, 500), (site.middle, 2000), (site.large, site.largest)):
        board = team["boards"][0]["id"]
        path = f"/api/v1/boards/{board}/"
        client = Client(site.house.port, token=team["tokens"][0])
        plain, packed = client.get(path), client.get(path, Accept_Encoding="zstd")
        tag = plain.headers["etag"]
        assert plain.status == packed.status == 200
        bare = limits.json_of(site.house, board, 5)
        found = _asked(site, client, path)
        asked = {
            "p50 ms": found.at(0.5),
            "kB": len(plain.body) / 1000,
            "kB packed": len(packed.body) / 1000,
            "queries": site.ask(f"queries({team['slug']!r}, {path!r})"),
        }
        fits = asked["kB"] < 4500 and asked["kB packed"] < 500
        is_large = team is site.large
        rows.append(
            Row(
                f"board of {size} as JSON",
                asked,
                f"json_agg {bare:.1f} ms ({asked['p50 ms'] / bare:.1f}×)",
                "≤ 6× json_agg, < 4 500 kB, < 500 kB packed" if is_large else "",
                (asked["p50 ms"] <= 6 * bare and fits) if is_large else None,
            )
        )
        unchanged = _asked(site, client, path, If_None_Match=tag)
        if is_large:
            rows.append(
                Row(
                    f"board of {size}, unchanged (304)",
                    {"p50 ms": unchanged.at(0.5), "status": max(unchanged.statuses)},
                    "",
                    "≤ 3 ms",
                    unchanged.at(0.5) <= 3 and set(unchanged.statuses) == {304},
                )
            )
    return rows


def pages(site: Site) -> list[Row]:
    rows = []
    for team, size, wanted in ((site.small, 500, 60), (site.large, site.largest, 80)):
        client = Client(site.house.port, Cookie=f"sessionid={team['sessions'][0]}")
        path = f"/w/{team['slug']}/boards/"
        found = _asked(site, client, path)
        asked = site.ask(f"queries({team['slug']!r}, {path!r})")
        kilobytes = len(client.get(path).body) / 1000
        rows.append(
            Row(
                f"board page of {size}, first paint",
                {"p50 ms": found.at(0.5), "kB": kilobytes, "queries": asked},
                "",
                f"≤ {wanted} ms, ≤ 12 queries",
                found.at(0.5) <= wanted and asked <= 12,
            )
        )
    return rows


def filters(site: Site) -> list[Row]:
    team = site.large
    person = team["boards"][0]["people"][3]
    client = Client(site.house.port, token=team["tokens"][0])
    rows = []
    for name, query in (("one person's items", f"assignee={person}"), ("words", "q=oat+drinks")):
        path = f"/api/v1/items/?{query}&limit=50"
        answer = client.get(path)
        assert answer.status == 200 and answer.json["data"], answer.body[:300]
        found = _asked(site, client, path)
        rows.append(
            Row(
                f"{name} of {site.largest}, 50 a page",
                {"p50 ms": found.at(0.5), "p95 ms": found.at(0.95)},
                "",
                "≤ 30 ms",
                found.at(0.5) <= 30,
            )
        )
    return rows


def _asked(site: Site, client: Client, path: str, **headers: str) -> Load:
    ask: Ask = lambda: client.get(path, **headers).status  # noqa: E731
    return middle_of(site.runs, lambda: load.run([ask], times=8 if site.quick else 25))


def listeners(site: Site) -> list[Row]:
    return [_listening(site, count) for count in (200, 500)]


def _listening(site: Site, count: int) -> Row:
    team = site.small
    board = team["boards"][0]
    client = Client(site.house.port, token=team["tokens"][0])
    memory = _memory_of(site.house.children("putki-web"))
    open_ones = Listeners(site.house.port, team["slug"], team["sessions"], count).begin()
    more = _memory_of(site.house.children("putki-web")) - memory
    made: dict[int, float] = {}
    try:
        for number in range(10 if site.quick else 30):
            to = {"stage": board["stages"][number % 2]}
            answer = client.post(f"/api/v1/items/{board['items'][0]}/move/", to)
            if answer.status == 200 and (event := answer.json["event"]):
                made[int(event.removeprefix("evt_"))] = 0.0
            sleep(0.2)
        open_ones.wait_for(max(made))
    finally:
        open_ones.end()
    numbers = ", ".join(map(str, made))
    slug = team["slug"]
    for seq, at in site.house.rows(
        f"SELECT seq, recorded_at FROM production_event WHERE seq IN ({numbers}) AND "
        f"workspace_id = (SELECT id FROM production_workspace WHERE slug = '{slug}')"
    ):
        made[seq] = _moment(at)
    last = [
        1000 * (max(h.at[h.seqs.index(seq)] for h in open_ones.heard) - at)
        for seq, at in made.items()
    ]
    ranked = sorted(last)
    figures = {
        "p50 ms": median(ranked),
        "p95 ms": ranked[int(len(ranked) * 0.95)],
        "kB a listener": more / count / 1000,
    }
    return Row(
        f"commit → last of {count} listeners",
        figures,
        "",
        "p95 ≤ 250 ms, ≤ 50 kB a listener" if count == 500 else "",
        (figures["p95 ms"] <= 250 and figures["kB a listener"] <= 50) if count == 500 else None,
    )


def _moment(value: Any) -> float:
    if isinstance(value, str):
        value = datetime.fromisoformat(f"{value}+00:00")
    return value.timestamp()


def _memory_of(processes: Sequence[psutil.Process]) -> float:
    return sum(process.memory_full_info().pss for process in processes)


def machine(site: Site) -> list[Row]:
    """A house as `make run` starts it: the demo team, everything embedded, one web process."""
    with house_of_its_own() as house:
        house.environment.pop("DATABASE_URL", None)
        house.environment |= {"LOG_LEVEL": "WARNING", "WEB_PROCESSES": "1"}
        house.start("--demo")
        house.stop()
        seconds = sorted(_start(house) for _ in range(site.runs))[site.runs // 2]
        idle = _group(house)
        client = Client(house.port)
        for _ in range(300):
            assert client.get("/accounts/login/").status == 200
        after = _group(house)
    return [
        Row(
            "memory of the whole group (PSS), demo running",
            {"idle MB": idle / 1e6, "after 300 pages MB": after / 1e6},
            "",
            "≤ 450 MB",
            after / 1e6 <= 450,
        ),
        Row("second start until the first page", {"s": seconds}, "", "≤ 6 s", seconds <= 6),
    ]


def _start(house: House) -> float:
    """Seconds from the command to the first page; the house is left running."""
    if house.process and house.process.poll() is None:
        house.stop()
    began = monotonic()
    house.start("--demo")
    assert house.status("/accounts/login/") == 200
    return monotonic() - began


def _group(house: House) -> float:
    sleep(2)
    assert house.process is not None
    return _memory_of([psutil.Process(house.process.pid), *house.children()])


def flow(site: Site) -> list[Row]:
    """All figures of the Flow page in a process of its own, after three years of a large studio."""
    team = site.years
    assert team["differ"] == [], team["differ"]
    items, moved = (f"{team[name]:,}".replace(",", " ") for name in ("items", "moves"))
    size = f"{items} items and {moved} moves"
    rows = [
        Row(
            f"stays of {size}, folded from the log",
            {"s": team["folded s"], "a second": team["moves"] / team["folded s"]},
        )
    ]
    for days in (30, 90, 365):
        told = site.ask_long(f"flow_figures({team['slug']!r}, {days}, {3 if site.quick else 9})")
        is_default = days == 30
        rows.append(
            Row(
                f"Flow page data, {days} days of {size}",
                {
                    "cold ms": told["cold"],
                    "warm p50 ms": told["warm"],
                    "warm CPU ms": told["warm CPU"],
                    "after one more move p50 ms": told["after"],
                    "after CPU ms": told["after CPU"],
                    "queries": told["queries"],
                    "process MB": told["MB"],
                },
                f"one move folded {told['folding']:.1f} ms",
                "cold < 3 000, warm < 200, after a move < 300 ms" if is_default else "",
                (told["cold"] < 3000 and told["warm"] < 200 and told["after"] < 300)
                if is_default
                else None,
            )
        )
    return rows


WORKS: dict[str, Callable[[Site], list[Row]]] = {
    "moves": moves,
    "creating": creating,
    "claims": claims,
    "boards": boards,
    "pages": pages,
    "filters": filters,
    "listeners": listeners,
    "flow": flow,
    "machine": machine,
    "forecast": forecasts,
    "peeking": peeking,
    "pooling": pooling,
}
