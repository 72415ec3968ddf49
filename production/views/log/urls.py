"""Addresses of what waits for a person, and of what has happened."""

from django.urls import path

from production.views.log import activity, finding, inbox, work

urlpatterns = [
    path("my/", work.my_work, name="my-work"),
    path("today/", work.today, name="today"),
    path("reviews/", work.reviews, name="reviews"),
    path("activity/", activity.activity, name="activity"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="inbox-read"),
    path("inbox/<str:notice>/", inbox.open_notice, name="inbox-open"),
    path("search/", finding.search, name="search"),
    path("palette/", finding.palette, name="palette"),
]
