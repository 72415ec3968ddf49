"""Addresses of the register of experiments."""

from django.urls import path

from experiments.views.register import acts, overview, page

urlpatterns = [
    path("experiments/", overview.overview, name="experiments"),
    path("experiments/new/", overview.new, name="experiment-new"),
    path("experiments/<int:number>/", page.page, name="experiment"),
    path("experiments/<int:number>/results/", acts.results, name="experiment-results"),
    path("experiments/<int:number>/read/", acts.read, name="experiment-read"),
    path("experiments/<int:number>/decide/", acts.decide, name="experiment-decide"),
    path("experiments/<int:number>/<slug:act>/", acts.act, name="experiment-act"),
]
