"""Two owners who take each other out at the same moment: one of them must stay."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, connections

from production import members
from production.errors import Refused
from production.models import Membership, Role
from production.permissions import seat_of
from tests.people import NOON, World, make_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture(autouse=True)
def on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; there is no such race to lose")


@pytest.fixture
def two_owners() -> World:
    world = make_world()
    Membership.objects.filter(user=world.ben).update(role=Role.OWNER)
    return world


def _remove(victim: Membership, by: Membership) -> bool:
    try:
        members.remove(victim, seat=seat_of(by), at=NOON)
    except (Refused, Membership.DoesNotExist, OperationalError):
        return False
    finally:
        connections.close_all()
    return True


def take_each_other_out(world: World) -> int:
    """How many owners are left."""
    rows = Membership.objects.select_related("user", "workspace")
    ann, ben = rows.get(user=world.ann), rows.get(user=world.ben)
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(_remove, ann, ben), pool.submit(_remove, ben, ann)]
        assert any(each.result() for each in done)
    return Membership.objects.filter(role=Role.OWNER, removed_at=None).count()


def test_one_owner_stays_when_two_take_each_other_out(
    two_owners: World, settings: pytest.FixtureRequest
) -> None:
    settings.FAULT_POINTS = ["another-owner-seen=sleep:0.3"]  # type: ignore[attr-defined]

    assert take_each_other_out(two_owners) == 1


def test_without_the_lock_both_would_be_gone(
    two_owners: World, settings: pytest.FixtureRequest
) -> None:
    settings.FAULT_POINTS = ["no-owner-lock", "another-owner-seen=sleep:0.3"]  # type: ignore[attr-defined]

    assert take_each_other_out(two_owners) == 0
