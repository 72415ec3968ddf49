"""Every address of Putki, by who answers there."""

from django.conf import settings
from django.urls import include, path

from config import health
from config.styleguide import styleguide
from production.views.calendar.feeds import feed

handler500 = "config.outages.broken"

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("health/deps", health.deps, name="health_deps"),
    path("metrics", health.metrics, name="metrics"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/calendar/<str:secret>.ics", feed),
    path("api/v1/", include("playbook.api.urls")),
    path("api/v1/", include("experiments.api.urls")),
    path("api/v1/", include("production.api.urls")),
    path("w/<slug:slug>/settings/imports/metrics/", include("experiments.views.imports.urls")),
    path(
        "w/<slug:slug>/settings/imports/experiments/",
        include("experiments.views.imports.archive_urls"),
    ),
    path("w/<slug:slug>/", include("playbook.urls")),
    path("", include("experiments.urls")),
    path("", include("production.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("styleguide/", styleguide, name="styleguide"))
