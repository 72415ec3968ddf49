"""Addresses of the pages that bring numbers in from files."""

from django.urls import path

from experiments.views.imports import pages

urlpatterns = [
    path("", pages.files, name="metric-imports"),
    path("<str:run>/", pages.one, name="metric-import"),
    path("<str:run>/progress/", pages.progress, name="metric-import-progress"),
    path("<str:run>/undo/", pages.undo, name="metric-import-undo"),
]
