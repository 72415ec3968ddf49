"""The address of the Flow page."""

from django.urls import path

from production.views.flow import page

urlpatterns = [path("flow/", page.flow_page, name="flow")]
