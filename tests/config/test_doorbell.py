import socket
import threading
from pathlib import Path
from time import monotonic

import pytest
from celery import current_app

from config.broker import give_back_unfinished_jobs
from config.celery import LeasedScheduler, app
from production import doorbell


@pytest.fixture
def queue(valkey: str, monkeypatch: pytest.MonkeyPatch):
    """The jobs that wait on the broker."""
    address = valkey.replace("unix://", "redis+socket://").replace("?db=0", "?virtual_host=0")
    monkeypatch.setattr(current_app.conf, "broker_url", address)
    monkeypatch.setattr(current_app.conf, "broker_read_url", address)
    monkeypatch.setattr(current_app.conf, "broker_write_url", address)
    app.__dict__.pop("amqp", None)
    app._pool = None
    yield lambda: doorbell.connect(valkey).llen("celery")
    app.__dict__.pop("amqp", None)
    app._pool = None


def test_who_listens_hears_of_a_commit(valkey: str) -> None:
    with doorbell.connect(valkey) as client, client.pubsub() as bell:
        bell.psubscribe(f"{doorbell.CHANNEL}*")
        bell.get_message(timeout=1)

        doorbell.ring(7, 42)

        heard = bell.get_message(timeout=1)
    assert (heard["channel"], heard["data"]) == (b"putki:bell:7", b"42")


def test_a_burst_of_commits_wakes_the_readers_once(queue) -> None:
    for seq in range(50):
        doorbell.after_commit(7, seq)

    assert queue() == 1


def test_a_commit_after_the_readers_began_wakes_them_again(queue) -> None:
    doorbell.wake("sweep")
    doorbell.awake("production.sweep")

    doorbell.wake("sweep")

    assert queue() == 2


def test_without_a_broker_nobody_fails_and_nobody_waits(settings, tmp_path: Path) -> None:
    settings.REDIS_URL = f"unix://{tmp_path}/nobody?db=0"
    doorbell.forget_broker()

    started = monotonic()
    for seq in range(1000):
        doorbell.after_commit(7, seq)

    assert monotonic() - started < 1


def test_a_broker_that_never_answers_costs_a_quarter_of_a_second_once(settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        doorbell.forget_broker()

        started = monotonic()
        for seq in range(100):
            doorbell.after_commit(7, seq)

        assert 0.2 < monotonic() - started < 1
    doorbell.forget_broker()


def test_many_threads_may_ring_at_once(valkey: str) -> None:
    with doorbell.connect(valkey) as client, client.pubsub() as bell:
        bell.psubscribe(f"{doorbell.CHANNEL}*")
        bell.get_message(timeout=1)

        threads = [threading.Thread(target=doorbell.ring, args=(1, n)) for n in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        heard = {bell.get_message(timeout=1)["data"] for _ in threads}
    assert len(heard) == 40


def test_what_a_dead_worker_had_taken_is_queued_again(queue) -> None:
    for _ in range(3):
        app.send_task("production.sweep")
    with app.connection_for_read() as connection, connection.channel() as channel:
        taken = [channel.basic_get("celery") for _ in range(3)]
        assert all(taken)
        assert queue() == 0
        channel._closing_qos_restored = True
        channel.qos._delivered.clear()  # as if killed: nothing is given back on the way out

    assert give_back_unfinished_jobs(app) == 3
    assert queue() == 3


def test_of_two_clocks_one_ticks(valkey: str) -> None:
    first, second = LeasedScheduler(app, lazy=True), LeasedScheduler(app, lazy=True)
    second.holder = "another-host:1"

    assert first.holds_lease()
    assert not second.holds_lease()

    first.broker.delete("putki:beat")
    assert second.holds_lease()
