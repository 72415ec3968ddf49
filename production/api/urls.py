"""The JSON API, version 1, by address."""

urlpatterns: list = []
