"""Addresses of the pages that bring experiments in from files."""

from django.urls import path

from experiments.views.imports import archives

urlpatterns = [
    path("", archives.files, name="experiment-imports"),
    path("<str:run>/", archives.one, name="experiment-import"),
    path("<str:run>/progress/", archives.progress, name="experiment-import-progress"),
    path("<str:run>/undo/", archives.undo, name="experiment-import-undo"),
]
