"""The pages of production, by address."""

from django.urls import include, path

from production.stream import stream

urlpatterns = [
    path("events/<slug:slug>/", stream, name="stream"),
    path("", include("production.views.home.urls")),
    path("w/<slug:slug>/", include("production.views.boards.urls")),
    path("w/<slug:slug>/", include("production.views.items.urls")),
    path("w/<slug:slug>/", include("production.views.log.urls")),
    path("w/<slug:slug>/", include("production.views.flow.urls")),
    path("w/<slug:slug>/settings/", include("production.views.people.urls")),
    path("w/<slug:slug>/settings/", include("production.views.plan.urls")),
    path("w/<slug:slug>/settings/", include("production.views.imports.urls")),
]
