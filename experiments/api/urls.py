"""What the API says of numbers and experiments, by address; the rest is production's."""

from __future__ import annotations

from django.urls import path

from experiments.api.imports import MetricFiles
from experiments.api.kpis.doors import Actions, KpiLines, ThresholdRules
from experiments.api.kpis.feed import kpis_csv
from experiments.api.metrics import Metrics
from experiments.api.outcomes import Outcomes
from experiments.api.register import urls as register
from production.api.urls import at

LINE, RULE, ACTION = "kpi-lines/<str:id>/", "threshold-rules/<str:id>/", "actions/<str:id>/"
FILE = "metrics/imports/<str:id>/"

urlpatterns = [
    *register.urlpatterns,
    path("exports/kpis.csv", kpis_csv, name="kpis-csv"),
    at("kpis/dashboard/", KpiLines, get="list"),
    at(LINE, KpiLines, get="retrieve", patch="partial_update"),
    at(f"{LINE}review/", KpiLines, post="review"),
    at("threshold-rules/", ThresholdRules, get="list", post="create"),
    at("threshold-rules/preview/", ThresholdRules, post="preview"),
    at(RULE, ThresholdRules, get="retrieve", patch="partial_update"),
    at(f"{RULE}retire/", ThresholdRules, post="retire"),
    at(f"{RULE}restore/", ThresholdRules, post="restore"),
    at(f"{RULE}lately/", ThresholdRules, get="lately"),
    at(f"{RULE}crossings/", ThresholdRules, get="crossings"),
    at("actions/", Actions, get="list"),
    at(ACTION, Actions, get="retrieve"),
    at(f"{ACTION}close/", Actions, post="close"),
    at(f"{ACTION}apply/", Actions, post="apply"),
    at("items/<str:id>/decision/", Outcomes, get="retrieve", post="decide"),
    at("metrics/imports/", MetricFiles, post="create"),
    at(f"{FILE}", MetricFiles, get="retrieve"),
    at(f"{FILE}answers/", MetricFiles, post="answers"),
    at(f"{FILE}commit/", MetricFiles, post="commit"),
    at(f"{FILE}undo/", MetricFiles, post="undo"),
    at("metrics/observations/", Metrics, post="observations"),
    at("metrics/unmatched/", Metrics, get="unmatched"),
    at("metrics/unmatched/<str:id>/attach/", Metrics, post="attach"),
]
