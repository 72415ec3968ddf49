"""The pages of the playbook, by address under the workspace."""

from django.urls import path

from playbook.views import cycle, plays

urlpatterns = [
    path("playbook/", plays.overview, name="playbook"),
    path("cycle/", cycle.overview, name="cycle"),
    path("cycle/begin/", cycle.begin, name="cycle-begin"),
    path("cycle/phases/<int:number>/", cycle.decide, name="cycle-phase"),
    path("cycle/end/", cycle.end, name="cycle-end"),
]
