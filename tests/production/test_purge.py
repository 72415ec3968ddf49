import os
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from production import invitations, notices
from production.models import Asset, Event, IdempotencyRecord, Invitation, Notice
from production.purge import delete_orphans, purge
from tests.people import NOON, World, make_world

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def keep(name: str, age: timedelta) -> str:
    """A stored file that was written so long before NOON."""
    kept = default_storage.save(name, ContentFile(b"frames"))
    written = (NOON - age).timestamp()
    os.utime(default_storage.path(kept), (written, written))
    return kept


def test_answers_are_kept_for_three_days(world: World) -> None:
    for key, age in (("young", 71 * HOUR), ("old", 73 * HOUR)):
        IdempotencyRecord.objects.create(
            workspace=world.workspace, scope="s", key=key, fingerprint="f", created_at=NOON - age
        )

    gone = purge(at=NOON)

    assert gone["answers"] == 1
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["young"]


def test_a_dead_link_is_explained_for_a_month_and_an_accepted_one_kept(world: World) -> None:
    ann = world.seat("ann")
    for name, at in (
        ("young", NOON - 43 * DAY),
        ("old", NOON - 45 * DAY),
        ("used", NOON - 45 * DAY),
    ):
        invited, _token = invitations.invite(f"{name}@aalto.example", "creator", seat=ann, at=at)
        if name == "used":
            Invitation.objects.filter(pk=invited.pk).update(accepted_at=at)

    gone = purge(at=NOON)

    assert gone["invitations"] == 1
    assert {row.email.split("@")[0] for row in Invitation.objects.all()} == {"young", "used"}


def test_notices_go_ninety_days_after_they_were_read_and_never_unread(world: World) -> None:
    item = world.item()
    event = Event.objects.latest("seq")
    notices.tell(event, item, "assigned", [world.ann, world.vera, world.kim])
    Notice.objects.update(created_at=NOON - 400 * DAY)
    Notice.objects.filter(user=world.vera).update(read_at=NOON - 91 * DAY)
    Notice.objects.filter(user=world.kim).update(read_at=NOON - 89 * DAY)

    gone = purge(at=NOON)

    assert gone["notices"] == 1
    assert {notice.user for notice in Notice.objects.all()} == {world.ann, world.kim}


def test_only_old_files_that_no_row_names_are_deleted(world: World) -> None:
    named = keep("assets/2026/01/named.mp4", 60 * DAY)
    young = keep("assets/2026/03/young.mp4", 23 * HOUR)
    orphan = keep("assets/2026/01/orphan.mp4", 25 * HOUR)
    board = keep("imports/orphan.trello", 25 * HOUR)
    elsewhere = keep("notes/ours.txt", 60 * DAY)
    Asset.objects.create(
        item=world.item(), name="Cut", file=named, added_by=world.ben, added_at=NOON
    )

    gone = delete_orphans(at=NOON)

    assert gone == 2
    assert [default_storage.exists(name) for name in (named, young, elsewhere)] == [True] * 3
    assert not default_storage.exists(orphan)
    assert not default_storage.exists(board)


def test_expired_sessions_go_with_what_is_known_of_them(client, world: World) -> None:
    client.force_login(world.ann)
    session = Session.objects.get()
    for key in (session.session_key, "gone"):
        UserSession.objects.update_or_create(
            session_key=key, defaults={"user": world.ann, "ip": "127.0.0.1"}
        )

    purge(at=NOON)
    assert [row.session_key for row in UserSession.objects.all()] == [session.session_key]

    Session.objects.update(expire_date=NOON - 1000 * DAY)
    purge(at=NOON)
    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_twice_is_as_good_as_once(world: World) -> None:
    IdempotencyRecord.objects.create(
        workspace=world.workspace, scope="s", key="k", fingerprint="f", created_at=NOON - 9 * DAY
    )
    keep("assets/orphan.mp4", 9 * DAY)

    first, second = purge(at=NOON), purge(at=NOON)

    assert (first["answers"], first["files"]) == (1, 1)
    assert set(second.values()) == {0}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_somebody_holds_is_left_for_the_next_night() -> None:
    world = make_world()
    item = world.item()
    notices.tell(Event.objects.latest("seq"), item, "assigned", [world.ann, world.vera])
    Notice.objects.update(read_at=NOON - 91 * DAY)
    gone: list[int] = []

    def other() -> None:
        gone.append(purge(at=NOON)["notices"])
        connection.close()

    with transaction.atomic():
        Notice.objects.select_for_update().get(user=world.ann)
        purging = Thread(target=other)
        purging.start()
        purging.join(10)

    assert gone == [1]
    assert Notice.objects.get().user == world.ann
