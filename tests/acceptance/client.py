"""The published client as a process that can be told to die at a named point.

Run as `python -m tests.acceptance.client`, with its wishes as JSON in the environment.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import signal
import sys
from pathlib import Path
from time import sleep
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def published() -> ModuleType:
    """`docs/client/putki_client.py`, as somebody who has downloaded it has it."""
    place = ROOT / "docs" / "client" / "putki_client.py"
    spec = importlib.util.spec_from_file_location("putki_client", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["putki_client"] = module
    spec.loader.exec_module(module)
    return module


# The named points, by the line of the journal or the report that they stand beside.
POINTS = ("after claim", "before post", "after post, before report", "after report")


def main() -> None:
    wish = json.loads(os.environ["WISH"])
    client = published()
    chance = random.Random(wish["seed"])
    tally = Path(wish["tally"])

    def say(what: str) -> None:
        with tally.open("a") as file:
            file.write(f"{what}\n")
            file.flush()

    def maybe_die(point: str) -> None:
        if chance.random() < wish["kill"]:
            say(f"killed {point}")
            os.kill(os.getpid(), signal.SIGKILL)

    class Mortal(client.Journal):  # type: ignore[name-defined, misc]
        def note(self, entry: dict[str, Any], step: str, **more: Any) -> None:
            if step == "told":
                maybe_die("after post, before report")
            super().note(entry, step, **more)
            if step == "claimed":
                maybe_die("after claim")
            elif step == "posting":
                maybe_die("before post")
            elif step == "done":
                maybe_die("after report")

    class Talkative(client.Scheduler):  # type: ignore[name-defined, misc]
        def prepare(self, publication: dict[str, Any]) -> None:
            sleep(chance.random() * wish["prepare"])

        def _tell(self, entry: dict[str, Any], report: dict[str, Any]) -> None:
            super()._tell(entry, report)
            if chance.random() < wish["repeat"]:
                self._repeat(entry, report)

        def _repeat(self, entry: dict[str, Any], report: dict[str, Any]) -> None:
            """The same once more, as after an answer that was lost; also under another key."""
            say("repeated")
            for key in (f"{report['lease']}.{report['report_id']}", f"again.{report['lease']}"):
                where = f"publications/{entry['publication']['id']}/reports/"
                try:
                    self.putki.ask("POST", where, report, key=key)
                except client.Refused as refused:
                    say(f"refused {refused.status} {refused.code}")

        def _stop(self, entry: dict[str, Any], refused: Any) -> None:
            say(f"refused {refused.status} {refused.code}")
            super()._stop(entry, refused)

    putki = client.Putki(wish["base"], wish["token"], patience=wish["patience"], timeout=10)
    platform = client.Platform(wish["platform"], timeout=wish["platform_timeout"])
    scheduler = Talkative(
        putki, platform, Mortal(Path(wish["journal"])), name=wish["name"], batch=wish["batch"],
        claim_seconds=10,
    )  # fmt: skip
    idle = 0
    while idle < wish["idle"]:
        try:
            found = scheduler.once()
        except client.Unreachable:
            say("unreachable")
            continue
        except client.Refused as refused:
            say(f"refused {refused.status} {refused.code}")
            continue
        idle = 0 if found or scheduler.journal.entries else idle + 1
        sleep(0 if found else 0.2)
    say("finished")


if __name__ == "__main__":
    main()
