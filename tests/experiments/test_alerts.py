"""A KPI that left its baseline is told once, with its numbers; a quiet one is not."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from experiments import alerts
from experiments.models import KpiAlert
from production.models import Event
from tests.experiments.test_thresholds import tell, watched
from tests.people import NOON

__all__ = ["watched"]


def looked(world, day, kind="shift"):
    told = alerts.look(world.workspace, at=NOON + timedelta(days=day))
    return [each for each in told if each.kind == kind]


def test_a_shift_is_told_on_a_monday_and_not_again(watched, client, monkeypatch):
    tell(watched, [4.5] * 28)
    day = (7 - NOON.weekday()) % 7 + 14
    assert looked(watched, day - 1) == []

    [alert] = looked(watched, day)

    assert (alert.kind, alert.numbers["change"] < -0.2) == ("shift", True)
    assert looked(watched, day) == looked(watched, day + 7) == []
    events = Event.objects.filter(type="kpi.alerted")
    assert [each.data["kind"] for each in events].count("shift") == 1
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON + timedelta(days=day))
    client.force_login(watched.kim)
    page = client.get(reverse("kpis", args=[watched.workspace.slug])).content.decode()
    assert "has shifted by −25" in page


def test_a_day_that_stands_out_is_a_one_off_and_a_quiet_one_nothing(watched):
    tell(watched, [6.0] * 14 + [18.0])
    assert looked(watched, 14, "spike") == []

    [alert] = looked(watched, 15, "spike")

    assert alert.kind == "spike" and "One-off" in alerts.sentence(alert)
    assert looked(watched, 15, "spike") == []
    assert KpiAlert.objects.filter(kind="spike").count() == 1
