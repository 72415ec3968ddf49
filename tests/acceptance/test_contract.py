"""The contract with schedulers, asked of a running house with two web processes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.acceptance.crowd import Street, street
from tests.races.client import Answer, Client

ME = {"name": "n8n@studio", "run": "1"}
# What of many claims on one publication each may be told.
EXPECTED = {(201, ""), (409, "already_leased"), (503, "busy")}


@pytest.fixture(scope="module")
def place() -> Iterator[Street]:
    with street(12) as made:
        yield made


def tool(place: Street, number: int = 0) -> Client:
    return Client(place.house.port, token=place.world["tokens"][number])


def take(place: Street) -> str:
    """One of the publications, for this test alone."""
    return place.world["publications"].pop()


def claim(client: Client, publication: str) -> Answer:
    return client.post("/api/v1/leases/", {"publication": publication, "client": ME})


def report(client: Client, lease: dict[str, Any], status: str, **more: Any) -> Answer:
    said = {
        "lease": lease["id"], "fence": lease["fence"], "status": status, "report_id": status,
    }  # fmt: skip
    where = f"/api/v1/publications/{lease['publication']['id']}/reports/"
    key = f"{lease['id']}.{more.get('report_id', status)}"
    return client.post(where, said | more, Idempotency_Key=key)


def two_hundred_claims(place: Street) -> Counter[tuple[int, str]]:
    """What twenty tools are told that ask for one publication ten times each."""
    publication = take(place)

    def ask(number: int) -> list[tuple[int, str]]:
        client = tool(place, number % 2)
        found = [claim(client, publication) for _ in range(10)]
        client.close()
        return [(each.status, each.json.get("code", "")) for each in found]

    with ThreadPoolExecutor(20) as pool:
        return Counter(each for found in pool.map(ask, range(20)) for each in found)


def test_of_two_hundred_claims_at_one_moment_one_is_granted(place: Street) -> None:
    said = two_hundred_claims(place)

    assert said[201, ""] == 1
    assert said.total() == 200
    assert set(said) <= EXPECTED, said
    assert said[409, "already_leased"] >= 100


@pytest.mark.postgres
def test_without_the_lock_the_same_goes_wrong() -> None:
    """The twin: it shows that the test above would notice. The table's own rule is what is left."""
    with street(8, FAULT_POINTS="no-publication-lock,claim-allowed=sleep:0.02") as unlocked:
        said = sum((two_hundred_claims(unlocked) for _ in range(4)), Counter[tuple[int, str]]())

    assert said[201, ""] > 4 or not set(said) <= EXPECTED, said


def test_crash_expiry_a_second_holder_and_a_late_word_of_the_first(place: Street) -> None:
    first, second = tool(place), tool(place, 1)
    publication = take(place)
    (lost,) = claim(first, publication).json["leases"]
    place.let_claims_run_out()
    (held,) = claim(second, publication).json["leases"]

    old = report(first, lost, "scheduled")
    late = report(first, lost, "published", external_id="late-1")
    again = report(first, lost, "published", external_id="late-1")
    told = report(second, held, "publishing")

    assert [each.status for each in (old, late, again, told)] == [409] * 4
    assert {each.json["code"] for each in (old, late, again, told)} == {"stale_fence"}
    kept = place.scene(f"kept({publication!r})")
    assert kept["reports"] == [["published", False]]
    assert kept["state"] == "unconfirmed"
    assert kept["alarms"] >= 1


def test_published_twice_is_one_row(place: Street) -> None:
    client, publication = tool(place), take(place)
    (lease,) = claim(client, publication).json["leases"]

    said = [
        report(client, lease, "published", external_id="twice-1"),
        report(client, lease, "published", external_id="twice-1"),
        report(client, lease, "published", external_id="twice-1", report_id="another"),
    ]

    assert [each.status for each in said] == [200, 200, 200]
    assert said[1].headers["idempotent-replayed"] == "true"
    assert said[2].json["warnings"] == ["already_published"]
    feed = client.get("/api/v1/events/?types=publication.published&limit=200").json["data"]
    assert [each["data"]["publication"] for each in feed].count(publication) == 1


def test_a_time_out_while_publishing_is_unconfirmed_and_never_ready(place: Street) -> None:
    client, publication = tool(place), take(place)
    (lease,) = claim(client, publication).json["leases"]
    report(client, lease, "publishing")

    said = report(
        client, lease, "failed", outcome_known=False, retryable=True,
        reason={"code": "timeout"},
    )  # fmt: skip
    place.scene("sweep(hours_later=100)")

    assert said.json["publication"]["state"] == "unconfirmed"
    assert claim(client, publication).status == 409
    assert client.get(f"/api/v1/publications/{publication}/").json["state"] == "unconfirmed"


def test_pollers_lose_and_repeat_nothing_while_things_change(place: Street) -> None:
    """One keeps a cursor, one reads the newest first, one walks the list page by page."""
    busy, reader = tool(place), tool(place, 1)
    newest = reader.get("/api/v1/events/?order=desc&limit=1").json["data"][0]["id"]
    cursor, fed, seen, listed = newest, [], {}, []
    page = ""
    for publication in place.world["publications"][-5:]:
        (lease,) = claim(busy, publication).json["leases"]
        for each in reader.get("/api/v1/events/?order=desc&limit=3").json["data"]:
            seen[each["id"]] = each
        answer = reader.get(f"/api/v1/events/?cursor={cursor}&limit=3").json
        fed, cursor = fed + [each["id"] for each in answer["data"]], answer["next_cursor"]
        busy.ask("DELETE", f"/api/v1/leases/{lease['id']}/")
        if page is not None:
            walked = reader.get(f"/api/v1/publications/?limit=3&cursor={page}").json
            listed, page = listed + walked["data"], walked["next_cursor"]
    while (answer := reader.get(f"/api/v1/events/?cursor={cursor}&limit=200").json)["data"]:
        fed, cursor = fed + [each["id"] for each in answer["data"]], answer["next_cursor"]
    while page:
        walked = reader.get(f"/api/v1/publications/?limit=3&cursor={page}").json
        listed, page = listed + walked["data"], walked["next_cursor"]

    after = int(newest.removeprefix("evt_"))
    assert [int(each.removeprefix("evt_")) for each in fed] == list(
        range(after + 1, after + 1 + len(fed))
    )
    assert len(fed) >= 10
    assert {each for each in seen if each > newest} <= set(fed)
    ids = [each["id"] for each in listed]
    assert len(ids) == len(set(ids)) == 12
