"""Jobs on a real worker: the rows say what is to be done, the broker only that there is some."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic, sleep

from tests.house import House

BEGUN_IMPORT = """
from django.utils import timezone
from production import imports
from tests.people import make_world
from tests.production.imports.boards import as_bytes, document
world = make_world()
now = timezone.now()
run = imports.receive(as_bytes(document()), "board.json", seat=world.seat("ann"), at=now).run
imports.begin(run, seat=world.seat("ann"), at=now, override=True)
"""
WAKE = "from production import doorbell; doorbell.wake('sweep')"
OLD_ANSWER = """
from datetime import timedelta
from production.models import IdempotencyRecord
IdempotencyRecord.objects.create(
    workspace=world.workspace, scope="s", key="k", fingerprint="f",
    created_at=now - timedelta(days=9))
"""
PURGE = "from celery import current_app; current_app.send_task('production.purge')"


@dataclass(frozen=True)
class Found:
    """How far the only import of a house has come."""

    state: str
    tries: int
    problem: str
    items: int
    committed: int


def found(house: House) -> Found:
    ((state, report),) = house.rows("SELECT state, report FROM production_importrun")
    report = report if isinstance(report, dict) else json.loads(report)
    return Found(
        state=state,
        tries=report["commit"].get("tries", 0),
        problem=report.get("problem", {}).get("code", ""),
        items=count(house, "production_contentitem"),
        committed=count(house, "production_event WHERE type = 'import.committed'"),
    )


def count(house: House, what: str) -> int:
    return house.rows(f"SELECT count(*) FROM {what}")[0][0]


def wait_until(condition: Callable[[], bool], house: House) -> None:
    until = monotonic() + 60
    while not condition():
        assert monotonic() < until, (found(house), house.log())
        sleep(0.05)


def test_what_waited_while_no_worker_ran_is_found_when_one_starts(house: House) -> None:
    house.manage("migrate")
    house.python(BEGUN_IMPORT + OLD_ANSWER)

    house.start()

    wait_until(lambda: found(house).state == "applied", house)
    assert found(house).committed == 1
    assert found(house).items > 0
    house.python(PURGE)
    wait_until(lambda: count(house, "production_idempotencyrecord") == 0, house)


def test_an_import_whose_worker_is_killed_is_made_once(house: House) -> None:
    house.environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "FAULT_POINTS": "import.before_commit=sleep:1",
    }
    house.start().python(BEGUN_IMPORT + WAKE)
    wait_until(lambda: found(house).tries == 1, house)

    for worker in house.children("putki-worker"):
        worker.kill()
    before = found(house)

    wait_until(lambda: found(house).state == "applied", house)
    assert (before.state, before.items) == ("applying", 0)
    assert (found(house).tries, found(house).committed) == (2, 1)


def test_an_import_that_kills_its_worker_each_time_is_given_up(house: House) -> None:
    house.environment |= {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "FAULT_POINTS": "import.before_commit=exit",
    }
    house.start().python(BEGUN_IMPORT + WAKE)

    wait_until(lambda: found(house).state in ("refused", "applied"), house)

    assert (found(house).state, found(house).problem) == ("refused", "import_failed")
    assert (found(house).tries, found(house).items) == (5, 0)
