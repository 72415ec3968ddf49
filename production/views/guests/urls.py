"""Addresses of what a guest sees; each begins with the secret of the link."""

from django.urls import path

from production.views.guests import page

urlpatterns = [
    path("", page.page, name="guest"),
    path("files/<str:asset>/", page.file, name="guest-file"),
]
