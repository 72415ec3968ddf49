"""What the API says of numbers and experiments, by address; the rest is production's."""

from __future__ import annotations

from experiments.api.imports import MetricFiles
from experiments.api.metrics import Metrics
from experiments.api.register import urls as register
from production.api.urls import at

FILE = "metrics/imports/<str:id>/"

urlpatterns = [
    *register.urlpatterns,
    at("metrics/imports/", MetricFiles, post="create"),
    at(f"{FILE}", MetricFiles, get="retrieve"),
    at(f"{FILE}answers/", MetricFiles, post="answers"),
    at(f"{FILE}commit/", MetricFiles, post="commit"),
    at(f"{FILE}undo/", MetricFiles, post="undo"),
    at("metrics/observations/", Metrics, post="observations"),
    at("metrics/unmatched/", Metrics, get="unmatched"),
    at("metrics/unmatched/<str:id>/attach/", Metrics, post="attach"),
]
