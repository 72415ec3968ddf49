"""Imports → Experiments, in a browser's place: previewed, brought in, taken back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from experiments.models import Experiment, ExperimentImport
from production.models import KpiDefinition
from tests.experiments.test_archives import HEADER, two_days


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def send(client, world, name="experiment-imports"):
    file = SimpleUploadedFile("tests.csv", "\n".join([HEADER, *two_days()]).encode())
    return client.post(reverse(name, args=[world.workspace.slug]), {"file": file})


def test_a_file_is_looked_at_brought_in_and_taken_back(client, world):
    client.force_login(world.ann)
    kpi = KpiDefinition.objects.get(workspace=world.workspace)

    here = send(client, world).url
    assert "Spring hooks" in client.get(here).content.decode()
    assert not Experiment.objects.exists()
    client.post(here, {"kpi": kpi.public_id, "action": "commit"})
    assert Experiment.objects.get().title == "Spring hooks"
    assert ExperimentImport.objects.get().state == "applied"
    assert "Spring hooks" in client.get(here).content.decode()
    client.post(f"{here}undo/")

    assert not Experiment.objects.exists()
    assert ExperimentImport.objects.get().state == "undone"


@pytest.mark.parametrize("name", ["experiment-imports", "metric-imports"])
def test_a_file_that_is_too_large_is_told_how_large_one_may_be(client, world, settings, name):
    settings.METRIC_FILE_LIMIT = 100
    client.force_login(world.ben)

    answer = send(client, world, name)

    assert answer.status_code == 413
    assert "larger than 0 MB" in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("kim", 403), ("eve", 404)])
def test_others_have_no_such_page(client, world, strangers, who, status):
    client.force_login(getattr(world if who == "kim" else strangers, who))

    answer = client.get(reverse("experiment-imports", args=[world.workspace.slug]))

    assert answer.status_code == status
