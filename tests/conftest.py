"""What every test may ask for."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as property_tests

from config import broker
from config.preparation import compile_catalogues
from production import doorbell
from tests.house import House, house_of_its_own
from tests.people import World, make_strangers, make_world
from tests.prepared import forget, prepared
from tests.shared import ROOT

# A busy machine draws and runs examples slowly: that says nothing about the product.
property_tests.register_profile(
    "putki", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
property_tests.load_profile("putki")

# How long it takes to make up a case says something about the machine, and nothing about Putki.
hypothesis.settings.register_profile(
    "putki", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("putki")


# Whole files go to one worker each (--dist loadfile), so that what a file shares is made once.
# Those that run long stand in front, or the last one would run alone.
LONG = (
    "tests/faults/test_up.py",
    "tests/races/test_pairs.py",
    "tests/config/test_crawl.py",
    "tests/faults",
    "tests/races",
    "tests/config",
    "tests/production/test_demo.py",
    "tests/production/api",
    "tests/production/test_flow_kept.py",
    "tests/production/test_item_pages.py",
    "tests/browser/test_board.py",
)


def place(item: pytest.Item) -> int:
    path = item.path.relative_to(ROOT).as_posix()
    return next((place for place, begin in enumerate(LONG) if path.startswith(begin)), len(LONG))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=place)
    for item in items:
        # A browser on a busy machine may draw late once; a fault is late always.
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=1))
    if connection.vendor == "postgresql":
        return
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(pytest.mark.skip(reason="makes sense only on PostgreSQL"))


def pytest_configure(config: pytest.Config) -> None:
    """Once, before the workers begin: pages and mails are read in Finnish too."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


def pytest_unconfigure() -> None:
    forget()
    if settings.OWN_FOLDER:
        shutil.rmtree(settings.OWN_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The database of the tests is there before Django looks for it."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Each worker begins with a copy of the tables that were made once."""
    name = connection.creation._get_test_db_name()
    prepared().copy_database(name)
    yield
    connection.close()
    prepared().drop_database(name)


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Limits count calls in the cache: no test pays for those of another."""
    cache.clear()


@pytest.fixture(scope="session")
def valkey_server() -> Iterator[str]:
    """The address of a broker of our own."""
    with tempfile.TemporaryDirectory(prefix="putki-broker-") as folder:
        socket = Path(folder) / "socket"
        server = subprocess.Popen(broker.command(broker.server(), socket))
        url = f"unix://{socket}?db=0"
        assert broker.wait_until_it_answers(url, 5)
        yield url
        server.terminate()
        server.wait(5)


@pytest.fixture
def valkey(valkey_server: str, settings: Any) -> Iterator[str]:
    """The same, empty, and the product's bell rings on it."""
    settings.REDIS_URL = valkey_server
    with redis.Redis.from_url(valkey_server) as client:  # the product's own gives up at once
        client.flushall()
    doorbell.forget_broker()
    yield valkey_server
    doorbell.forget_broker()


@pytest.fixture
def house() -> Iterator[House]:
    """All of Putki in a folder and a database of its own; `house.start()` starts it."""
    with house_of_its_own() as made:
        yield made


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def strangers(db: None) -> World:
    return make_strangers()
