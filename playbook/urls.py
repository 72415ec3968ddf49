"""The pages of the playbook, by address under the workspace."""

from django.urls import path

from playbook.views import (
    cycle,
    document,
    learnings,
    plays,
    risks,
    start,
    startcalendar,
    strategy,
)

urlpatterns = [
    path("start/", start.overview, name="start"),
    path("start/calendar/", startcalendar.calendar, name="start-calendar"),
    path("start/<slug:name>/", start.step, name="start-step"),
    path("playbook/", plays.overview, name="playbook"),
    path("playbook/document/", document.page, name="playbook-document"),
    path("playbook/document.md", document.markdown, name="playbook-markdown"),
    path("learnings/", learnings.overview, name="learnings"),
    path("learnings/note/", learnings.note, name="learning-note"),
    path("learnings/<str:id>/apply/", learnings.apply, name="learning-apply"),
    path("cycle/", cycle.overview, name="cycle"),
    path("cycle/begin/", cycle.begin, name="cycle-begin"),
    path("cycle/phases/<int:number>/", cycle.decide, name="cycle-phase"),
    path("cycle/lines/<slug:code>/", cycle.vouch, name="cycle-line"),
    path("risks/", risks.register, name="risks"),
    path("risks/take-up/", risks.take_up, name="risks-take-up"),
    path("risks/add/", risks.add, name="risk-add"),
    path("risks/<str:id>/", risks.change, name="risk"),
    path("risks/<str:id>/act/", risks.act, name="risk-act"),
    path("cycle/strategy/", strategy.page, name="strategy"),
    path("cycle/strategy/edit/", strategy.edit, name="strategy-edit"),
    path("cycle/strategy/people/", strategy.people, name="strategy-people"),
    path("cycle/strategy/versions/<int:number>/", strategy.version, name="strategy-version"),
    path("cycle/end/", cycle.end, name="cycle-end"),
]
