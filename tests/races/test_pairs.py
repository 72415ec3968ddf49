"""Two people, one card, the same moment: each promise about it, many times over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest

from tests.house import House
from tests.races import crowd
from tests.races.client import Answer, Client

HANDS = 4
CARDS = 24


class Table:
    """A board with four people at it, who may all act at one moment."""

    def __init__(self, house: House, world: dict[str, Any]) -> None:
        self.house, self.world = house, world
        self.items: list[str] = world["items"]
        self.stages: dict[str, str] = world["stages"]
        self.clients = [Client(house.port, token=key) for key in world["tokens"]]
        self.pool = ThreadPoolExecutor(HANDS)

    def at_once(self, act: Callable[[Client, int], Answer], hands: int = HANDS) -> list[Answer]:
        """What each of the people is told, who all ask when the last one is ready."""
        ready = Barrier(hands)

        def one(number: int) -> Answer:
            ready.wait(30)
            return act(self.clients[number], number)

        return list(self.pool.map(one, range(hands)))

    def verdict(self) -> dict[str, Any]:
        return crowd.scene(self.house, "verdict()")

    def assert_sound(self) -> dict[str, Any]:
        """Rows, log and replay agree, and no number is missing or given twice."""
        said = self.verdict()
        assert said["differences"] == []
        assert said["ties"] == []
        assert said["gapless"] and said["subjects_gapless"]
        return said


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    with crowd.racing() as house:
        yield Table(house, crowd.scene(house, f"board(cards={CARDS}, clients={HANDS})"))


def one_winner(table: Table, rounds: int) -> None:
    item = f"/api/v1/items/{table.items[0]}/"
    for number in range(rounds):
        version = table.clients[0].get(item).headers["etag"]

        answers = table.at_once(
            lambda client, hand, v=version, n=number: client.patch(
                item, {"title": f"Round {n} hand {hand}"}, If_Match=v
            )
        )

        assert sorted(answer.status for answer in answers) == [200] + [412] * (HANDS - 1)
        winner = next(hand for hand, answer in enumerate(answers) if answer.status == 200)
        assert table.clients[0].get(item).json["title"] == f"Round {number} hand {winner}"
        for answer in answers:
            if answer.status == 412:
                assert answer.json["current_version"] == int(version.strip('"')) + 1


def test_of_stale_edits_exactly_one_wins(table: Table) -> None:
    one_winner(table, 50)

    table.assert_sound()


@pytest.mark.soak
def test_of_stale_edits_exactly_one_wins_a_thousand_times(table: Table) -> None:
    one_winner(table, 1_000)

    table.assert_sound()


def twins(table: Table, rounds: int, name: str) -> None:
    # One key belongs to one caller: all four hands use the first one's token.
    senders = [Client(table.house.port, token=table.world["tokens"][0]) for _ in range(HANDS)]
    for number in range(rounds):
        new = {"title": f"{name} {number}"}
        key = f"{name}-{number}"

        answers = table.at_once(
            lambda _client, hand, n=new, k=key: senders[hand].post(
                "/api/v1/items/", n, Idempotency_Key=k
            )
        )

        told = Counter(answer.status for answer in answers)
        assert told[201] >= 1 and told[201] + told[409] == HANDS, told
        again = table.clients[0].post("/api/v1/items/", new, Idempotency_Key=key)
        assert again.headers["idempotent-replayed"] == "true"
        assert {answer.body for answer in answers if answer.status == 201} == {again.body}


def test_twins_with_one_key_have_one_effect(table: Table) -> None:
    twins(table, 25, "Twin")

    said = table.assert_sound()
    assert {said["titles"][f"Twin {number}"] for number in range(25)} == {1}
    assert said["open_keys"] == 0


@pytest.mark.soak
def test_twins_with_one_key_have_one_effect_five_hundred_times(table: Table) -> None:
    twins(table, 500, "Many")

    said = table.assert_sound()
    assert {said["titles"][f"Many {number}"] for number in range(500)} == {1}


def test_many_cards_into_one_gap_spend_it_and_nobody_ties(table: Table) -> None:
    """Sixteen halvings spend a gap: then all cards of the stage get new places, under the race."""
    below, *others = table.items[-20:]
    shoot = table.stages["shoot"]
    table.clients[0].post(f"/api/v1/items/{below}/move/", {"stage": shoot})
    places = Counter[int]()

    for number in range(10):
        for answer in table.at_once(
            lambda client, hand, n=number: client.post(
                f"/api/v1/items/{others[(n * HANDS + hand) % len(others)]}/move/",
                {"stage": shoot, "before": below},
            )
        ):
            places[answer.status] += 1

    said = table.assert_sound()
    assert places == Counter({200: 10 * HANDS})
    assert said["respreads"] >= 1
    assert said["order"][shoot] == said["replayed"][shoot]
    assert said["order"][shoot][-1] == below


def test_a_move_and_an_edit_never_make_the_same_version(table: Table) -> None:
    item = f"/api/v1/items/{table.items[1]}/"
    kinds = cycle(["script", "shoot", "edit", "idea"])
    versions: list[int] = []

    for _ in range(25):
        to = {"stage": table.stages[next(kinds)]}
        answers = table.at_once(
            lambda client, hand, to=to: (
                client.patch(item, {"promise": f"Promise {uuid4()}"})
                if hand % 2
                else client.post(f"{item}move/", to)
            )
        )
        assert {answer.status for answer in answers} == {200}
        # The second of two moves to one stage finds nothing to do and says the version there is.
        versions += [
            int(answer.headers["etag"].strip('W/"'))
            for answer in answers
            if answer.json.get("event", "an edit")
        ]

    said = table.assert_sound()
    assert len(set(versions)) == len(versions) == 75
    assert said["versions"][table.items[1]] == max(versions)


def test_an_undo_beside_a_move_takes_back_its_own_move_or_nothing(table: Table) -> None:
    item = f"/api/v1/items/{table.items[2]}/"
    outcomes = Counter[tuple[int, int]]()

    for _ in range(25):
        table.clients[0].post(f"{item}move/", {"stage": table.stages["idea"]})
        table.clients[0].post(f"{item}move/", {"stage": table.stages["script"]})

        undone, moved = table.at_once(
            lambda client, hand: (
                client.post(f"{item}undo/")
                if hand == 0
                else client.post(f"{item}move/", {"stage": table.stages["edit"]})
            ),
            hands=2,
        )

        outcomes[undone.status, moved.status] += 1
        assert table.clients[0].get(item).json["stage_kind"] == "edit"

    assert set(outcomes) <= {(200, 200), (409, 200)}
    table.assert_sound()
