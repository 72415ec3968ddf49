"""Addresses of the pages that bring files in and take the workspace out."""

from django.urls import path

from production.views.imports import export, pages

urlpatterns = [
    path("export/", export.export, name="settings-export"),
    path("imports/", pages.imports_, name="settings-imports"),
    path("imports/<str:run>/", pages.one, name="import"),
    path("imports/<str:run>/progress/", pages.progress, name="import-progress"),
    path("imports/<str:run>/undo/", pages.undo, name="import-undo"),
]
