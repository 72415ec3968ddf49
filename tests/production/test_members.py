from datetime import timedelta

import pytest

from production import invitations, members
from production.errors import Invalid, NotAllowed, Refused
from production.models import Event, Invitation, Membership, Role, User
from production.permissions import seat_of
from tests.people import NOON, World, make_user


def of(world: World, name: str) -> Membership:
    return Membership.objects.get(workspace=world.workspace, user=getattr(world, name))


def test_ann_gives_ben_another_role(world: World) -> None:
    members.change_role(of(world, "ben"), Role.REVIEWER, seat=world.seat("ann"), at=NOON)

    assert of(world, "ben").role == Role.REVIEWER
    event = Event.objects.latest("seq")
    assert event.type == "member.role_changed"
    assert event.data == {"from": "creator", "to": "reviewer", "user": world.ben.public_id}


def test_a_contributor_works_in_the_stages_named(world: World) -> None:
    changed = members.change_role(
        of(world, "otto"), Role.EXTERNAL, seat=world.seat("ann"), at=NOON,
        stage_kinds=["edit", "shoot"],
    )  # fmt: skip

    assert changed.stage_kinds == ["shoot", "edit"]
    assert seat_of(of(world, "otto")).allowed_kinds == {"shoot", "edit"}
    assert Event.objects.latest("seq").data["to"] == "external:shoot,edit"


