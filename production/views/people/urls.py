"""Addresses of the pages in this room."""

from django.urls import path

from production.views.people import workspace

urlpatterns = [
    path("", workspace.settings, name="settings"),
    path("workspace/", workspace.workspace, name="settings-workspace"),
    path("workspace/address/", workspace.address, name="settings-address"),
    path("workspace/delete/", workspace.delete, name="settings-delete"),
]
