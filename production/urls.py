"""The pages of production, by address."""

from django.urls import include, path

from production.stream import stream
from production.views.calendar.feeds import feed
from production.views.items.files import signed_file

urlpatterns = [
    path("events/<slug:slug>/", stream, name="stream"),
    path("calendar/<str:secret>.ics", feed, name="feed"),
    path("files/<str:signed_id>/", signed_file, name="signed-file"),
    path("g/<str:secret>/", include("production.views.guests.urls")),
    path("", include("production.views.home.urls")),
    path("w/<slug:slug>/", include("production.views.boards.urls")),
    path("w/<slug:slug>/", include("production.views.calendar.urls")),
    path("w/<slug:slug>/", include("production.views.items.urls")),
    path("w/<slug:slug>/", include("production.views.log.urls")),
    path("w/<slug:slug>/", include("production.views.flow.urls")),
    path("w/<slug:slug>/settings/", include("production.views.people.urls")),
    path("w/<slug:slug>/settings/", include("production.views.plan.urls")),
    path("w/<slug:slug>/settings/", include("production.views.imports.urls")),
]
