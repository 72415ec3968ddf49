"""People who go on working while something breaks, and remember what they were promised."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event
from time import monotonic, sleep
from typing import Any

from tests.house import House
from tests.races import crowd
from tests.races.client import Client


@dataclass
class Diary:
    """What one writer asked for and was told. Each writer has cards that nobody else edits."""

    promised: dict[str, int] = field(default_factory=dict)  # card → last acknowledged number
    tried: dict[str, int] = field(default_factory=dict)  # card → last number sent
    events: list[int] = field(default_factory=list)  # acknowledged moves, by number in the log
    answers: Counter[int] = field(default_factory=Counter)  # 0: cut off, the outcome is unknown
    odd: list[bytes] = field(default_factory=list)  # refusals and failures nobody can explain


class Writers:
    """Writers at work from `begin` to `end`."""

    def __init__(self, house: House, world: dict[str, Any]) -> None:
        self.house, self.world = house, world
        self.stopped = Event()
        self.diaries = [Diary() for _ in world["tokens"]]
        self.pool = ThreadPoolExecutor(len(self.diaries))
        self.running: list[Future[None]] = []

    def begin(self) -> Writers:
        self.running = [
            self.pool.submit(self._write, number, diary)
            for number, diary in enumerate(self.diaries)
        ]
        return self

    def end(self) -> list[Diary]:
        self.stopped.set()
        for one in self.running:
            one.result(60)
        return self.diaries

    def go_on(self, more: int = 12) -> None:
        """Wait until so many more changes were acknowledged: work has picked up again."""
        until, deadline = self.acknowledged + more, monotonic() + 60
        while self.acknowledged < until:
            assert monotonic() < deadline, [diary.answers for diary in self.diaries]
            sleep(0.02)

    @property
    def acknowledged(self) -> int:
        return sum(diary.answers[200] for diary in self.diaries)

    def _write(self, number: int, diary: Diary) -> None:
        chance = random.Random(number)
        client = Client(self.house.port, token=self.world["tokens"][number])
        mine = self.world["items"][number :: len(self.world["tokens"])]
        count = 0
        while not self.stopped.is_set():
            count += 1
            item = chance.choice(mine)
            try:
                self._act(client, diary, item, count, chance)
            except (OSError, ValueError, IndexError):
                diary.answers[0] += 1
                sleep(0.05)

    def _act(
        self, client: Client, diary: Diary, item: str, count: int, chance: random.Random
    ) -> None:
        path = f"/api/v1/items/{item}/"
        if count % 2:
            diary.tried[item] = count
            answer = client.patch(path, {"promise": f"{count}"}, timeout=20)
            if answer.status == 200:
                diary.promised[item] = count
        else:
            stage = chance.choice(list(self.world["stages"].values())[:4])
            answer = client.post(f"{path}move/", {"stage": stage}, timeout=20)
            if answer.status == 200 and (event := answer.json["event"]):
                diary.events.append(int(event.removeprefix("evt_")))
        diary.answers[answer.status] += 1
        if answer.status == 503:
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) >= 1
            sleep(0.05)
        elif answer.status != 200:
            diary.odd.append(answer.body)


def assert_nothing_was_lost(house: House, diaries: list[Diary], *, least: int) -> Counter[int]:
    """Acknowledged is visible; sent and unanswered may be; anything else is wrong."""
    answers = sum((diary.answers for diary in diaries), Counter[int]())
    said = crowd.scene(house, "verdict()")
    assert answers[200] >= least, answers  # a run in which little was acknowledged proves nothing
    assert [each for diary in diaries for each in diary.odd] == []
    for diary in diaries:
        for item, number in diary.promised.items():
            assert number <= int(said["promises"][item]) <= diary.tried[item]
    assert {seq for diary in diaries for seq in diary.events} <= set(said["seqs"])
    assert said["differences"] == []
    assert said["ties"] == []
    assert said["gapless"] and said["subjects_gapless"]
    return answers
