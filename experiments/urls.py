"""The pages of measuring, by address."""

from django.urls import include, path

from experiments.views import actions, kpis, outcomes, rules, today

urlpatterns = [
    path("w/<slug:slug>/", include("experiments.views.register.urls")),
    path("w/<slug:slug>/items/<str:key>/decide/", outcomes.decide, name="outcome-decide"),
    path("w/<slug:slug>/today/well/", today.well, name="today-well"),
    path("w/<slug:slug>/kpis/", kpis.kpis, name="kpis"),
    path("w/<slug:slug>/kpis/track/", kpis.track, name="kpis-track"),
    path("w/<slug:slug>/kpis/actions/", actions.actions, name="actions"),
    path("w/<slug:slug>/kpis/actions/rules/", actions.take_up, name="actions-rules"),
    path("w/<slug:slug>/kpis/actions/<str:id>/apply/", actions.apply, name="action-apply"),
    path("w/<slug:slug>/kpis/actions/<str:id>/close/", actions.close, name="action-close"),
    path("w/<slug:slug>/kpis/rules/", rules.rules, name="kpi-rules"),
    path("w/<slug:slug>/kpis/rules/new/", rules.new, name="kpi-rule-new"),
    path("w/<slug:slug>/kpis/rules/presets/", rules.presets, name="kpi-rules-presets"),
    path("w/<slug:slug>/kpis/rules/<str:id>/", rules.rule, name="kpi-rule"),
    path("w/<slug:slug>/kpis/rules/<str:id>/edit/", rules.edit, name="kpi-rule-edit"),
    path("w/<slug:slug>/kpis/rules/<str:id>/<slug:to>/", rules.switch, name="kpi-rule-switch"),
    path("w/<slug:slug>/kpis/<str:id>/", kpis.kpi, name="kpi"),
    path("w/<slug:slug>/kpis/<str:id>/edit/", kpis.edit, name="kpi-edit"),
    path("w/<slug:slug>/kpis/<str:id>/freeze/", kpis.freeze, name="kpi-freeze"),
    path("w/<slug:slug>/kpis/<str:id>/review/", kpis.review, name="kpi-review"),
]