def test_the_same_role_again_is_no_event(world: World) -> None:
    members.change_role(of(world, "ben"), Role.CREATOR, seat=world.seat("ann"), at=NOON)

    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("role", "kinds", "field"),
    [("king", [], "role"), ("external", ["cellar"], "stage_kinds")],
)
def test_unknown_roles_and_kinds_are_refused(
    world: World, role: str, kinds: list[str], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        members.change_role(
            of(world, "ben"), role, seat=world.seat("ann"), at=NOON, stage_kinds=kinds
        )

    assert list(invalid.value.errors) == [field]
    assert of(world, "ben").role == Role.CREATOR


def test_the_last_owner_stays(world: World) -> None:
    ann = world.seat("ann")

    for ask in (
        lambda: members.change_role(of(world, "ann"), Role.CREATOR, seat=ann, at=NOON),
        lambda: members.remove(of(world, "ann"), seat=ann, at=NOON),
        lambda: members.leave(seat=ann, at=NOON),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert [each.code for each in refused.value.refusals] == ["last_owner"]

    assert of(world, "ann").role == Role.OWNER
    assert not Event.objects.exists()


def test_with_a_second_owner_the_first_may_go(world: World) -> None:
    members.change_role(of(world, "ben"), Role.OWNER, seat=world.seat("ann"), at=NOON)

    members.leave(seat=world.seat("ann"), at=NOON)

    assert of(world, "ann").removed_at == NOON
    assert Event.objects.latest("seq").type == "member.removed"


def test_whoever_is_removed_loses_every_view_and_keeps_the_past(world: World) -> None:
    item = world.item()

    members.remove(of(world, "ben"), seat=world.seat("ann"), at=NOON)

    assert type(item).objects.visible_to(world.ben).count() == 0
    assert type(item).objects.get(pk=item.pk).created_by == world.ben


@pytest.mark.parametrize("name", ["ben", "vera", "kim", "otto"])
def test_only_owners_change_people(world: World, name: str) -> None:
    seat = world.seat(name)

    for ask in (
        lambda: members.change_role(of(world, "vera"), Role.VIEWER, seat=seat, at=NOON),
        lambda: members.remove(of(world, "vera"), seat=seat, at=NOON),
        lambda: invitations.invite("nea@example.org", "creator", seat=seat, at=NOON),
    ):
        with pytest.raises(NotAllowed):
            ask()

    assert not Event.objects.exists()


def test_a_member_of_another_workspace_is_out_of_reach(world: World, strangers: World) -> None:
    with pytest.raises(Membership.DoesNotExist):
        members.remove(of(world, "ben"), seat=strangers.seat("eve"), at=NOON)


def test_an_invitation_lets_one_person_in_once(world: World) -> None:
    nea = make_user("Nea Aho")
    invitation, token = invitations.invite(
        "Nea@Example.org", "reviewer", seat=world.seat("ann"), at=NOON
    )

    joined = invitations.accept(token, by=nea, at=NOON + timedelta(days=13))

    assert (joined.user, joined.role, joined.workspace) == (nea, "reviewer", world.workspace)
    invitation.refresh_from_db()
    assert invitation.email == "nea@example.org"
    assert invitation.accepted_by == nea
    assert token not in str(Invitation.objects.values().get())
    types = Event.objects.order_by("seq").values_list("type", flat=True)
    assert list(types) == ["member.invited", "member.joined"]
    with pytest.raises(Refused):
        invitations.accept(token, by=make_user("Second Person"), at=NOON + timedelta(days=13))


def test_a_link_ends_after_fourteen_days_or_when_withdrawn(world: World) -> None:
    ann, nea = world.seat("ann"), make_user("Nea Aho")
    _late, late_token = invitations.invite("late@example.org", "viewer", seat=ann, at=NOON)
    revoked, revoked_token = invitations.invite("nea@example.org", "viewer", seat=ann, at=NOON)
    invitations.revoke(revoked, seat=ann, at=NOON)
    invitations.revoke(revoked, seat=ann, at=NOON)

    for token in (late_token, revoked_token, "no-such-token"):
        with pytest.raises(Refused) as refused:
            invitations.accept(token, by=nea, at=NOON + timedelta(days=14))
        assert [each.code for each in refused.value.refusals] == ["invitation_gone"]

    assert not Membership.objects.filter(user=nea).exists()
    assert Event.objects.filter(type="invitation.revoked").count() == 1


def test_a_second_invitation_to_an_address_ends_the_first(world: World) -> None:
    ann = world.seat("ann")
    _first, first = invitations.invite("nea@example.org", "viewer", seat=ann, at=NOON)
    _second, second = invitations.invite("NEA@example.org", "creator", seat=ann, at=NOON)

    assert invitations.find(first, NOON) is None
    assert invitations.find(second, NOON) is not None


@pytest.mark.parametrize(
    ("email", "role", "field"),
    [
        ("ben@aalto.example", "viewer", "email"),
        ("no address", "viewer", "email"),
        ("nea@example.org", "king", "role"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    world: World, email: str, role: str, field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        invitations.invite(email, role, seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == [field]
    assert not Invitation.objects.exists()


def test_whoever_left_comes_back_with_the_new_role(world: World) -> None:
    ann = world.seat("ann")
    members.remove(of(world, "ben"), seat=ann, at=NOON)
    _invitation, token = invitations.invite(world.ben.email, "viewer", seat=ann, at=NOON)

    invitations.accept(token, by=world.ben, at=NOON)

    assert (of(world, "ben").role, of(world, "ben").removed_at) == ("viewer", None)


def test_an_owner_who_follows_a_link_stays_owner(world: World) -> None:
    _invitation, token = invitations.invite(
        "ann@elsewhere.example", "viewer", seat=world.seat("ann"), at=NOON
    )

    invitations.accept(token, by=world.ann, at=NOON)

    assert of(world, "ann").role == Role.OWNER


def test_the_letter_speaks_the_workspaces_language_and_holds_the_link(
    world: World, mailoutbox: list, settings: object
) -> None:
    settings.SITE_URL = "https://putki.example"  # type: ignore[attr-defined]
    invitation, token = invitations.invite(
        "nea@example.org", "creator", seat=world.seat("ann"), at=NOON
    )

    assert invitations.send(invitation, token)

    letter = mailoutbox[0]
    assert letter.to == ["nea@example.org"]
    assert f"https://putki.example/join/{token}/" in letter.body
    assert "Ann Koski" in letter.body
    assert User.objects.filter(email="nea@example.org").count() == 0
