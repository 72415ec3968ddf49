"""A running house and the teams in it, made when a benchmark first asks for them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from tests.house import House, house_of_its_own
from tests.shared import ROOT

WEB_PROCESSES = 2


class Site:
    """Where everything is measured. `quick` takes smaller boards and fewer runs."""

    def __init__(self, house: House, *, quick: bool) -> None:
        self.house, self.quick = house, quick

    @property
    def runs(self) -> int:
        return 1 if self.quick else 3

    @property
    def database(self) -> str:
        return "postgresql" if "DATABASE_URL" in self.house.environment else "sqlite"

    def ask(self, call: str) -> Any:
        """What a function of `scene` prints."""
        code = f"from bench import scene; scene.{call}"
        return json.loads(self.house.python(code).splitlines()[-1])

    def ask_long(self, call: str, *, room: str = "bench") -> Any:
        """The same for what takes minutes."""
        code = f"from {room} import scene; scene.{call}"
        command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
        done = subprocess.run(
            command, cwd=ROOT, env=self.house.environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    @cached_property
    def years(self) -> dict[str, Any]:
        """Three years of a large studio."""
        return self.ask_long(f"years('Years', {3_000 if self.quick else 100_000})")

    def schedulers(self, publications: int) -> dict[str, Any]:
        """A team with so many publications ready to be claimed, and the keys of sixteen tools."""
        call = f"plan(publications={publications}, tokens_wanted=16)"
        return self.ask_long(call, room="tests.acceptance")

    @cached_property
    def small(self) -> dict[str, Any]:
        return self.ask("team('Small', 500)")

    @cached_property
    def middle(self) -> dict[str, Any]:
        return self.ask("team('Middle', 2000)")

    @cached_property
    def large(self) -> dict[str, Any]:
        return self.ask(f"team('Large', {self.largest})")

    @property
    def largest(self) -> int:
        return 3_000 if self.quick else 10_000

    @cached_property
    def several(self) -> list[dict[str, Any]]:
        """Four teams with a board each."""
        return [self.ask(f"team('Team {n}', 500)") for n in range(4)]

    @cached_property
    def four_boards(self) -> dict[str, Any]:
        """One team with four boards: they share a log."""
        return self.ask("team('Four', 500, boards=4)")


@contextmanager
def open_site(*, quick: bool) -> Iterator[Site]:
    with house_of_its_own() as house:
        house.environment |= {
            "DJANGO_SETTINGS_MODULE": "tests.races.settings",
            "WEB_PROCESSES": str(WEB_PROCESSES),
            "LOG_LEVEL": "WARNING",
        }
        yield Site(house.start(), quick=quick)
