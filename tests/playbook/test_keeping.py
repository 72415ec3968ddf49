"""Numbers, experiments and playbook leave with the workspace and come back with it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.db import models

from experiments import importing, register, results, snapshots
from experiments.models import Baseline, DailyCheck, Experiment, Observation, TrackedKpi
from playbook.models import Level, Play, Responsibility, Strategy, StrategyVersion
from production import demo, workspaces
from production.exports.reading import value_of
from production.exports.tables import BESIDE, LEFT_OUT, TABLES, reference, tables
from production.imports.plan import ImportProblem
from production.models import KpiDefinition
from tests.experiments.imports.exports import TIKTOK_VIDEOS
from tests.people import NOON
from tests.production.exports.test_round_trip import normal, restored, written

ROOMS = ("production", "experiments", "playbook")
LINK = "https://www.tiktok.com/@aalto/video/7567452112981069079"


@pytest.fixture
def measured(world, settings, tmp_path):
    """A workspace with numbers from two files, an experiment with a verdict, and a strategy."""
    settings.MEDIA_ROOT = tmp_path
    seat, kpi = world.seat("ann"), KpiDefinition.objects.get(workspace=world.workspace)
    for day, views in ((10, 100), (11, 250)):
        line = f"Hooks,{LINK},2026/03/{day} 18:00:00,{views},5,1,0,3"
        file = ContentFile(f"{TIKTOK_VIDEOS}\n{line}".encode())
        at = NOON + timedelta(hours=day - 10)
        run = importing.receive(file, "v.csv", seat=seat, at=at).run
        if run.report["asks"]:
            run = importing.settle(run, {"zone": "Europe/Helsinki"}, seat=seat, at=at)
        importing.apply(importing.begin(run, seat=seat, at=at))
    wish = {"title": "Hook", "variable": "hook", "kpi": kpi, "allocation": "platform_split"}
    made = register.create(wish, [{"text": "A"}, {"text": "B"}], seat=seat, at=NOON)
    register.start(made, seat=seat, at=NOON)
    lines = [results.Line("A", NOON.date(), 1000.0, 6), results.Line("B", NOON.date(), 1000.0, 9)]
    results.record(made, lines, seat=seat, at=NOON, origin="pushed")
    snapshots.follow(world.workspace, at=NOON)
    tracked = TrackedKpi.objects.create(workspace=world.workspace, kpi=kpi, created_at=NOON)
    Baseline.objects.create(tracked=tracked, number=1, first_day=NOON, last_day=NOON, value=6.25,
                            definition=1, at=NOON)  # fmt: skip
    DailyCheck.objects.create(workspace=world.workspace, user=world.ben, day=NOON, at=NOON)
    Level.objects.create(workspace=world.workspace, attribute="hook", code="claim", name="Claim")
    Responsibility.objects.create(workspace=world.workspace, area="data", person=world.vera)
    strategy = Strategy.objects.create(workspace=world.workspace, goals="G", updated_at=NOON)
    StrategyVersion.objects.create(strategy=strategy, number=1, content={"goals": "G"}, at=NOON)
    world.workspace.refresh_from_db()
    return world


@pytest.mark.parametrize("room", ROOMS)
def test_no_model_of_a_workspace_is_forgotten(room):
    known = {table.model for table in tables()} | BESIDE | LEFT_OUT

    assert set(apps.get_app_config(room).get_models()) <= known


def test_every_table_names_only_what_was_written_before_it():
    before = set(BESIDE)
    for table in tables():
        before.add(table.model) if table.parents_first else None
        for field in (*table.fields(), *table.lists()):
            if field.is_relation:
                named = field.related_model
                assert named in before, f"{table.name}.{field.name} comes before {named}"
                look_up = reference(named)
                assert "__" in look_up or named._meta.get_field(look_up), look_up
        before.add(table.model)
    assert len({table.name for table in tables()}) == len(tables())


def test_every_column_can_be_read_again():
    samples = ("x", 1, 1.5, True, {}, "2026-03-10", "2026-03-10T10:00:00+00:00", "10:00", "")
    for table in tables():
        for field in table.fields():
            if not field.is_relation and not field.choices:
                assert any(_reads(field, each) for each in samples), f"{table.name}.{field.name}"


def _reads(field: models.Field, said: object) -> bool:
    try:
        value_of(field, said, "")
    except ImportProblem:
        return False
    return True


def test_into_an_empty_installation_comes_the_very_same(measured):
    before = written(measured.workspace)
    said = json.loads(before)["tables"]
    assert all(said[name] for name in ("observation", "observationchange", "snapshot"))
    workspaces.delete(seat=measured.seat("ann"), typed_name="Studio Aalto")
    assert not Observation.objects.exists()

    back = restored(before)

    assert written(back) == before
    assert snapshots.follow(back, at=NOON + timedelta(days=9)) == 0  # nothing in it is new


def test_beside_the_original_everything_gets_ids_of_its_own(measured):
    before = written(measured.workspace)

    back = restored(before, slug="copy")

    assert normal(written(back)) == normal(before)
    assert written(measured.workspace) == before


def test_an_export_made_before_there_were_numbers_still_comes_in(measured):
    said = json.loads(written(measured.workspace))
    said["tables"] = {table.name: said["tables"][table.name] for table in TABLES}

    back = restored(json.dumps(said).encode(), slug="older")

    assert not Experiment.objects.filter(workspace=back).exists()


@pytest.mark.soak
@pytest.mark.django_db
def test_the_whole_demo_comes_back_as_it_was():
    workspace, _token = demo.make("en", now=NOON)
    before = written(workspace)
    said = json.loads(before)["tables"]
    assert len(said["observation"]) > 1_000
    assert Play.objects.exists()

    back = restored(before, slug="copy")

    assert normal(written(back)) == normal(before)
