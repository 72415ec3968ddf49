"""Everything together, as processes: started, watched, killed and stopped."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from time import monotonic, sleep, time

import psutil
import pytest

from tests.house import House, house_of_its_own

WORLD = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from tests.people import make_world
world = make_world()
def sign_in(user):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key
print(sign_in(world.kim))
"""
NEW_ITEM = """
from production import items
from production.models import Board, Membership
from production.permissions import seat_of
from tests.people import NOON
seats = Membership.objects.select_related("user", "workspace")
ben = seat_of(seats.get(user__email="ben@aalto.example"))
print(items.create(Board.objects.get(), title="Live", seat=ben, at=NOON, values={}).public_id)
"""
LAST_SEQ = "from production.models import Workspace as W; print(W.objects.get().last_seq)"
REMOVE_KIM = """
from production.models import Membership
from tests.people import NOON
Membership.objects.filter(user__email="kim@aalto.example").update(removed_at=NOON)
"""


@pytest.fixture(scope="module")
def street() -> Iterator[tuple[House, str]]:
    """A running house with the cast in it, and Kim's session."""
    with house_of_its_own() as house:
        yield house, house.start().python(WORLD)


class Stream:
    """A browser that listens."""

    def __init__(self, house: House, session: str, since: int | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", house.port, timeout=60)
        query = "" if since is None else f"?since={since}"
        self.connection.request(
            "GET", f"/events/studio-aalto/{query}", headers={"Cookie": f"sessionid={session}"}
        )
        self.answer = self.connection.getresponse()
        assert self.answer.status == 200

    def next(self) -> dict | None:
        """The next event's data; None when the stream has ended."""
        while line := self.answer.readline():
            if line.startswith(b"data: "):
                return json.loads(line[6:])
        return None


@contextmanager
def listening(house: House, session: str, since: int | None = None) -> Iterator[Stream]:
    stream = Stream(house, session, since)
    try:
        yield stream
    finally:
        stream.connection.close()


def wait_for(condition, seconds: float = 40) -> None:
    until = monotonic() + seconds
    while not condition():
        assert monotonic() < until, "it did not happen in time"
        sleep(0.05)


def test_up_and_down_with_an_open_stream(house: House) -> None:
    house.start()
    family = house.children()
    session = house.python(WORLD)

    with listening(house, session) as stream:
        seconds_down = house.stop(signal.SIGINT)
        assert stream.next() is None

    assert seconds_down < 4
    assert house.process.returncode == 0
    assert not psutil.wait_procs(family, timeout=1)[1]


def test_the_first_page_and_its_files_are_served(house: House) -> None:
    house.start()

    status, headers, page = house.get("/accounts/login/")
    style = re.search(rb"/static/[^\"]+\.css", page)

    assert status == 200
    assert "csrftoken=" in headers["set-cookie"]
    assert style
    assert re.search(rb"\.[0-9a-f]{12}\.css", style[0])
    assert "immutable" in house.get(style[0].decode())[1]["cache-control"]


def test_what_one_does_the_other_sees_within_a_second(street: tuple[House, str]) -> None:
    house, session = street

    with listening(house, session) as stream, ThreadPoolExecutor(1) as browser:
        heard = browser.submit(lambda: (stream.next(), time()))
        item, committed_at = house.python(NEW_ITEM + "import time; print(time.time())").split()
        told, heard_at = heard.result(10)

    assert told["type"] == "item.created"
    assert told["subject"] == item
    assert heard_at - float(committed_at) < 1


def test_without_the_bell_the_stream_looks_by_itself(street: tuple[House, str]) -> None:
    house, session = street

    with listening(house, session) as stream:
        sleep(0.3)
        silent = {"BROKER_SOCKET": str(house.folder / "nobody")}
        item = house.manage("shell", "--no-imports", "--command", NEW_ITEM, **silent)
        began = monotonic()
        told = stream.next()

    assert told["subject"] == item.stdout.strip()
    assert monotonic() - began < 4


def test_a_stream_comes_back_after_its_web_process_was_killed(street: tuple[House, str]) -> None:
    house, session = street
    with listening(house, session) as stream:
        house.children("putki-web")[0].kill()
        assert stream.next() is None
    before = int(house.python(LAST_SEQ))
    item = house.python(NEW_ITEM)

    wait_for(lambda: house.status("/health/ready") == 200)
    with listening(house, session, since=before) as stream:
        assert stream.next()["subject"] == item


def test_who_is_removed_is_cut_off(street: tuple[House, str]) -> None:
    house, session = street

    with listening(house, session) as stream:
        house.python(REMOVE_KIM)
        began = monotonic()
        assert stream.next() is None

    assert monotonic() - began < 30
    assert house.get("/events/studio-aalto/", Cookie=f"sessionid={session}")[0] == 404


def test_a_killed_child_is_replaced(house: House) -> None:
    house.start()
    for name in ("putki-web", "putki-worker", "putki-clock", "valkey"):
        victim = house.children(name)[0]

        victim.kill()

        wait_for(partial(is_replaced, house, name, victim))
        wait_for(lambda: broker_state(house) == "ok")


def is_replaced(house: House, name: str, victim: psutil.Process) -> bool:
    return any(child.pid != victim.pid for child in house.children(name))


def broker_state(house: House) -> str:
    try:
        return json.loads(house.get("/health/ready")[2])["broker"]
    except OSError:
        return "away"


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_nothing_outlives_the_parent(house: House, how: signal.Signals) -> None:
    family = house.start().children()
    assert len(family) >= 4

    house.stop(how)

    assert not psutil.wait_procs(family, timeout=10)[1]


def test_after_a_kill_it_starts_again(house: House) -> None:
    house.start().stop(signal.SIGKILL)

    house.start()

    assert house.status("/health/ready") == 200


def test_jobs_of_a_killed_worker_run_after_all(house: House) -> None:
    house.start()
    for worker in house.children("putki-worker"):
        worker.suspend()
    house.python(
        "from celery import current_app as c; [c.send_task('nobody.knows') for _ in '123']"
    )

    for worker in house.children("putki-worker"):
        worker.kill()

    wait_for(lambda: json.loads(house.get("/health/deps")[2])["broker"]["jobs_waiting"] == 0)


def test_the_figures_of_all_web_processes_are_added_up(house: House) -> None:
    house.environment["WEB_PROCESSES"] = "2"
    house.start()

    for _ in range(40):
        house.get("/health/live")

    figures = house.get("/metrics")[2].decode()
    counted = re.findall(
        r"^django_http_requests_total_by_view_transport_method_total{[^}]*health_live[^}]*} (\S+)",
        figures,
        re.MULTILINE,
    )
    assert sum(map(float, counted)) == 40


def test_a_port_in_use_is_said_in_a_sentence(house: House) -> None:
    with socket.create_server(("127.0.0.1", house.port)):
        done = house.manage("up")

    assert done.returncode == 2
    assert f"Port {house.port} on 127.0.0.1 cannot be used" in done.stderr
    assert "Traceback" not in done.stderr


def test_two_cannot_run_from_one_folder(house: House) -> None:
    house.start()

    done = house.manage("up", PORT="1")

    assert done.returncode == 2
    assert "already runs" in done.stderr


def test_a_slow_request_is_finished_before_the_end(house: House) -> None:
    house.start()
    asked = http.client.HTTPConnection("127.0.0.1", house.port, timeout=10)
    asked.putrequest("POST", "/accounts/login/")
    asked.putheader("Content-Length", "4")
    asked.endheaders()
    asked.send(b"ab")
    sleep(0.2)

    os.kill(house.process.pid, signal.SIGTERM)
    sleep(0.3)
    asked.send(b"cd")

    assert asked.getresponse().status in (403, 200)
    asked.close()
    house.process.wait(10)


def test_balancers_are_told_before_the_end(house: House) -> None:
    house.environment["DRAIN_SECONDS"] = "2"
    house.start()

    os.kill(house.process.pid, signal.SIGTERM)
    wait_for(lambda: house.status("/health/ready") == 503, 1.5)

    assert house.status("/health/live") == 200
    house.process.wait(15)
