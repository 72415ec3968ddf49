"""The day's list: what needs somebody, why, in which order, and the one action that helps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from production import attention, items, reviews, workspaces
from production.attention.rules import Act, Need, Reason, Standing, in_order, judge
from production.models import ContentItem, Gate, Stage
from tests.people import World

HOUR = timedelta(hours=1)
ANN, BEN = 1, 2


def need(**values: Any) -> Need:
    found = judge(Standing(7, **values), me=ANN)
    assert found is not None
    return found


# -- the rules -------------------------------------------------------------------------------


def test_a_card_that_fits_and_is_not_older_than_usual_needs_nobody() -> None:
    well = Standing(1, left=10 * HOUR, ahead=10 * HOUR, age=9 * HOUR, usual=9 * HOUR)

    assert judge(well, me=ANN) is None
    assert judge(Standing(1), me=ANN) is None


def test_every_reason_stands_on_the_one_line_the_gravest_first() -> None:
    found = need(
        left=-6 * HOUR, ahead=3 * HOUR, age=78 * HOUR, usual=60 * HOUR,
        blocked=20 * HOUR, review=5 * HOUR,
    )  # fmt: skip

    assert found.reasons == (
        (Reason.PAST, 6 * HOUR),
        (Reason.BLOCKED, 20 * HOUR),
        (Reason.AGEING, 18 * HOUR),
        (Reason.REVIEW, 5 * HOUR),
    )
    assert (found.gravest, found.over) == (Reason.PAST, 6 * HOUR)


def test_what_does_not_fit_says_by_how_much() -> None:
    found = need(left=22 * HOUR, ahead=29 * HOUR)

    assert found.reasons == ((Reason.DOES_NOT_FIT, 7 * HOUR),)


@pytest.mark.parametrize(
    ("values", "act", "ask"),
    [
        ({"blocked": HOUR, "review": HOUR, "reviewer": BEN}, Act.UNBLOCK, None),
        ({"review": HOUR, "reviewer": BEN}, Act.ASK, BEN),
        ({"review": HOUR, "reviewer": ANN, "may_sign": True}, Act.REVIEW, None),
        ({"review": HOUR}, Act.REVIEW, None),
        ({"left": -HOUR, "is_publishing": True, "assignees": (BEN,)}, Act.PUBLISH, None),
        ({"left": -HOUR}, Act.ASSIGN, None),
        ({"left": -HOUR, "assignees": (BEN, ANN)}, Act.MOVE, None),
        ({"left": -HOUR, "assignees": (BEN,), "is_waiting": True}, Act.MOVE, None),
        ({"left": -HOUR, "assignees": (BEN,)}, Act.ASK, BEN),
    ],
)
def test_one_action_helps(values: dict[str, Any], act: Act, ask: int | None) -> None:
    found = need(**values)

    assert (found.act, found.ask) == (act, ask)


def test_the_gravest_comes_first_and_among_equals_the_furthest_over() -> None:
    cards = [
        Standing(1, review=90 * HOUR),
        Standing(2, age=50 * HOUR, usual=10 * HOUR),
        Standing(3, left=HOUR, ahead=30 * HOUR),
        Standing(4, blocked=100 * HOUR),
        Standing(5, left=-HOUR),
        Standing(6, left=-9 * HOUR),
    ]

    ordered = in_order(found for each in cards if (found := judge(each, me=ANN)))

    assert [each.standing.id for each in ordered] == [6, 5, 4, 3, 2, 1]


# -- the list --------------------------------------------------------------------------------


@pytest.fixture
def busy(world: World) -> World:
    """Five cards that need somebody, and two that do not."""
    now = timezone.now()
    usual = {"script": 4, "shoot": 8, "edit": 12, "publish": 6}
    for kind, hours in usual.items():
        Stage.objects.filter(pk=world.stages[kind].pk).update(median_seconds=hours * 3600)
    Stage.objects.filter(pk=world.stages["script"].pk).update(p85_seconds=30 * 3600)
    Gate.objects.create(
        workspace=world.workspace,
        stage=world.stages["publish"],
        label="Signed",
        check_kind=Gate.Check.REVIEW,
    )

    def put(title: str, stage: str, hours: float, *people: Any) -> ContentItem:
        item = world.item(title, stage=stage, assignees=list(people))
        item.committed_at = item.stage_entered_at = now - hours * HOUR
        item.save()
        return item

    put("Late", "edit", 80, world.ben)
    put("Does not fit", "shoot", 60)
    put("Old", "script", 40, world.ann)
    stuck = put("Stuck", "edit", 10, world.otto)
    items.block(stuck, reason="music rights", by=world.ben, at=now - 5 * HOUR)
    asked = put("Asked", "edit", 9, world.ben)
    reviews.request(asked, by=world.ben, at=now - 3 * HOUR, reviewer=world.vera)
    put("Fine", "edit", 2, world.ben)
    put("Fine too", "script", 1, world.ben)
    world.item("An idea")
    return world


def listed(world: World, name: str, **asked: Any) -> attention.Today:
    return attention.today(world.seat(name), timezone.now(), **asked)


def test_the_owner_sees_each_card_once_with_what_helps(busy: World) -> None:
    found = listed(busy, "ann")

    assert [(line.title, line.reason) for line in found.lines] == [
        ("Late", Reason.PAST),
        ("Stuck", Reason.BLOCKED),
        ("Does not fit", Reason.DOES_NOT_FIT),
        ("Old", Reason.AGEING),
        ("Asked", Reason.REVIEW),
    ]
    assert [line.action.label for line in found.lines if line.action] == [
        "Ask Ben…", "Unblock…", "Assign…", "Move on…", "Ask Vera…",
    ]  # fmt: skip
    assert (found.count, found.rest, found.others) == (5, 0, 2)


def test_each_reason_says_how_long_and_by_how_much(busy: World) -> None:
    why = {line.title: line.why for line in listed(busy, "ann").lines}

    assert why == {
        "Late": ["8\u00a0h past the target of 72\u00a0h"],
        "Stuck": ["blocked for 5\u00a0h: music rights"],
        "Does not fit": [
            "misses 72\u00a0h by 7\u00a0h: 11\u00a0h left, the stages ahead usually take 18\u00a0h"
        ],
        "Old": ["40\u00a0h since commitment; 85 % of cards had left Script by 30\u00a0h"],
        "Asked": ["has waited 3\u00a0h for Vera Salo to sign"],
    }


def test_the_words_follow_another_target(busy: World) -> None:
    workspaces.change({"target_hours": 240}, seat=busy.seat("ann"), at=timezone.now())
    busy.workspace.refresh_from_db()
    busy.seat("ann").workspace.refresh_from_db()

    titles = [line.title for line in listed(busy, "ann").lines]

    assert titles == ["Stuck", "Old", "Asked"]


def test_a_long_list_is_cut_and_says_how_much_is_left(busy: World) -> None:
    found = listed(busy, "ann", most=2)

    assert [line.title for line in found.lines] == ["Late", "Stuck"]
    assert (found.count, found.rest) == (5, 3)


def test_ben_sees_his_own_and_otto_nothing_but_his(busy: World) -> None:
    assert [line.title for line in listed(busy, "ben", own=True).lines] == ["Late", "Asked"]
    assert [line.title for line in listed(busy, "otto").lines] == ["Stuck"]
    assert listed(busy, "otto").others == 0


def test_vera_is_asked_to_sign_and_kim_to_do_nothing(busy: World) -> None:
    vera = {line.title: line.action for line in listed(busy, "vera").lines}
    kim = [line.action for line in listed(busy, "kim").lines]

    assert vera["Asked"] is not None and vera["Asked"].label == "Open the review"
    assert vera["Stuck"] is None and vera["Does not fit"] is None
    assert kim == [None] * 5


def test_a_stage_and_a_person_above_their_limits_stand_there_too(busy: World) -> None:
    Stage.objects.filter(pk=busy.stages["edit"].pk).update(wip_limit=3)
    workspaces.change({"wip_limit_per_person": 3}, seat=busy.seat("ann"), at=timezone.now())
    busy.seat("ann").workspace.refresh_from_db()

    lines = {line.title: line for line in listed(busy, "ann").lines}

    late = ContentItem.objects.get(title="Late")
    newest = ContentItem.objects.get(title="Fine too")
    assert lines["Edit"].why == ["4 cards, limit 3. Finish one before you pull another."]
    assert lines["Edit"].action.label == f"Move {late.key} to…"
    assert lines["Ben Laine"].why == ["4 cards in progress, limit 3."]
    assert lines["Ben Laine"].action.label == f"Reassign {newest.key}…"
    assert list(lines)[-3:] == ["Edit", "Ben Laine", "Asked"]


def test_what_is_archived_out_or_of_another_team_is_not_listed(
    busy: World, strangers: World
) -> None:
    now = timezone.now()
    items.archive(ContentItem.objects.get(title="Late"), seat=busy.seat("ann"), at=now)
    ContentItem.objects.filter(title="Stuck").update(published_at=now)
    ContentItem.objects.filter(title="Old").update(stage=busy.stages["learn"])

    titles = {line.title for line in listed(busy, "ann").lines}

    assert titles == {"Does not fit", "Asked"}
    assert listed(strangers, "eve").count == 0


def test_the_list_costs_the_same_for_one_card_and_for_many(
    busy: World, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        item = busy.item(f"More {number}", stage="edit", assignees=[busy.ben])
        item.committed_at = timezone.now() - 90 * HOUR
        item.save()

    with django_assert_max_num_queries(9):
        found = listed(busy, "ann", most=200)

    assert found.count == 35


# -- the pages -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "status", "sees"),
    [("ann", 200, 5), ("ben", 200, 5), ("vera", 200, 5), ("kim", 200, 5), ("otto", 200, 1),
     ("eve", 404, 0)],
)  # fmt: skip
def test_today_opens_for_whom_it_is_meant(
    busy: World, strangers: World, client: Client, name: str, status: int, sees: int
) -> None:
    client.force_login(strangers.eve if name == "eve" else getattr(busy, name))

    answer = client.get(reverse("today", args=["studio-aalto"]))

    assert answer.status_code == status
    if sees:
        assert answer.context["today"].count == sees


def test_every_action_opens_what_it_promises(busy: World, client: Client) -> None:
    client.force_login(busy.ann)
    page = client.get(reverse("today", args=["studio-aalto"]))

    for line in page.context["today"].lines:
        answer = client.get(line.action.url.partition("#")[0], {"next": page.wsgi_request.path})
        assert answer.status_code == 200, line.action
        assert client.get(line.url).status_code == 200


def test_asking_begins_a_comment_with_the_name(busy: World, client: Client) -> None:
    client.force_login(busy.ann)
    line = next(line for line in listed(busy, "ann").lines if line.title == "Late")

    page = client.get(line.action.url.partition("#")[0]).content.decode()

    assert ">@Ben Laine </textarea>" in page


def test_unblocking_leads_back_to_the_list(busy: World, client: Client) -> None:
    client.force_login(busy.ann)
    here = reverse("today", args=["studio-aalto"])
    stuck = ContentItem.objects.get(title="Stuck")
    form = reverse("card-hold", args=["studio-aalto", stuck.key])

    assert f'name="next" value="{here}"' in client.get(form, {"next": here}).content.decode()
    answer = client.post(form, {"do": "unblock", "next": here})

    assert answer["Location"] == here
    assert "Stuck" not in [line.title for line in listed(busy, "ann").lines]


def test_my_work_shows_what_of_mine_needs_somebody(busy: World, client: Client) -> None:
    client.force_login(busy.ben)
    page = client.get(reverse("my-work", args=["studio-aalto"]))

    assert [line.title for line in page.context["today"].lines] == ["Late", "Asked"]
    assert "Today: 2 things, one action each" in page.content.decode()


def test_a_quiet_day_says_so(world: World, client: Client) -> None:
    client.force_login(world.ann)

    page = client.get(reverse("today", args=["studio-aalto"])).content.decode()

    assert "Nothing needs you today" in page
