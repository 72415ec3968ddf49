"""Taking back what one request did, and taking the workspace out, by a program."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from production.models import ContentItem, Event, IdempotencyRecord
from tests.people import World
from tests.production.api.calls import Caller
from tests.production.api.tokens import token_of

Browser = Callable[[str], Caller]


def file_of(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


# -- undo -----------------------------------------------------------------------------------


def test_one_undo_takes_back_the_edits_the_moves_and_the_archivings_of_a_request(
    world: World, browser: Browser
) -> None:
    ben, cards = browser("ben"), [world.item(name) for name in ("one", "two")]
    done = ben.post(
        "/items/bulk/",
        {
            "ids": [card.public_id for card in cards],
            "changes": {"promise": "You will see"},
            "stage": world.stages["script"].public_id,
            "archive": True,
        },
    )
    assert len(done.json()["done"]) == 2, done.content

    undone = ben.post("/undo/", {"request": done["X-Request-Id"]})

    assert undone.status_code == 200, undone.content
    said = {row["id"]: row["stage"] for row in undone.json()["data"]}
    assert said == {card.public_id: world.stages["idea"].public_id for card in cards}
    for card in ContentItem.objects.all():
        assert (card.stage, card.promise, card.archived_at) == (world.stages["idea"], "", None)


def test_an_archiving_is_taken_back(world: World, browser: Browser) -> None:
    ben, card = browser("ben"), world.item()
    done = ben.post(f"/items/{card.public_id}/archive/")

    undone = ben.post("/undo/", {"request": done["X-Request-Id"]})
    again = ben.get(f"/items/{card.public_id}/").json()

    assert undone.status_code == 200
    assert again["archived_at"] is None


def test_what_somebody_has_changed_since_stays_and_so_does_everything_else_of_the_request(
    world: World, browser: Browser
) -> None:
    ben, cards = browser("ben"), [world.item(name) for name in ("one", "two")]
    done = ben.post(
        "/items/bulk/",
        {"ids": [card.public_id for card in cards], "changes": {"promise": "Ben's"}},
    )
    browser("ann").patch(f"/items/{cards[0].public_id}/", {"promise": "Ann's"})

    refused = ben.post("/undo/", {"request": done["X-Request-Id"]})

    assert refused.status_code == 409
    assert refused.json()["refusals"][0]["code"] == "undo_overtaken"
    promises = ContentItem.objects.order_by("number").values_list("promise", flat=True)
    assert list(promises) == ["Ann's", "Ben's"]


def test_nobody_takes_back_what_another_did(world: World, browser: Browser) -> None:
    card = world.item()
    done = browser("ben").patch(f"/items/{card.public_id}/", {"promise": "Ben's"})

    refused = browser("ann").post("/undo/", {"request": done["X-Request-Id"]})

    assert refused.status_code == 409
    assert refused.json()["refusals"][0]["code"] == "undo_too_late"


@pytest.mark.parametrize("body", [{}, {"request": 3}, {"request": ""}, {"request": "x" * 65}])
def test_an_undo_names_its_request(world: World, browser: Browser, body: dict) -> None:
    answer = browser("ben").post("/undo/", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "request"


def test_a_key_that_only_reads_takes_nothing_back(world: World) -> None:
    reader = Caller(Client(), token_of(world.seat("ben"), "content:read"))

    answer = reader.post("/undo/", {"request": "req_1"})

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


# -- export ---------------------------------------------------------------------------------


def test_the_workspace_leaves_in_three_forms_and_the_log_says_so(
    world: World, browser: Browser
) -> None:
    item, ann = world.item("Why most hooks fail"), browser("ann")
    today = timezone.localdate().isoformat()

    whole, packed, table = (
        ann.post("/exports/", {"kind": kind}) for kind in ("json", "zip", "csv")
    )

    assert item.public_id in json.dumps(json.loads(file_of(whole)))
    assert zipfile.ZipFile(io.BytesIO(file_of(packed))).testzip() is None
    rows = list(csv.reader(io.StringIO(file_of(table).decode("utf-8-sig"))))
    assert any("Why most hooks fail" in row for row in rows[1:])
    assert f'filename="studio-aalto-{today}.json"' in whole["Content-Disposition"]
    kinds = [
        event.data["kind"] for event in Event.objects.filter(type="export.made").order_by("seq")
    ]
    assert kinds == ["json", "zip", "csv"]


def test_an_export_is_made_anew_each_time_and_never_kept(world: World, browser: Browser) -> None:
    ann, key = browser("ann"), {"Idempotency_Key": "export-1"}

    first, second = (ann.post("/exports/", {"kind": "csv"}, **key) for _ in range(2))

    assert file_of(first) == file_of(second) != b""
    assert "Idempotent-Replayed" not in second
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize("body", [{}, {"kind": "xml"}, {"kind": None}])
def test_an_export_in_no_known_form_is_refused(world: World, browser: Browser, body: dict) -> None:
    answer = browser("ann").post("/exports/", body)

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "kind"
    assert not Event.objects.filter(type="export.made").exists()
