from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from production import members, tokens
from production.errors import Invalid, NotAllowed
from production.models import ApiToken, Event, Membership
from tests.people import NOON, World


def make(world: World, who: str = "ben", **values: object) -> tuple[ApiToken, str]:
    asked = {"name": "n8n", "scopes": ["content:read", "publications:report"], "at": NOON}
    return tokens.create(seat=world.seat(who), **(asked | values))


def test_a_key_is_shown_once_and_only_its_hash_is_kept(world: World) -> None:
    token, plain = make(world)

    assert plain.startswith("putki_")
    assert len(plain) == 44
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert plain not in str(stored)
    assert len(token.digest) == 64
    event = Event.objects.latest("seq")
    assert (event.type, event.data["scopes"]) == (
        "token.created",
        ["content:read", "publications:report"],
    )
    assert plain not in str(event.data)


def test_a_key_opens_the_persons_seat_with_its_scopes(world: World) -> None:
    _token, plain = make(world)

    seat = tokens.find(plain, NOON)

    assert seat is not None
    assert (seat.user, seat.workspace, seat.role) == (world.ben, world.workspace, "creator")
    assert seat.scopes == {"content:read", "publications:report"}


def test_finding_is_one_query_and_notes_the_use_once_a_minute(
    world: World, django_assert_num_queries: object
) -> None:
    token, plain = make(world)

    with django_assert_num_queries(2):  # type: ignore[operator]
        tokens.find(plain, NOON)
    with django_assert_num_queries(1):  # type: ignore[operator]
        tokens.find(plain, NOON + timedelta(seconds=59))
    with django_assert_num_queries(2):  # type: ignore[operator]
        tokens.find(plain, NOON + timedelta(seconds=60))

    token.refresh_from_db()
    assert token.last_used_at == NOON + timedelta(seconds=60)


def test_a_mistyped_key_costs_no_query(world: World, django_assert_num_queries: object) -> None:
    _token, plain = make(world)
    wrong_letter = plain[:20] + ("a" if plain[20] != "a" else "b") + plain[21:]

    with django_assert_num_queries(0):  # type: ignore[operator]
        for text in ("", "putki_", wrong_letter, plain[:-1], plain + "x", plain.lower() + "Ä"):
            assert tokens.find(text, NOON) is None


def test_a_key_ends_with_its_time_its_revocation_and_its_person(world: World) -> None:
    _token, short = make(world, expires_at=NOON + timedelta(hours=1))
    revoked, gone = make(world)
    _token, of_ben = make(world)
    tokens.revoke(revoked, seat=world.seat("ben"), at=NOON)

    assert tokens.find(short, NOON + timedelta(minutes=59)) is not None
    assert tokens.find(short, NOON + timedelta(hours=1)) is None
    assert tokens.find(gone, NOON) is None
    members.remove(Membership.objects.get(user=world.ben), seat=world.seat("ann"), at=NOON)
    assert tokens.find(of_ben, NOON) is None


def test_a_key_follows_its_persons_role(world: World) -> None:
    _token, plain = make(world)
    members.change_role(
        Membership.objects.get(user=world.ben), "viewer", seat=world.seat("ann"), at=NOON
    )

    seat = tokens.find(plain, NOON)

    assert seat is not None
    assert not seat.may("item.create")


def test_a_second_membership_elsewhere_does_not_widen_a_key(world: World, strangers: World) -> None:
    Membership.objects.create(workspace=strangers.workspace, user=world.ben, role="owner")
    _token, plain = make(world)

    seat = tokens.find(plain, NOON)

    assert seat is not None
    assert (seat.workspace, seat.role) == (world.workspace, "creator")


@pytest.mark.parametrize("name", ["vera", "kim", "otto"])
def test_who_makes_nothing_gets_no_key(world: World, name: str) -> None:
    with pytest.raises(NotAllowed):
        make(world, name)

    assert not ApiToken.objects.exists()


def test_only_owners_make_keys_that_change_the_workspace(world: World) -> None:
    with pytest.raises(NotAllowed):
        make(world, scopes=["workspace:admin"])

    assert make(world, "ann", scopes=["workspace:admin"])[0].scopes == ["workspace:admin"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["content:eat"]}, "scopes"),
        ({"name": " "}, "name"),
        ({"expires_at": NOON}, "expires_at"),
    ],
)
def test_a_key_without_sense_is_refused(
    world: World, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        make(world, **values)

    assert list(invalid.value.errors) == [field]


def test_others_keys_are_the_owners_to_revoke(world: World, strangers: World) -> None:
    of_ann, _plain = make(world, "ann")
    of_ben, _plain = make(world)

    with pytest.raises(NotAllowed):
        tokens.revoke(of_ann, seat=world.seat("ben"), at=NOON)
    with pytest.raises(NotAllowed):
        tokens.revoke(of_ann, seat=strangers.seat("eve"), at=NOON)
    tokens.revoke(of_ben, seat=world.seat("ann"), at=NOON)
    tokens.revoke(of_ben, seat=world.seat("ann"), at=NOON + timedelta(hours=1))

    assert ApiToken.objects.get(pk=of_ben.pk).revoked_at == NOON
    assert Event.objects.filter(type="token.revoked").count() == 1


def test_the_command_prints_the_key_alone(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("create_token", workspace="studio-aalto", scopes="content:read, events:read")

    plain = capsys.readouterr().out.strip()
    seat = tokens.find(plain, NOON)
    assert seat is not None
    assert (seat.user, seat.scopes) == (world.ann, {"content:read", "events:read"})
    assert Event.objects.latest("seq").source == "command"


@pytest.mark.parametrize(
    "options",
    [
        {"workspace": "nowhere", "scopes": "content:read"},
        {"workspace": "studio-aalto", "scopes": "nonsense"},
        {"workspace": "studio-aalto", "scopes": "content:read", "user": "kim@aalto.example"},
        {"workspace": "studio-aalto", "scopes": "content:read", "user": "eve@rival.example"},
    ],
)
def test_the_command_says_why_not(world: World, options: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("create_token", **options)

    assert not ApiToken.objects.exists()
