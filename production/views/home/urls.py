"""Addresses of the pages in this room."""

from django.urls import path

from production.views.home import account, digest, front, join

urlpatterns = [
    path("", front.home, name="home"),
    path("new/", front.new_workspace, name="new-workspace"),
    path("account/", account.account, name="account"),
    path("join/<str:token>/", join.join, name="join"),
    path("digest/<str:token>/off/", digest.off, name="digest-off"),
    path("language/", front.set_language, name="set_language"),
    path("w/<slug:slug>/", front.workspace, name="workspace"),
]
