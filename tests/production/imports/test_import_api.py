"""POST /api/v1/imports/: the same import, for programs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from production import imports
from production.models import ContentItem, Gate, ImportRun
from tests.people import NOON
from tests.production.api.calls import BASE, Caller
from tests.production.imports.boards import DOING, IDEAS, as_bytes, document

SMALL = as_bytes(document())


@pytest.fixture
def browser(world):
    def sign_in(name: str, people=world) -> Caller:
        client = Client()
        client.force_login(getattr(people, name))
        return Caller(client, {"Putki-Workspace": people.workspace.slug})

    return sign_in


def send(caller, data=SMALL, name="board.json", **more):
    form = {"file": SimpleUploadedFile(name, data), **more}
    return caller.client.post(f"{BASE}/imports/", form, headers=caller.headers)


@pytest.fixture
def run(world):
    return imports.receive(SMALL, "board.json", seat=world.seat("ann"), at=NOON).run


def test_a_file_is_sent_looked_at_committed_and_taken_back(world, browser):
    ann = browser("ann")

    sent = send(ann)
    preview = sent.json()
    assert sent.status_code == 201 and preview["state"] == "previewed"
    assert preview["will_make"]["items"] == 3 and not ContentItem.objects.exists()
    assert preview["remarks"][0]["code"] == "cards_without_creation"
    here = f"/imports/{preview['id']}/"
    assert sent["Location"].endswith(f"{BASE}{here}")

    merged = ann.patch(
        f"{here}mapping/", {"lists": {DOING: {"how": "merge", "into": IDEAS}}}
    ).json()
    assert merged["moves_merged"] == 1
    assert merged["mapping"]["lists"][DOING]["how"] == "merge"

    begun = ann.post(f"{here}commit/", {})
    assert begun.status_code == 202 and begun.json()["state"] == "applying"
    assert begun.json()["progress_total"] == 3
    imports.apply_waiting()
    done = ann.get(here).json()
    assert done["state"] == "applied" and done["made"]["items"] == 3
    assert done["progress_done"] == 3

    again = send(ann)
    assert again.status_code == 200
    assert again.json()["unchanged"] and again.json()["id"] == preview["id"]

    undone = ann.post(f"{here}undo/")
    assert undone.status_code == 200 and undone.json()["state"] == "undone"
    assert not ContentItem.objects.exists()
    assert [row["id"] for row in ann.get("/imports/").json()["data"]] == [preview["id"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [(SMALL[:150], "file_cut_off"), (b"[1]", "not_json"), (b"\x00", "not_text"),
     (b'{"lists": [], "cards": [' + b"[" * 200 + b"]" * 200 + b"]}", "too_deep")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_problem_and_nothing_else(world, browser, data, code):
    name = "x.csv" if code == "not_text" else "x.json"
    data = b"{" + data if code == "not_json" else data

    answer = send(browser("ann"), data, name)

    assert answer.status_code == 400
    assert [error["code"] for error in answer.json()["errors"]] == [code]
    assert not ImportRun.objects.exists()


def test_a_body_without_a_file_or_with_more_is_a_problem(world, browser):
    ann = browser("ann")

    assert ann.post("/imports/", {}).json()["errors"][0]["field"] == "file"
    assert send(ann, colour="red").json()["code"] == "unknown_field"
    assert not ImportRun.objects.exists()


def test_a_file_beyond_the_limit_is_too_large(world, browser, settings):
    settings.UPLOAD_LIMIT = 100

    assert send(browser("ann")).status_code == 413


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"lists": {"nowhere": {"how": "skip"}}}, "lists.nowhere"),
        ({"lists": {DOING: {"how": "fly"}}}, f"lists.{DOING}.how"),
        ({"lists": {DOING: {"how": "skip", "x": 1}}}, f"lists.{DOING}.x"),
        ({"columns": {"title": "one"}}, "columns.title"),
        ({"day_first": "yes"}, "day_first"),
        ({"board": "brd_nowhere"}, "board"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_choices_that_fit_nothing_are_named(world, browser, run, said, field):
    answer = browser("ann").patch(f"/imports/{run.public_id}/mapping/", said)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_rules_refuse_with_their_reasons_until_an_owner_overrides(world, browser):
    Gate.objects.create(workspace=world.workspace, stage=world.stages["script"], label="Brief read")
    ann = browser("ann")
    preview = send(ann, board=world.board.public_id).json()
    here = f"/imports/{preview['id']}/"

    assert [each["code"] for each in preview["refusals"]] == ["gate_open"]
    refused = ann.post(f"{here}commit/", {})
    assert refused.status_code == 409 and refused.json()["refusals"][0]["code"] == "gate_open"
    assert browser("ben").post(f"{here}commit/", {"override": True}).status_code == 403
    assert ann.post(f"{here}commit/", {"override": True}).status_code == 202


def test_strangers_and_those_who_may_not_get_nothing(world, strangers, browser, run):
    here = f"/imports/{run.public_id}/"
    eve = browser("eve", strangers)

    for call in (
        lambda who: who.get(here),
        lambda who: who.patch(f"{here}mapping/", {"by_kind": True}),
        lambda who: who.post(f"{here}commit/", {}),
        lambda who: who.post(f"{here}undo/"),
    ):
        assert call(eve).status_code == 404
        assert call(browser("kim")).status_code == 403
    assert eve.get("/imports/").json()["data"] == []
    foreign = send(eve, board=world.board.public_id)
    assert foreign.status_code == 400
    run.refresh_from_db()
    assert run.state == "previewed"


def test_a_creator_commits_but_does_not_take_back(world, browser, run):
    ben = browser("ben")

    assert ben.post(f"/imports/{run.public_id}/commit/", {}).status_code == 202
    imports.apply_waiting()
    assert ben.post(f"/imports/{run.public_id}/undo/").status_code == 403
    assert ContentItem.objects.count() == 3


def test_undoing_what_is_not_in_is_refused(world, browser, run):
    answer = browser("ann").post(f"/imports/{run.public_id}/undo/")

    assert answer.status_code == 409
    assert answer.json()["refusals"][0]["code"] == "import_not_applied"
