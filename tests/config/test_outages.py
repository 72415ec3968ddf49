import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import path


def away(request):
    raise OperationalError("server closed the connection unexpectedly")


def mistaken(request):
    raise KeyError("a secret detail")


handler500 = "config.outages.broken"
urlpatterns = [path("away/", away), path("mistaken/", mistaken)]


@pytest.fixture
def visitor():
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(raise_request_exception=False)


def test_without_a_database_people_are_told_to_come_back(visitor: Client) -> None:
    answer = visitor.get("/away/")

    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "closed the connection" not in answer.text


def test_a_mistake_of_ours_tells_nothing_about_itself(visitor: Client) -> None:
    answer = visitor.get("/mistaken/")

    assert answer.status_code == 500
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert answer["X-Request-Id"]
