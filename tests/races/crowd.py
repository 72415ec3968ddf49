"""Sixteen clients on one board, all moving cards at once through the API of a running server."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tests.house import House, house_of_its_own
from tests.races.client import Client

# Every fourth wish is for the stage with the limit, or the limit would never be reached.
KINDS = ("idea", "script", "shoot", "edit", "edit", "publish")


@contextmanager
def racing(**environment: str) -> Iterator[House]:
    """A house with two web processes, started with the settings of races."""
    with house_of_its_own() as house:
        house.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.races.settings",
            "WEB_PROCESSES": "2",
            "LOG_LEVEL": "WARNING",
            **environment,
        }
        yield house.start()


@dataclass
class Race:
    """What the clients were told, and what rows, log and replay say afterwards."""

    answers: Counter[int] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)  # of what was not a success
    events: list[int] = field(default_factory=list)  # of the moves that changed something
    verdict: dict[str, Any] = field(default_factory=dict)
    orders: list[dict[str, list[str]]] = field(default_factory=list)

    @property
    def acknowledged(self) -> int:
        return self.answers[200]

    @property
    def asked(self) -> int:
        return self.answers.total()

    @property
    def failed(self) -> int:
        """Answers that neither a rule of the board explains nor a lock that was not to be had.

        Who is told 503 is promised that nothing happened: the log must hold no such change.
        """
        return self.asked - self.acknowledged - self.codes["refused"] - self.codes["busy"]

    @property
    def wrongs(self) -> list[str]:
        """Every promise that did not hold."""
        said = self.verdict
        checks = {
            "an order differs from another": any(each != said["order"] for each in self.orders),
            "the replay has another order": any(
                said["replayed"].get(stage, []) != cards for stage, cards in said["order"].items()
            ),
            "rows differ from the replay": bool(said["differences"]),
            "cards share a place": bool(said["ties"]),
            "the log has a gap": not said["gapless"] or not said["subjects_gapless"],
            "an acknowledged change is not in the log": not set(self.events) <= set(said["seqs"]),
            "two changes have one number": len(set(self.events)) < len(self.events),
            "the log has changes that nobody made": len(self.events) != self.moves_in_log,
            "requests failed": self.failed > 0,
        }
        return [name for name, is_wrong in checks.items() if is_wrong]

    @property
    def moves_in_log(self) -> int:
        types = self.verdict["types"]
        return types.get("item.moved", 0) + types.get("item.reordered", 0)


def run(house: House, *, clients: int, moves: int, cards: int, limit: int) -> Race:
    """Let the clients loose on the running house and read the verdict."""
    world = scene(house, f"board(cards={cards}, clients={clients}, limit={limit})")
    race = Race()
    with ThreadPoolExecutor(clients) as pool:
        everyone = [pool.submit(_client, house.port, world, n, moves) for n in range(clients)]
    for one in everyone:
        answers, codes, events = one.result()
        race.answers += answers
        race.codes += codes
        race.events += events
    race.verdict = scene(house, "verdict()")
    race.orders = [order_told(house.port, world, key) for key in world["tokens"]]
    race.orders += [order_shown(house.port, world, session) for session in world["sessions"]]
    return race


def scene(house: House, call: str) -> Any:
    """What a function of `scene` prints, run on the house's database.

    With every lock in its place: only what is raced is to go wrong.
    """
    sound = {"TRANSACTION_MODE": "", "FAULT_POINTS": ""}
    said = house.python(f"from tests.races import scene; scene.{call}", **sound)
    return json.loads(said.splitlines()[-1])


def order_told(port: int, world: dict[str, Any], token: str) -> dict[str, list[str]]:
    """The cards of each stage from top to bottom, as the API tells them."""
    answer = Client(port, token=token).get(f"/api/v1/boards/{world['board']}/")
    assert answer.status == 200, answer.body
    order = {s["id"]: [card["id"] for card in s["cards"]] for s in answer.json["stages"]}
    return {stage: cards for stage, cards in order.items() if cards}


def order_shown(port: int, world: dict[str, Any], session: str) -> dict[str, list[str]]:
    """The cards of each stage from top to bottom, as somebody's pages show them."""
    reader = Client(port, Cookie=f"sessionid={session}", HX_Request="true")
    order = {}
    for stage in world["stages"].values():
        path = f"/w/studio-aalto/boards/{world['board']}/columns/{stage}/"
        cards = []
        while path:
            answer = reader.get(path)
            assert answer.status == 200, answer.body
            page = answer.body.decode()
            cards += re.findall(r'<li data-item="(\w+)"', page)
            more = re.search(r'class="more" href="([^"]+)"', page)
            path = unescape(more[1]) if more else ""
        if cards:
            order[stage] = cards
    return order


def _client(
    port: int, world: dict[str, Any], number: int, moves: int
) -> tuple[Counter[int], Counter[str], list[int]]:
    chance = random.Random(number)
    client = Client(port, token=world["tokens"][number])
    answers: Counter[int] = Counter()
    codes: Counter[str] = Counter()
    events = []
    for _ in range(moves):
        item = chance.choice(world["items"])
        wish: dict[str, Any] = {"stage": world["stages"][chance.choice(KINDS)]}
        if chance.random() < 0.6:
            wish[chance.choice(["before", "after"])] = chance.choice(world["items"])
        answer = client.post(f"/api/v1/items/{item}/move/", wish)
        answers[answer.status] += 1
        if answer.status != 200:
            codes[answer.json["code"]] += 1
        elif event := answer.json["event"]:
            events.append(int(event.removeprefix("evt_")))
    return answers, codes, events
