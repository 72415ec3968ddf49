import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from config import health


@pytest.fixture(autouse=True)
def a_new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.Migrations, "seen", False)


def test_live_asks_nothing(client: Client) -> None:
    assert client.get("/health/live").json() == {"status": "alive"}


@pytest.mark.django_db
def test_ready_while_the_broker_is_away(client: Client) -> None:
    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["database"] == "ok"
    assert answer.json()["broker"] == "away"


@pytest.mark.django_db
def test_ready_with_the_broker(client: Client, valkey: str) -> None:
    assert client.get("/health/ready").json()["broker"] == "ok"


@pytest.mark.django_db
def test_not_ready_while_stopping(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.Draining, "now", True)

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["draining"] is True


@pytest.mark.django_db
def test_not_ready_when_a_migration_is_missing(client: Client) -> None:
    last = MigrationRecorder(connection).migration_qs.filter(app="production").last()
    last.delete()

    answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["database"] == "behind"


@pytest.mark.parametrize("path", ["/health/deps", "/metrics"])
@pytest.mark.django_db
def test_figures_are_for_operators(client: Client, settings, path: str) -> None:
    assert client.get(path).status_code == 200  # from this very machine
    assert client.get(path, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.get(path, headers={"X-Forwarded-For": "192.0.2.7"}).status_code == 404

    settings.METRICS_TOKEN = "a-long-token"
    assert client.get(path).status_code == 404
    assert client.get(path, headers={"Authorization": "Bearer wrong"}).status_code == 404
    right = {"Authorization": "Bearer a-long-token"}
    assert client.get(path, headers=right, REMOTE_ADDR="192.0.2.7").status_code == 200
