"""The pages of the register: what they show, and what they hide until the gate is passed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from experiments import snapshots
from experiments.models import Experiment
from tests.experiments.test_register import lines, plan, put, running
from tests.people import NOON

BASE = "/w/studio-aalto/experiments/"


@pytest.mark.parametrize("name", ["ann", "kim"])
def test_the_team_sees_the_register(client, world, name):
    plan(world)
    client.force_login(getattr(world, name))

    answer = client.get(BASE)

    assert answer.status_code == 200
    assert b"EXP-1" in answer.content


def test_strangers_and_otto_do_not(client, world, strangers):
    running(world)
    for person, status in ((strangers.eve, 404), (world.otto, 403)):
        client.force_login(person)
        assert client.get(BASE).status_code == status
        assert client.get(f"{BASE}1/").status_code == status


def test_before_the_gate_no_lift_is_shown(client, world):
    experiment = running(world)
    put(world, experiment, lines(4, (1000, 4), (1000, 9)))
    snapshots.take(experiment, at=NOON)
    client.force_login(world.kim)

    text = client.get(f"{BASE}1/").content.decode()

    assert "Too early to say" in text
    assert "4 of 7" in text
    assert "forest" not in text
    assert "measured" not in text


def test_after_the_gate_the_range_comes_first(client, world):
    experiment = running(world)
    put(world, experiment, lines(10, (2000, 12), (2000, 30)))
    snapshots.take(experiment, at=NOON)
    client.force_login(world.kim)

    text = client.get(f"{BASE}1/").content.decode()
    expert = client.get(f"{BASE}1/?expert=1").content.decode()

    assert "Repeat B: +" in text
    assert 'id="forest"' in text
    assert "p, any time" not in text
    assert "p, any time" in expert


def test_ben_plans_starts_types_results_and_decides(client, world):
    client.force_login(world.ben)
    kpi = world.workspace.kpis.first() if hasattr(world.workspace, "kpis") else None
    kpi = kpi or plan(world).kpi
    wish = {
        "title": "Title of #4", "variable": "title", "variants": "One\nTwo", "kpi": kpi.pk,
        "allocation": "own_random", "starts_on": "2026-03-16", "ends_on": "2026-03-30",
    }  # fmt: skip

    made = client.post(f"{BASE}new/", wish)
    address = made["Location"]
    client.post(f"{address}start/")
    days = [(NOON + timedelta(days=n)).date().isoformat() for n in range(10)]
    text = "variant;day;exposures;total\n" + "\n".join(
        f"{letter};{day};2000;{total}" for day in days for letter, total in (("A", 12), ("B", 30))
    )
    client.post(f"{address}results/", {"text": text})
    client.post(f"{address}decide/", {"decision": "repeat", "reason": "Clear"})

    experiment = Experiment.objects.get(title="Title of #4")
    assert experiment.state == "decided"
    assert experiment.decision == "repeat"
    assert not experiment.overridden


def test_lines_that_cannot_be_read_are_named(client, world):
    running(world)
    client.force_login(world.ben)

    told = client.post(f"{BASE}1/results/", {"text": "variant,day\nA,1"}, follow=True)
    other = client.post(
        f"{BASE}1/results/", {"text": "variant,day,exposures,total\nA,soon,1,2"}, follow=True
    )

    assert "exposures, total" in told.content.decode()
    assert "Line 2 cannot be read" in other.content.decode()
