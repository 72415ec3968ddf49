import pytest

from tests.people import World, make_strangers, make_world


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def strangers(db: None) -> World:
    return make_strangers()
