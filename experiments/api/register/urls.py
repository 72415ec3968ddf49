"""The API of the register of experiments, by address."""

from __future__ import annotations

from experiments.api.register.experiments import Experiments
from production.api.urls import at

ONE = "experiments/<str:id>/"

urlpatterns = [
    at("experiments/", Experiments, get="list", post="create"),
    at(ONE, Experiments, get="retrieve", patch="partial_update"),
    at(f"{ONE}draw/", Experiments, post="draw"),
    at(f"{ONE}start/", Experiments, post="start"),
    at(f"{ONE}end/", Experiments, post="end"),
    at(f"{ONE}cancel/", Experiments, post="cancel"),
    at(f"{ONE}discount/", Experiments, post="discount"),
    at(f"{ONE}platform/", Experiments, post="platform"),
    at(f"{ONE}decide/", Experiments, post="decide"),
    at(f"{ONE}results/", Experiments, post="results"),
    at(f"{ONE}analyse/", Experiments, post="analyse"),
    at(f"{ONE}snapshots/", Experiments, get="snapshots"),
    at(f"{ONE}variants/<str:variant>/publications/", Experiments, put="link"),
]
