"""The addresses of the Flow page."""

from django.urls import path

from production.views.flow import page, table

urlpatterns = [
    path("flow/", page.flow_page, name="flow"),
    path("flow/items.csv", table.items_csv, name="flow-items"),
]
