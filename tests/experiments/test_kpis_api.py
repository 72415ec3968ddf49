"""The KPI table, rules and actions over the API, and the one CSV address."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from experiments import thresholds
from experiments.models import TrackedKpi
from production import tokens
from tests.experiments.test_rules import kpi
from tests.experiments.test_thresholds import TODAY, tell, watched
from tests.people import NOON

__all__ = ["watched"]
CSV = "/api/v1/exports/kpis.csv"


@pytest.fixture
def ann(watched, client):
    client.force_login(watched.ann)
    client.defaults["HTTP_PUTKI_WORKSPACE"] = watched.workspace.slug
    return client


def send(client, method, path, body=None):
    return getattr(client, method)(f"/api/v1{path}", body, content_type="application/json")


def now(monkeypatch, days):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(days=days))


def test_the_dashboard_says_value_interval_n_period_and_status(watched, ann, monkeypatch):
    tell(watched, [5.0] * 14)
    now(monkeypatch, 14)

    [line] = send(ann, "get", "/kpis/dashboard/").json()["data"]

    told = line["now"]
    assert told["low"] < told["value"] < told["high"]
    assert told["value"] == pytest.approx(5.0, rel=0.01)
    assert told["n"] == 14 * 100_000 and told["days"] == 14
    assert (told["first_day"], told["last_day"]) == (
        TODAY.isoformat(), (TODAY + timedelta(days=13)).isoformat(),
    )  # fmt: skip
    assert (line["status"], line["target"]) == ("behind", 10.0)
    assert line["baseline"]["value"] == pytest.approx(6.0, rel=0.01)


def test_a_rule_is_tried_kept_changed_and_its_action_closed(watched, ann, monkeypatch):
    watched.workspace.threshold_rules.update(retired_at=NOON)
    tell(watched, [5.0] * 14)
    now(monkeypatch, 14)
    wish = {"name": "Few", "kpi": kpi(watched).public_id, "condition": "below", "line": 5.5}
    wish |= {"min_posts": 0}

    tried = send(ann, "post", "/threshold-rules/preview/", wish).json()
    assert tried["times"] == 1 and not watched.workspace.threshold_rules.filter(name="Few").exists()
    kept = send(ann, "post", "/threshold-rules/", wish)
    path = f"/threshold-rules/{kept.json()['id']}/"
    assert kept.status_code == 201 and "is below" in kept.json()["sentence"]
    assert send(ann, "patch", path, {"clear_line": 1.0}).status_code == 400
    assert send(ann, "patch", path, {"clear_line": 5.8}).json()["version"] == 2

    [opened] = thresholds.evaluate(watched.workspace, at=NOON + timedelta(days=14))
    action = f"/actions/{opened.public_id}/"
    assert send(ann, "post", f"{action}close/", {"outcome": "won", "note": "x"}).status_code == 400
    closed = send(ann, "post", f"{action}close/", {"outcome": "done", "note": "New hook."}).json()
    assert (closed["outcome"], closed["outcome_note"]) == ("done", "New hook.")
    assert send(ann, "get", "/actions/?state=open").json()["data"] == []
    [crossing] = send(ann, "get", f"{path}crossings/").json()["data"]
    assert crossing["action"] == opened.public_id


def test_the_csv_takes_a_reading_token_in_the_address_and_no_other(watched, client):
    ann = watched.seat("ann")
    plain = {}
    for name, scopes in (("read", ["content:read"]), ("write", ["content:read", "content:write"])):
        _token, plain[name] = tokens.create(name=name, scopes=scopes, seat=ann, at=NOON)

    answer = client.get(CSV, {"token": plain["read"]})

    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["id"] for row in rows] == [TrackedKpi.objects.get().public_id]
    assert client.get(CSV, {"token": plain["write"]}).status_code == 403
    header = {"HTTP_AUTHORIZATION": f"Bearer {plain['write']}"}
    assert client.get(CSV, **header).status_code == 200
    for asked in ({}, {"token": "putki_nothing"}, {"token": "ä"}):
        assert client.get(CSV, asked).status_code == 401
