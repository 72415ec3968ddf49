"""Nothing of another workspace is to be had, in whatever place its ids are put.

What is foreign is answered byte by byte like what does not exist, and the same call with one's own
ids goes through.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest

from production.ids import new_id
from production.models import Event
from tests.production.api.bodies import QUERIES, body_of
from tests.production.api.furnished import Furnished, furnish
from tests.production.api.standing import Standing
from tests.production.api.test_description import operations

ID = re.compile(r"[a-z]{3}_[0-9A-Z]{26}")
_CLOCK = re.compile(r'"server_time":"[^"]*"')
SAME = {"X_Request_Id": "request-of-the-crawler"}
OPERATIONS = [(method, path, each["operationId"]) for method, path, each in operations()]
WITH_IDS = [each for each in OPERATIONS if "{" in each[1]]
WITH_BODIES = [each for each in OPERATIONS if each[0] != "get"]
REFUSED = {409}  # the rules may say no to an own thing; that it is there, they say as well


@pytest.fixture
def foreign(standing: Standing) -> Furnished:
    """The same things again, in the workspace of strangers."""
    for name in ("vera", "otto", "ann"):
        standing.strangers.seats.setdefault(name, standing.strangers.seats["eve"])
    return furnish(standing.strangers)


def _swapped(made: Furnished, foreign: Furnished, path: str) -> Iterator[tuple[str, str]]:
    """The address with one id at a time put elsewhere: into the other workspace, and nowhere."""
    own = made.known(path)
    for name in re.findall(r"{(\w+)}", path):
        if name == "number":
            continue
        there = foreign.known(path)[name]
        nowhere = new_id(own[name].split("_")[0])
        yield path.format_map(own | {name: there}), path.format_map(own | {name: nowhere})


@pytest.mark.parametrize(
    ("method", "path", "operation_id"), WITH_IDS, ids=[each[2] for each in WITH_IDS]
)
def test_a_foreign_id_in_the_address_is_like_none(
    method: str, path: str, operation_id: str, standing: Standing, foreign: Furnished
) -> None:
    made, query = standing.furnished, QUERIES.get(operation_id, "")
    body = body_of(operation_id, made)

    own = standing.ask("ann", method, path, operation_id)
    answers = [
        (
            standing.send("ann", method, there + query, body, **SAME),
            standing.send("ann", method, nowhere + query, body, **SAME),
        )
        for there, nowhere in _swapped(made, foreign, path)
    ]

    assert own.status_code < 300 or own.status_code in REFUSED or operation_id == "assets_file"
    for there, nowhere in answers:
        assert there.status_code == nowhere.status_code == 404
        assert there.content == nowhere.content


@pytest.mark.parametrize(
    ("method", "path", "operation_id"), WITH_BODIES, ids=[each[2] for each in WITH_BODIES]
)
def test_a_foreign_id_in_the_body_is_like_none(
    method: str, path: str, operation_id: str, standing: Standing, foreign: Furnished
) -> None:
    made = standing.furnished
    text = json.dumps(body_of(operation_id, made))
    foreign_text = json.dumps(body_of(operation_id, foreign))
    events = Event.objects.filter(workspace=foreign.world.workspace).count()

    for own, there in zip(ID.findall(text), ID.findall(foreign_text), strict=True):
        nowhere = new_id(own.split("_")[0])
        one = standing.send("ann", method, made.fill(path), text.replace(own, there), **SAME)
        other = standing.send("ann", method, made.fill(path), text.replace(own, nowhere), **SAME)

        if operation_id == "items_bulk" and other.status_code == 200:
            assert own not in json.dumps(one.json()["done"])
        elif operation_id.endswith("_reorder") and other.status_code == 200:
            assert there not in one.content.decode()  # what is not there has no place
        else:
            assert other.status_code in (400, 404), other.content
        assert one.status_code == other.status_code
        assert _without_ids(one.content) == _without_ids(other.content)
    assert Event.objects.filter(workspace=foreign.world.workspace).count() == events


FILTERS = ("channel", "pillar", "format", "kpi", "label", "assignee", "parent", "stage")
NOUNS = {"kpi": "kpis", "assignee": "people", "parent": "items"}


@pytest.mark.parametrize("name", FILTERS)
def test_a_foreign_id_in_a_filter_finds_nothing(
    name: str, standing: Standing, foreign: Furnished
) -> None:
    there = foreign.ids[NOUNS.get(name, f"{name}s")]

    answer = standing.send("ann", "get", f"/items/?{name}={there}")
    all_items = standing.send("ann", "get", "/items/")

    assert answer.json()["data"] == []
    assert all_items.json()["data"]


def test_a_foreign_subject_has_no_events(standing: Standing, foreign: Furnished) -> None:
    there = standing.send("ann", "get", f"/events/?subject={foreign.ids['items']}")
    own = standing.send("ann", "get", f"/events/?subject={standing.furnished.ids['items']}")

    assert there.json()["data"] == []
    assert own.json()["data"]


def test_a_foreign_workspace_in_the_header_is_like_none(standing: Standing) -> None:
    answers = [
        standing.send("ann", "get", "/me/", Putki_Workspace=slug, **SAME)
        for slug in ("rival-media", "no-such-place", "../x", "x" * 300)
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert standing.send("ann", "get", "/me/").status_code == 200


def test_a_token_opens_its_own_workspace_whatever_the_header_says(
    standing: Standing, foreign: Furnished
) -> None:
    eves = {"Authorization": f"Bearer {foreign.plain_token}"}

    answer = standing.send("nobody", "get", "/workspace/", **eves)
    item = standing.send("nobody", "get", f"/items/{standing.furnished.ids['items']}/", **eves)

    assert answer.json()["slug"] == foreign.world.workspace.slug
    assert item.status_code == 404


def test_otto_sees_his_own_items_and_no_others(standing: Standing) -> None:
    made = standing.furnished
    others = made.world.item("Not Otto's", stage="script")

    listed = standing.send("otto", "get", "/items/").json()["data"]
    board = standing.send("otto", "get", f"/boards/{made.ids['boards']}/").json()
    events = standing.send("otto", "get", "/events/?limit=200").json()["data"]
    one = standing.send("otto", "get", f"/items/{others.public_id}/")
    moved = standing.send(
        "otto",
        "post",
        f"/items/{made.ids['items']}/move/",
        {"stage": made.world.stages["shoot"].public_id, "before": others.public_id},
    )
    search = standing.send("otto", "get", "/search/?q=mistakes")

    assert [row["id"] for row in listed] == [made.ids["items"]]
    cards = [card["id"] for stage in board["stages"] for card in stage["cards"]]
    assert cards == [made.ids["items"]]
    assert [person["name"] for person in board["people"]] == ["Otto Harju"]
    assert {event["subject"] for event in events} == {made.ids["items"]}
    assert one.status_code == 404
    assert moved.status_code == 400  # another's card is no anchor
    assert search.status_code == 403


def _without_ids(content: bytes) -> str:
    return _CLOCK.sub("", ID.sub("…", content.decode()))
