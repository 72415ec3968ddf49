import pytest

from production import workspaces
from production.errors import Invalid, NotAllowed
from production.models import (
    Channel,
    ContentItem,
    Event,
    Format,
    FormerSlug,
    Gate,
    Goal,
    KpiDefinitionVersion,
    Membership,
    Pillar,
    Role,
    Stage,
    Workspace,
)
from production.permissions import seat_of
from tests.people import NOON, World, make_user

pytestmark = pytest.mark.django_db


def test_a_new_workspace_has_an_owner_a_board_and_the_whole_method() -> None:
    ann = make_user("Ann Koski")

    workspace = workspaces.create(
        "Studio  Aalto", by=ann, at=NOON, language="en", time_zone="Europe/Helsinki"
    )

    assert (workspace.name, workspace.slug) == ("Studio Aalto", "studio-aalto")
    assert Membership.objects.get(workspace=workspace).role == Role.OWNER
    stages = Stage.objects.filter(workspace=workspace).order_by("position")
    assert [stage.kind for stage in stages] == [
        "idea", "script", "shoot", "edit", "publish", "learn", "done",
    ]  # fmt: skip
    assert [stage.name for stage in stages if stage.waiting] == ["Ready to publish"]
    assert Gate.objects.filter(workspace=workspace).count() == 12
    assert Format.objects.filter(workspace=workspace).exclude(title_formula="").count() == 8
    assert Goal.objects.filter(workspace=workspace).count() == 3
    assert Pillar.objects.filter(workspace=workspace).count() == 4
    for channel in Channel.objects.filter(workspace=workspace):
        assert channel.winning_kpi is not None
        assert channel.signals.count() == 3
    assert KpiDefinitionVersion.objects.filter(kpi__workspace=workspace).count() == 12


def test_its_log_begins_with_its_creation() -> None:
    workspace = workspaces.create("Studio Aalto", by=make_user("Ann Koski"), at=NOON)

    types = Event.objects.filter(workspace=workspace).order_by("seq").values_list("type", flat=True)

    assert list(types) == ["workspace.created", "member.joined", "board.added"]
    assert workspace.last_seq == 3


def test_a_finnish_workspace_speaks_finnish() -> None:
    workspace = workspaces.create("Verstas", by=make_user("Ann Koski"), at=NOON, language="fi")

    names = Stage.objects.filter(workspace=workspace).order_by("position")

    assert [stage.name for stage in names][:3] == ["Ideat", "Käsikirjoitus", "Kuvaus"]
    assert Format.objects.filter(workspace=workspace, name="Myytti vs fakta").exists()


def test_a_board_alone_brings_no_gates_and_no_vocabulary() -> None:
    workspace = workspaces.create("Bare", by=make_user("Ann Koski"), at=NOON, preset="board")

    assert Stage.objects.filter(workspace=workspace).count() == 7
    assert not Gate.objects.filter(workspace=workspace).exists()
    assert not Channel.objects.filter(workspace=workspace).exists()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Häly & Öljy Oy", "haly-oljy-oy"),
        ("Studio Aalto", "studio-aalto-2"),
        ("Łódź Straße", "lodz-strasse"),
        ("!!!", "team"),
    ],
)
def test_the_address_is_made_of_the_name(world: World, name: str, slug: str) -> None:
    assert workspaces.create(name, by=world.ann, at=NOON, preset="board").slug == slug


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"language": "xx"}, "language"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(
    world: World, values: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as invalid:
        workspaces.create(**{"name": "Fine", "by": world.ann, "at": NOON} | values)

    assert list(invalid.value.errors) == [field]
    assert Workspace.objects.count() == 1


def test_a_change_names_what_was_and_what_is(world: World) -> None:
    workspaces.change(
        {"name": "Aalto Films", "target_hours": 72, "min_reviewers": 2},
        seat=world.seat("ann"),
        at=NOON,
    )

    event = Event.objects.latest("seq")
    assert event.type == "workspace.changed"
    assert event.data["changes"] == {
        "name": ["Studio Aalto", "Aalto Films"],
        "min_reviewers": [1, 2],
    }


def test_a_change_of_nothing_is_no_event(world: World) -> None:
    workspaces.change({"name": "Studio Aalto"}, seat=world.seat("ann"), at=NOON)

    assert not Event.objects.exists()


def test_only_an_owner_changes_the_workspace(world: World) -> None:
    for name in ("ben", "vera", "kim", "otto"):
        with pytest.raises(NotAllowed):
            workspaces.change({"name": "Mine"}, seat=world.seat(name), at=NOON)


def test_a_former_address_stays_taken_and_may_come_back(world: World, strangers: World) -> None:
    workspaces.change_slug("aalto", seat=world.seat("ann"), at=NOON)

    with pytest.raises(Invalid):
        workspaces.change_slug("studio-aalto", seat=strangers.seat("eve"), at=NOON)
    with pytest.raises(Invalid):
        workspaces.change_slug("aalto", seat=strangers.seat("eve"), at=NOON)
    back = workspaces.change_slug("studio-aalto", seat=world.seat("ann"), at=NOON)

    assert back.slug == "studio-aalto"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["aalto"]
    assert Event.objects.filter(type="workspace.changed").count() == 2


def test_an_address_that_is_none_is_refused(world: World) -> None:
    with pytest.raises(Invalid) as invalid:
        workspaces.change_slug("not an address", seat=world.seat("ann"), at=NOON)

    assert list(invalid.value.errors) == ["slug"]


def test_deleting_asks_for_the_name_and_takes_everything(world: World, strangers: World) -> None:
    ann = world.ann
    workspace = workspaces.create("Doomed", by=ann, at=NOON)
    seat = seat_of(Membership.objects.get(workspace=workspace))
    board = workspace.boards.get()
    stage = board.stages.get(kind="idea")
    values = {"created_at": NOON, "updated_at": NOON, "idea_at": NOON, "stage_entered_at": NOON}
    parent = ContentItem.objects.create(
        workspace=workspace, board=board, stage=stage, number=1, rank=1, title="Main", **values
    )
    ContentItem.objects.create(
        workspace=workspace, board=board, stage=stage, number=2, rank=2, title="Cut",
        parent=parent, channel=Channel.objects.filter(workspace=workspace)[0], **values,
    )  # fmt: skip

    with pytest.raises(Invalid):
        workspaces.delete(seat=seat, typed_name="doomed")
    workspaces.delete(seat=seat, typed_name="Doomed")

    assert not Workspace.objects.filter(name="Doomed").exists()
    assert not Event.objects.filter(workspace=workspace.pk).exists()
    assert Workspace.objects.count() == 2


def test_only_an_owner_deletes(world: World) -> None:
    with pytest.raises(NotAllowed):
        workspaces.delete(seat=world.seat("ben"), typed_name="Studio Aalto")

    assert Workspace.objects.exists()
