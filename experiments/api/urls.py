"""What the API says of numbers and experiments, by address; the rest is production's."""

from __future__ import annotations

from experiments.api.metrics import Metrics
from experiments.api.register import urls as register
from production.api.urls import at

urlpatterns = [
    *register.urlpatterns,
    at("metrics/observations/", Metrics, post="observations"),
    at("metrics/unmatched/", Metrics, get="unmatched"),
    at("metrics/unmatched/<str:id>/attach/", Metrics, post="attach"),
]
