"""A running house, a platform with its own ledger, and schedulers that die and come back."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any
from urllib.request import Request, urlopen

from tests.acceptance.client import ROOT
from tests.house import House
from tests.races.crowd import racing

EXPIRE = {
    "postgresql": "UPDATE production_lease SET expires_at = now() - interval '1 minute' "
    "WHERE state = 'active'",
    "sqlite": "UPDATE production_lease SET expires_at = datetime('now', '-1 minute') "
    "WHERE state = 'active'",
}
FLAWED = {"hang": 0.06, "break": 0.08, "limit": 0.06, "refuse": 0.04, "late": 0.08, "slow": 0.1}


@dataclass
class Street:
    """Everything that a scheduler needs: Putki, what is ready there, and a platform."""

    house: House
    folder: Path
    platform: str
    world: dict[str, Any] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.house.port}"

    def scene(self, call: str) -> Any:
        """What a function of `scene` prints, run on the house's database with every lock."""
        sound = {"TRANSACTION_MODE": "", "FAULT_POINTS": ""}
        said = self.house.python(f"from tests.acceptance import scene; scene.{call}", **sound)
        return json.loads(said.splitlines()[-1])

    def ledger(self) -> Counter[str]:
        """How often each publication was really posted."""
        lines = (self.folder / "ledger.jsonl").read_text().splitlines()
        return Counter(json.loads(line)["ref"] for line in lines)

    def moods(self, **shares: float) -> None:
        body = json.dumps(shares).encode()
        with urlopen(Request(f"{self.platform}/moods", body, method="POST"), timeout=10):
            pass

    def let_claims_run_out(self) -> None:
        kind = "postgresql" if "DATABASE_URL" in self.house.environment else "sqlite"
        self.house.execute(EXPIRE[kind])


@contextmanager
def street(publications: int, *, tokens: int = 2, **environment: str) -> Iterator[Street]:
    with racing(**environment) as house, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "ledger.jsonl").touch()
        platform = subprocess.Popen(
            [sys.executable, ROOT / "docs/client/fake_platform.py", "0", folder / "ledger.jsonl"],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert platform.stdout is not None
            made = Street(house, folder, platform.stdout.readline().strip())
            made.world = made.scene(f"plan(publications={publications}, tokens_wanted={tokens})")
            yield made
        finally:
            platform.kill()
            platform.wait()


@dataclass
class Race:
    """What happened outside: what the schedulers say, the ledger; and inside: the verdict."""

    tally: Counter[str]
    ledger: Counter[str]
    verdict: dict[str, Any]

    @property
    def kills(self) -> int:
        return sum(count for said, count in self.tally.items() if said.startswith("killed"))

    @property
    def wrongs(self) -> list[str]:
        """Every promise that did not hold."""
        said, states = self.verdict, self.verdict["states"]
        known = ("published", "unconfirmed", "needs_attention")
        checks = {
            "posted twice": max(self.ledger.values(), default=0) > 1,
            "silent": [each for each, state in states.items() if state not in known],
            "published and not in the ledger": [
                each for each, s in states.items() if s == "published" and each not in self.ledger
            ],
            "in the ledger and not known": [
                each for each in self.ledger if states[each] not in ("published", "unconfirmed")
            ],
            "published more than once": [
                each for each, count in said["published_events"].items() if count > 1
            ],
            "two holders": said["two_holders"],
            "fences do not grow by one": not said["fences_grow"],
            "the log has a gap": not said["gapless"],
            "a delivery is missing": said["delivered"] != said["counts"].get("published", 0),
        }
        return [f"{name}: {found}" for name, found in checks.items() if found]


class Schedulers:
    """The published client as many processes at once; the killed ones are started again."""

    def __init__(self, street: Street, count: int, *, seed: int = 1, **wish: Any) -> None:
        self.street, self.chance = street, random.Random(seed)
        self.wish = {
            "kill": 0.0, "prepare": 0.1, "repeat": 0.2, "batch": 2, "idle": 3, "patience": 30,
            "platform_timeout": 0.5, **wish,
        }  # fmt: skip
        self.running: dict[int, subprocess.Popen[bytes]] = {}
        self.journals = 0
        self.names = {number: self._journal() for number in range(count)}
        self.started = 0

    def run(
        self, *, kills: int = 0, beside: Callable[[], None] | None = None, within: float = 600
    ) -> None:
        """Until everybody has found nothing to do for a while. `beside` is called all the time."""
        for number in self.names:
            self._start(number, kills > 0)
        until = monotonic() + within
        while self.running:
            assert monotonic() < until, self.tally()
            if beside is not None:
                beside()
            sleep(0.05)
            for number, process in list(self.running.items()):
                if process.poll() is None:
                    continue
                del self.running[number]
                if process.returncode == -signal.SIGKILL:
                    if self.chance.random() < 0.25:  # its disk is gone too
                        self.names[number] = self._journal()
                    self._start(number, self._killed() < kills)
                else:
                    assert process.returncode == 0, (self.street.folder / "errors").read_text()

    def tally(self) -> Counter[str]:
        place = self.street.folder / "tally"
        return Counter(place.read_text().splitlines() if place.exists() else [])

    def _killed(self) -> int:
        return sum(count for said, count in self.tally().items() if said.startswith("killed"))

    def _journal(self) -> str:
        self.journals += 1
        return str(self.street.folder / f"journal-{id(self)}-{self.journals}")

    def _start(self, number: int, mortal: bool) -> None:
        self.started += 1
        tokens = self.street.world["tokens"]
        wish = {
            **self.wish,
            "base": self.street.base,
            "platform": self.street.platform,
            "token": tokens[number % len(tokens)],
            "name": f"tool-{number}",
            "journal": self.names[number],
            "tally": str(self.street.folder / "tally"),
            "seed": self.started,
            "kill": self.wish["kill"] if mortal else 0.0,
        }
        self.running[number] = subprocess.Popen(
            [sys.executable, "-m", "tests.acceptance.client"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "WISH": json.dumps(wish)},
            stderr=(self.street.folder / "errors").open("a"),
        )

    def end(self) -> None:
        for process in self.running.values():
            process.kill()
            process.wait()


def race(
    street: Street,
    count: int,
    *,
    kills: int,
    kill: float,
    beside: Callable[[], None] | None = None,
) -> Race:
    """Let them loose, on a platform with moods; then bring everything to its end in peace."""
    street.moods(**FLAWED)
    rough = Schedulers(street, count, kill=kill)
    try:
        rough.run(kills=kills, beside=beside)
        street.scene("sweep(hours_later=48)")
        street.moods()
        calm = Schedulers(street, 2, seed=2, batch=20, prepare=0.0, idle=1)
        try:
            calm.run()
        finally:
            calm.end()
    finally:
        rough.end()
    return Race(rough.tally(), street.ledger(), street.scene("verdict(hours_later=96)"))
