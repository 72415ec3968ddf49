"""Addresses of the calendar and of what one does there."""

from django.urls import path

from production.views.calendar import add, feeds, ideas, page, publications, slots

urlpatterns = [
    path("calendar/", page.calendar, name="calendar"),
    path("calendar/add/", add.add, name="slot-add"),
    path("calendar/ideas/", ideas.fill, name="calendar-ideas"),
    path("calendar/subscribe/", feeds.overview, name="calendar-feeds"),
    path("calendar/subscribe/<str:public_id>/revoke/", feeds.revoke, name="calendar-feed-revoke"),
    path("calendar/slots/<str:slot>/", slots.about, name="slot"),
    path("calendar/slots/<str:slot>/move/", slots.move, name="slot-move"),
    path("calendar/slots/<str:slot>/fill/", slots.fill, name="slot-fill"),
    path("calendar/slots/<str:slot>/cancel/", slots.cancel, name="slot-cancel"),
    path(
        "calendar/publications/<str:publication>/",
        publications.move,
        name="publication-time",
    ),
    path(
        "calendar/publications/<str:publication>/clear/",
        publications.clear,
        name="publication-clear",
    ),
]
