"""What the API says of the cycle, by address."""

from __future__ import annotations

from playbook.api.cycles import Cycles
from playbook.api.risks import Risks
from production.api.urls import at

CYCLE, RISK = "cycles/<str:id>/", "risks/<str:id>/"

urlpatterns = [
    at("cycles/", Cycles, get="list", post="create"),
    at(CYCLE, Cycles, get="retrieve"),
    at(f"{CYCLE}end/", Cycles, post="end"),
    at(f"{CYCLE}phases/", Cycles, get="phases"),
    at(f"{CYCLE}phases/<int:number>/decide/", Cycles, post="decide"),
    at(f"{CYCLE}tick/", Cycles, post="tick"),
    at(f"{CYCLE}untick/", Cycles, post="untick"),
    at("risks/", Risks, get="list", post="create"),
    at("risks/take-up/", Risks, post="take_up"),
    at(RISK, Risks, get="retrieve", patch="partial_update"),
    at(f"{RISK}review/", Risks, post="review"),
    at(f"{RISK}close/", Risks, post="close"),
    at(f"{RISK}retire/", Risks, post="retire"),
]
