import pytest

from tests.people import World, make_world


@pytest.fixture
def world(db) -> World:
    return make_world()
