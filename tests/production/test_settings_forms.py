"""What the forms of the settings do: each POST calls its verb, and says what it refuses."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import boards, invitations, plan, tokens, workspaces
from production.models import (
    ApiToken,
    Board,
    Channel,
    Event,
    Format,
    Gate,
    Invitation,
    KpiDefinition,
    Label,
    Membership,
    Pillar,
    Stage,
)
from production.permissions import seat_of
from production.roles import WHAT
from tests.people import NOON, World, make_user

SLUG = "studio-aalto"


def url(name: str, *ids: str) -> str:
    return reverse(f"settings-{name}", args=[SLUG, *ids])


@pytest.fixture
def ann(world: World, client: Client) -> Client:
    client.force_login(world.ann)
    return client


def messages(answer: object) -> list[str]:
    return [str(message) for message in answer.wsgi_request._messages]  # type: ignore[attr-defined]


# -- the plan ---------------------------------------------------------------------------------


def test_ann_adds_a_channel_with_its_signals(world: World, ann: Client) -> None:
    values = {
        "name": "Reels", "platform": "instagram", "role": "primary", "signal_1": "Saves",
        "signal_2": "", "signal_3": "Shares", "reporting_zone": "UTC", "locked_until": "2026-06-14",
    }  # fmt: skip

    answer = ann.post(url("channels-add"), values)

    assert answer["Location"] == url("channels")
    channel = Channel.objects.get(name="Reels")
    assert [signal.name for signal in channel.signals.order_by("rank")] == ["Saves", "Shares"]
    assert "Reels has 2 signals" in ann.get(url("channels")).content.decode()


def test_ann_changes_a_format_line_by_line(world: World, ann: Client) -> None:
    made = Format.objects.create(workspace=world.workspace, name="Q", b_roll=["Old"])
    values = {
        "name": "Q", "state": "proven", "title_formula": "{a}?", "b_roll": "Hands\n\n  Face ",
        "version": "1",
    }  # fmt: skip

    answer = ann.post(url("formats-change", made.public_id), values)

    made.refresh_from_db()
    assert answer["Location"] == url("formats")
    assert (made.state, made.b_roll, made.version) == ("proven", ["Hands", "Face"], 2)


def test_what_the_verb_refuses_stands_beside_its_field(world: World, ann: Client) -> None:
    answer = ann.post(
        url("formats-add"), {"name": "Q", "state": "candidate", "title_formula": "{a"}
    )

    assert list(answer.context["form"].errors) == ["title_formula"]
    assert not Format.objects.exists()


def test_a_stale_form_shows_both_values_and_may_be_sent_again(world: World, ann: Client) -> None:
    label = Label.objects.create(workspace=world.workspace, name="urgent")
    plan.change(label, {"name": "theirs"}, seat=world.seat("ann"), at=NOON)
    here = url("labels-change", label.public_id)

    stale = ann.post(here, {"name": "mine", "version": "1"})
    page = stale.content.decode()
    again = ann.post(here, {"name": "mine", "version": stale.context["form"].data["version"]})

    assert 'value="mine"' in page
    assert "theirs" in page
    assert again.status_code == 302
    assert Label.objects.get().name == "mine"


def test_a_stale_form_speaks_of_what_differs_in_words(world: World, ann: Client) -> None:
    seat, channel = world.seat("ann"), Channel.objects.get(workspace=world.workspace)
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    theirs = {"winning_kpi": kpi, "role": "support", "signals": ["Saves"]}
    plan.change(channel, theirs, seat=seat, at=NOON)
    values = {
        "name": "TikTok", "platform": "tiktok", "role": "primary", "handle": "@aalto",
        "reporting_zone": channel.reporting_zone, "signal_1": "Shares", "version": "1",
    }  # fmt: skip

    answer = ann.post(url("channels-change", channel.public_id), values)

    assert dict(answer.context["now"]) == {
        "Role": "Support", "Signals": "Saves", "Winning KPI": "Saves per 1 000 impressions",
    }  # fmt: skip
    assert Channel.objects.get(pk=channel.pk).role == "support"


def test_retiring_offers_the_way_back(world: World, ann: Client) -> None:
    label = Label.objects.create(workspace=world.workspace, name="urgent")

    retired = ann.post(url("labels-retire", label.public_id))
    (message,) = retired.wsgi_request._messages  # type: ignore[attr-defined]
    ann.post(message.extra_tags)

    assert message.extra_tags == url("labels-restore", label.public_id)
    assert Label.objects.get().retired_at is None
    assert Event.objects.filter(subject=label.public_id).count() == 2


def test_a_step_up_and_a_whole_order_do_the_same(world: World, ann: Client) -> None:
    a, b, c = (
        Label.objects.create(workspace=world.workspace, name=name, position=place)
        for place, name in enumerate("abc")
    )
    ids = [label.public_id for label in (a, b, c)]

    step = ann.post(url("labels-order"), {"order": ids, "up": b.public_id})
    whole = ann.post(
        url("labels-order"), {"order": ids[::-1]}, headers={"X-Requested-With": "fetch"}
    )

    assert (step.status_code, whole.status_code) == (302, 204)
    orders = [event.data["order"] for event in Event.objects.order_by("seq")]
    assert orders == [[b.public_id, a.public_id, c.public_id], ids[::-1]]


@pytest.mark.parametrize(
    ("names", "sent", "expected"),
    [("abc", {"up": "a"}, "abc"), ("abc", {"down": "a"}, "bac"), ("abc", {"down": "c"}, "abc")],
)
def test_a_step_stops_at_the_ends(
    world: World, ann: Client, names: str, sent: dict[str, str], expected: str
) -> None:
    ids = {
        name: Label.objects.create(workspace=world.workspace, name=name, position=place).public_id
        for place, name in enumerate(names)
    }
    asked = {button: ids[name] for button, name in sent.items()}

    ann.post(url("labels-order"), {"order": list(ids.values()), **asked})

    shown = Label.objects.order_by("position").values_list("name", flat=True)
    assert "".join(shown) == expected


def test_the_preview_names_the_slots(world: World, ann: Client) -> None:
    page = ann.get(url("formats-preview"), {"title_formula": "{n} in {topic}"}).content.decode()

    assert "‹n› in ‹topic›" in page
    assert "<html" not in page


def test_a_form_offers_only_what_is_in_use_here(
    world: World, strangers: World, ann: Client
) -> None:
    kpi = KpiDefinition.objects.get(workspace=world.workspace)
    plan.retire(kpi, seat=world.seat("ann"), at=NOON)
    theirs = KpiDefinition.objects.get(workspace=strangers.workspace)

    refused = ann.post(url("pillars-add"), {"name": "P", "kpi": kpi.pk})
    foreign = ann.post(url("pillars-add"), {"name": "P", "kpi": theirs.pk})

    assert "kpi" in refused.context["form"].errors
    assert "kpi" in foreign.context["form"].errors
    assert not Pillar.objects.exists()


def test_the_history_of_a_kpi_shows_every_definition(world: World, ann: Client) -> None:
    seat = world.seat("ann")
    kpi = plan.add(
        "kpi", {"name": "Reach", "numerator": "Accounts", "kind": "count"}, seat=seat, at=NOON
    )
    plan.change(kpi, {"numerator": "People"}, seat=seat, at=NOON)

    page = ann.get(url("kpis-history", kpi.public_id)).content.decode()

    assert page.index("People") < page.index("Accounts")


def test_creators_read_the_plan_without_controls(world: World, client: Client) -> None:
    Label.objects.create(workspace=world.workspace, name="urgent")
    client.force_login(world.ben)

    page = client.get(url("labels")).content.decode()

    assert "urgent" in page
    assert "retire/" not in page
    assert "add/" not in page


@pytest.mark.parametrize("noun", plan.WORDS)
def test_an_unknown_entry_is_not_found(
    world: World, strangers: World, ann: Client, noun: str
) -> None:
    plural = "kpis" if noun == "kpi" else f"{noun}s"
    theirs = plan.WORDS[noun].model.objects.filter(workspace=strangers.workspace).first()
    foreign = theirs.public_id if theirs else "nothing"

    for action in ("change", "retire", "restore"):
        assert ann.post(url(f"{plural}-{action}", foreign)).status_code == 404


def test_lists_cost_the_same_for_few_and_many(
    ann: Client, world: World, django_assert_max_num_queries: object
) -> None:
    made = workspaces.create("Whole", by=world.ann, at=NOON)
    for plural in ("channels", "pillars", "formats", "kpis", "goals", "boards", "gates"):
        with django_assert_max_num_queries(9):  # type: ignore[operator]
            ann.get(reverse(f"settings-{plural}", args=[made.slug]))


# -- boards, stages, gates --------------------------------------------------------------------


def test_ann_adds_renames_orders_and_archives_boards(world: World, ann: Client) -> None:
    ann.post(url("board-add"), {"name": "Podcast"})
    podcast = Board.objects.get(name="Podcast")
    ann.post(url("board-rename", podcast.public_id), {"name": "Talks"})
    ids = [world.board.public_id, podcast.public_id]
    ann.post(url("board-order"), {"order": ids, "up": podcast.public_id})
    ann.post(url("board-archive", podcast.public_id))
    refused = ann.post(url("board-archive", world.board.public_id))
    ann.post(url("board-restore", podcast.public_id))

    podcast.refresh_from_db()
    assert (podcast.name, podcast.position, podcast.archived_at) == ("Talks", 0, None)
    assert "Board is the only board. Add another one first." in messages(refused)


def test_ann_arranges_stages(world: World, ann: Client) -> None:
    edit = world.stages["edit"]
    values = {"name": "Captions", "kind": "edit", "limit_mode": "warn"}
    ann.post(url("stage-add", world.board.public_id), values)
    ann.post(url("stage-split", edit.public_id), {"name": "Fine cut"})
    ann.post(
        url("stage", edit.public_id),
        {"name": "Rough", "kind": "edit", "limit_mode": "block", "wip_limit": "3", "version": "1"},
    )
    ids = list(
        Stage.objects.filter(board=world.board)
        .order_by("position")
        .values_list("public_id", flat=True)
    )
    ann.post(url("stage-order", world.board.public_id), {"order": ids, "down": edit.public_id})

    names = Stage.objects.filter(board=world.board).order_by("position")
    assert [stage.name for stage in names][3:6] == ["Fine cut", "Rough", "Captions"]
    edit.refresh_from_db()
    assert (edit.wip_limit, edit.limit_mode) == (3, "block")


def test_a_stage_is_retired_with_its_cards(world: World, ann: Client) -> None:
    item = world.item(stage="edit")
    here = url("stage-retire", world.stages["edit"].public_id)

    asked = ann.get(here).content.decode()
    ann.post(here, {"to": world.stages["shoot"].public_id})

    item.refresh_from_db()
    assert "1 card stands here." in asked
    assert item.stage == world.stages["shoot"]


def test_a_stage_that_must_stay_says_so_in_the_form(world: World, ann: Client) -> None:
    idea = world.stages["idea"]

    changed = ann.post(
        url("stage", idea.public_id), {"name": "Idea", "kind": "edit", "limit_mode": "warn"}
    )
    retired = ann.post(url("stage-retire", idea.public_id), {"to": world.stages["edit"].public_id})

    sentence = "Idea is the only stage of its kind on this board."
    assert changed.context["form"].errors["kind"] == [sentence]
    assert retired.context["form"].non_field_errors() == [sentence]


def test_ann_arranges_gates(world: World, ann: Client) -> None:
    edit = world.stages["edit"]
    for label in ("First", "Second"):
        ann.post(url("gate-add", edit.public_id), {"label": label, "check_kind": "manual"})
    first, second = Gate.objects.order_by("position")
    ann.post(
        url("gate", first.public_id),
        {
            "label": "Files",
            "check_kind": "count",
            "counted": "files",
            "at_least": "2",
            "version": "1",
        },
    )
    ids = [first.public_id, second.public_id]
    ann.post(url("gate-order", edit.public_id), {"order": ids, "up": second.public_id})
    ann.post(url("gate-retire", second.public_id))

    first.refresh_from_db()
    assert (first.label, first.at_least, first.position) == ("Files", 2, 0)
    assert "Files: at least 2" in ann.get(url("gates")).content.decode()


def test_ann_brings_a_retired_stage_and_a_retired_gate_back(world: World, ann: Client) -> None:
    seat, edit, shoot = world.seat("ann"), world.stages["edit"], world.stages["shoot"]
    gate = boards.add_gate(shoot, {"label": "A place is found"}, seat=seat, at=NOON)
    boards.retire_stage(edit, seat=seat, at=NOON)
    retired = ann.post(url("gate-retire", gate.public_id))
    (message,) = retired.wsgi_request._messages  # type: ignore[attr-defined]
    ways_back = url("stage-restore", edit.public_id), url("gate-restore", gate.public_id)
    pages = [ann.get(url(name)).content.decode() for name in ("boards", "gates")]

    for page, way_back in zip(pages, ways_back, strict=True):
        assert f'action="{way_back}"' in page
        ann.post(way_back)

    for name, way_back in zip(("boards", "gates"), ways_back, strict=True):
        assert way_back not in ann.get(url(name)).content.decode()
    edit.refresh_from_db()
    gate.refresh_from_db()
    assert (edit.retired_at, gate.retired_at) == (None, None)
    assert message.extra_tags == ways_back[1]


def test_a_stage_whose_name_is_taken_stays_away_and_the_page_says_why(
    world: World, ann: Client
) -> None:
    seat, edit = world.seat("ann"), world.stages["edit"]
    boards.retire_stage(edit, seat=seat, at=NOON)
    boards.add_stage(world.board, {"name": "Edit", "kind": "edit"}, seat=seat, at=NOON)

    refused = ann.post(url("stage-restore", edit.public_id))

    edit.refresh_from_db()
    assert edit.retired_at == NOON
    assert messages(refused) == [
        "Another stage is called Edit by now. Give that one a different name first."
    ]


def test_who_may_not_arrange_boards_sees_what_is_retired_without_a_button(
    world: World, client: Client
) -> None:
    edit = world.stages["edit"]
    boards.retire_stage(edit, seat=world.seat("ann"), at=NOON)
    client.force_login(world.kim)

    page = client.get(url("boards")).content.decode()

    assert "1 retired" in page
    assert "restore/" not in page
    assert client.post(url("stage-restore", edit.public_id)).status_code == 403


def test_a_stale_stage_and_a_stale_gate_show_what_they_say_now(world: World, ann: Client) -> None:
    seat, edit = world.seat("ann"), world.stages["edit"]
    gate = boards.add_gate(edit, {"label": "A"}, seat=seat, at=NOON)
    boards.change_gate(gate, {"label": "B"}, seat=seat, at=NOON)
    boards.change_stage(edit, {"name": "Cut"}, seat=seat, at=NOON)

    of_stage = ann.post(
        url("stage", edit.public_id),
        {"name": "Mine", "kind": "edit", "limit_mode": "warn", "version": "1"},
    )
    of_gate = ann.post(
        url("gate", gate.public_id), {"label": "Mine", "check_kind": "manual", "version": "1"}
    )

    assert 'value="Cut"' in of_stage.content.decode()
    assert 'value="B"' in of_gate.content.decode()


def test_other_peoples_boards_stages_and_gates_are_not_found(
    world: World, strangers: World, ann: Client
) -> None:
    stage = strangers.stages["edit"]
    gate = Gate.objects.create(workspace=strangers.workspace, stage=stage, label="Theirs")

    for name, public_id in (
        ("board-rename", strangers.board.public_id),
        ("board-archive", strangers.board.public_id),
        ("stage-add", strangers.board.public_id),
        ("stage", stage.public_id),
        ("stage-split", stage.public_id),
        ("stage-retire", stage.public_id),
        ("stage-restore", stage.public_id),
        ("gate-add", stage.public_id),
        ("gate", gate.public_id),
        ("gate-retire", gate.public_id),
        ("gate-restore", gate.public_id),
    ):
        assert ann.post(url(name, public_id)).status_code == 404, name


# -- people and tokens ------------------------------------------------------------------------


def test_ann_invites_and_the_link_is_shown_once(
    world: World, ann: Client, mailoutbox: list
) -> None:
    shown = ann.post(url("invite"), {"email": "nea@example.org", "role": "reviewer"})
    link = mailoutbox[0].body.split("/join/")[1].split()[0]

    assert f"http://testserver/join/{link}" in shown.content.decode()
    assert link not in ann.get(url("people")).content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert mailoutbox[0].to == ["nea@example.org"]


def test_a_newcomer_signs_up_from_the_link_and_joins(world: World, client: Client) -> None:
    _invitation, token = invitations.invite(
        "nea@example.org", "creator", seat=world.seat("ann"), at=timezone.now()
    )
    link = reverse("join", args=[token])

    shown = client.get(link)
    assert "Join Studio Aalto" in shown.content.decode()
    assert shown.cookies["django_language"].value == "en"
    signed_up = client.post(
        reverse("account_signup"),
        {"name": "Nea Aho", "email": "nea@example.org", "password1": "horse staple battery"},
    )
    joined = client.post(signed_up["Location"])

    assert signed_up["Location"] == link
    assert joined["Location"] == reverse("workspace", args=[SLUG])
    membership = Membership.objects.get(user__email="nea@example.org")
    assert (membership.role, membership.user.name) == ("creator", "Nea Aho")


def test_somebody_with_an_account_signs_in_from_the_link(world: World, client: Client) -> None:
    make_user("Nea Aho")
    _invitation, token = invitations.invite(
        "nea@example.org", "viewer", seat=world.seat("ann"), at=timezone.now()
    )
    link = reverse("join", args=[token])
    client.get(link)

    signed_in = client.post(
        reverse("account_login"), {"login": "nea@aalto.example", "password": "horse staple battery"}
    )

    assert signed_in["Location"] == link


def test_a_closed_link_is_gone(world: World, client: Client) -> None:
    invitation, token = invitations.invite(
        "nea@example.org", "viewer", seat=world.seat("ann"), at=timezone.now()
    )
    client.force_login(world.ann)
    client.post(url("invitation-revoke", invitation.public_id))

    assert client.get(reverse("join", args=[token])).status_code == 410
    assert client.get(reverse("join", args=["nonsense"])).status_code == 410
    assert Invitation.objects.get().revoked_at is not None


def test_ann_changes_a_role_and_removes_a_person(world: World, ann: Client) -> None:
    otto = Membership.objects.get(user=world.otto)
    own = Membership.objects.get(user=world.ann)

    ann.post(url("member", otto.public_id), {"role": "external", "stage_kinds": ["edit"]})
    refused = ann.post(url("member", own.public_id), {"role": "viewer"})
    otto.refresh_from_db()
    ann.post(url("member-remove", otto.public_id))
    stays = ann.post(url("member-remove", own.public_id))

    assert otto.stage_kinds == ["edit"]
    assert "role" in refused.context["form"].errors
    assert "A workspace needs at least one owner." in messages(stays)
    assert Membership.objects.get(user=world.otto).removed_at is not None


def test_ben_leaves_and_ann_may_not(world: World, client: Client) -> None:
    client.force_login(world.ben)
    left = client.post(url("leave"))
    client.force_login(world.ann)
    stays = client.post(url("leave"))

    assert left["Location"] == reverse("home")
    assert "A workspace needs at least one owner." in stays.content.decode()
    assert Membership.objects.get(user=world.ben).removed_at is not None


def test_ben_makes_a_token_sees_it_once_and_revokes_it(world: World, client: Client) -> None:
    client.force_login(world.ben)

    made = client.post(url("tokens"), {"name": "n8n", "scopes": ["content:read"], "days": "30"})
    plain = made.context["plain"]
    token = ApiToken.objects.get()
    again = client.get(url("tokens")).content.decode()
    client.post(url("token-revoke", token.public_id))

    assert tokens.find(plain, timezone.now()) is None
    assert plain in made.content.decode()
    assert plain not in again
    assert "no-store" in made["Cache-Control"]


def test_a_token_may_be_for_one_channel_only(world: World, client: Client) -> None:
    client.force_login(world.ben)
    tiktok = Channel.objects.get(workspace=world.workspace)
    wish = {"name": "n8n", "scopes": ["publications:lease"], "days": "30"}

    made = client.post(url("tokens"), wish | {"channels": [tiktok.public_id]})
    foreign = client.post(url("tokens"), wish | {"channels": ["chn_01ARZ3NDEKTSV4RRFFQ69G5FAV"]})

    assert ApiToken.objects.get().channels == [tiktok.public_id]
    assert "only for TikTok" in made.content.decode()
    assert "channels" in foreign.context["form"].errors


def test_ben_neither_sees_nor_revokes_anns_tokens(world: World, client: Client) -> None:
    of_ann, _plain = tokens.create(
        seat=world.seat("ann"), name="night shift", scopes=["events:read"], at=NOON
    )
    client.force_login(world.ben)

    assert "night shift" not in client.get(url("tokens")).content.decode()
    assert client.post(url("token-revoke", of_ann.public_id)).status_code == 404
    admin = client.post(url("tokens"), {"name": "x", "scopes": ["workspace:admin"]})
    assert "scopes" in admin.context["form"].errors


def test_the_table_of_roles_says_what_the_permissions_say(world: World) -> None:
    for line in WHAT:
        for name, (may, _limit) in zip(
            ("ann", "ben", "vera", "kim", "otto"), line.words, strict=True
        ):
            seat = seat_of(Membership.objects.get(user=getattr(world, name)))
            assert may == all(seat.may(operation) for operation in line.operations), line.label
