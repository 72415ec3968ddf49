"""Settings → Imports: a file is looked at, brought in, taken back; without script."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from production import imports
from production.models import ContentItem, Gate, ImportRun, Stage
from tests.people import NOON
from tests.production.imports.boards import DOING, IDEAS, as_bytes, document

SMALL = as_bytes(document())
CALENDAR = b"Headline,Name,Date\nThe title,x,03/04/2026\n"


def at(world, name="settings-imports", *args):
    return reverse(name, args=[world.workspace.slug, *args])


def upload(client, world, data=SMALL, name="board.json", board=""):
    form = {"file": SimpleUploadedFile(name, data), "board": board}
    return client.post(at(world), form)


def filled(response) -> dict[str, str]:
    """What the form of a preview would send as it stands."""
    form = response.context["form"]
    values = {}
    for field in form:
        value = field.value()
        if value is True:
            values[field.html_name] = "on"
        elif value not in (None, False):
            values[field.html_name] = value
    return values


@pytest.fixture
def ann(client, world):
    client.force_login(world.ann)
    return client


@pytest.fixture
def run(world):
    return imports.receive(SMALL, "board.json", seat=world.seat("ann"), at=NOON).run


def test_the_page_asks_for_a_file_and_lists_those_before(ann, world, run):
    page = ann.get(at(world)).content.decode()

    assert 'type="file"' in page
    assert "board.json" in page and "Previewed" in page
    assert "A new board" in page


def test_an_upload_leads_to_its_preview(ann, world):
    response = upload(ann, world)

    run = ImportRun.objects.get()
    assert response.status_code == 302 and response.url == at(world, "import", run.public_id)
    page = ann.get(response.url).content.decode()
    assert "3 cards" in page and "Landing Page" in page
    assert "Cards without a creation action (1)" in page
    assert not ContentItem.objects.exists()


def test_a_file_that_cannot_be_read_is_refused_beside_its_field(ann, world):
    response = upload(ann, world, SMALL[:150])

    assert response.status_code == 422
    assert "was cut off" in response.content.decode()
    assert not ImportRun.objects.exists()


def test_a_file_beyond_the_limit_is_not_even_read(ann, world, settings):
    settings.UPLOAD_LIMIT = 100

    response = upload(ann, world)

    assert response.status_code == 422
    assert "larger than 0 MB" in response.content.decode()


def test_the_choices_are_kept_and_the_preview_follows(ann, world, run):
    here = at(world, "import", run.public_id)
    said = filled(ann.get(here))
    place = [column.id for column in imports.plan_of(run).lists].index(DOING)

    response = ann.post(here, said | {f"how-{place}": f"merge:{IDEAS}", "action": "look"})

    assert response.status_code == 302
    page = ann.get(here).content.decode()
    assert "Moves between them, which are no moves here: 1." in page


def test_one_button_proposes_a_stage_per_kind(ann, world, run):
    here = at(world, "import", run.public_id)

    ann.post(here, filled(ann.get(here)) | {"action": "by-kind"})

    run.refresh_from_db()
    assert run.report["will_make"]["stages"] == 3


def test_committing_hands_the_file_to_a_worker_and_shows_how_far_it_is(ann, world, run):
    here = at(world, "import", run.public_id)

    response = ann.post(here, filled(ann.get(here)) | {"action": "commit"})

    run.refresh_from_db()
    assert response.status_code == 302 and run.state == "applying"
    page = ann.get(here).content.decode()
    assert "0 of 3 cards" in page and 'hx-trigger="every 1s"' in page
    fragment = ann.get(at(world, "import-progress", run.public_id))
    assert "<html" not in fragment.content.decode() and "HX-Refresh" not in fragment
    imports.apply_waiting()
    assert ann.get(at(world, "import-progress", run.public_id))["HX-Refresh"] == "true"
    assert "Take it back" in ann.get(here).content.decode()


def test_the_same_file_again_leads_to_the_first_import(ann, world, run):
    imports.apply(imports.begin(run, seat=world.seat("ann"), at=NOON))

    response = upload(ann, world)

    assert response.url == at(world, "import", run.public_id)
    assert ImportRun.objects.count() == 1


def test_the_owner_takes_it_back_after_being_asked(ann, world, run):
    imports.apply(imports.begin(run, seat=world.seat("ann"), at=NOON))
    there = at(world, "import-undo", run.public_id)

    assert "3 cards go" in ann.get(there).content.decode()
    assert ContentItem.objects.count() == 3
    ann.post(there)

    assert not ContentItem.objects.exists()
    assert "Taken back" in ann.get(at(world, "import", run.public_id)).content.decode()


def test_an_undo_that_is_refused_says_why(ann, world, run):
    run = imports.apply(imports.begin(run, seat=world.seat("ann"), at=NOON))
    mine = world.item("Ours")
    ContentItem.objects.filter(pk=mine.pk).update(board=run.board, stage=run.board.stages.first())

    response = ann.post(at(world, "import-undo", run.public_id))

    assert response.status_code == 409
    assert "that the import did not bring" in response.content.decode()


def test_rules_of_an_existing_board_are_said_and_overridden_by_the_owner(ann, world):
    Gate.objects.create(workspace=world.workspace, stage=world.stages["script"], label="Brief read")
    here = upload(ann, world, board=world.board.public_id).url
    page = ann.get(here)
    assert "still needs: Brief read" in page.content.decode()

    refused = ann.post(here, filled(page) | {"action": "commit"})
    assert refused.status_code == 409
    ann.post(here, filled(page) | {"action": "commit", "override": "on"})

    assert ImportRun.objects.get().state == "applying"


def test_a_creator_sees_the_rules_but_no_override(client, world):
    Gate.objects.create(workspace=world.workspace, stage=world.stages["script"], label="Brief read")
    client.force_login(world.ben)
    here = upload(client, world, board=world.board.public_id).url

    page = client.get(here)

    assert 'name="override"' not in page.content.decode()
    forced = client.post(here, filled(page) | {"action": "commit", "override": "on"})
    assert forced.status_code == 403
    assert ImportRun.objects.get().state == "previewed"


def test_columns_and_the_order_of_days_are_asked(ann, world):
    here = upload(ann, world, CALENDAR, "calendar.csv").url
    page = ann.get(here)
    assert "Is 3/4 the 3rd of April" in page.content.decode()
    assert page.context["form"]["column-title"].value() == "0"

    ann.post(here, filled(page) | {"column-title": "1", "day_first": "yes", "action": "look"})
    run = ImportRun.objects.get()

    assert run.report["questions"] == []
    assert imports.plan_of(run).cards[0].title == "x"


def test_a_board_chosen_later_offers_its_stages(ann, world, run):
    here = at(world, "import", run.public_id)

    ann.post(here, filled(ann.get(here)) | {"board": world.board.public_id, "action": "look"})

    run.refresh_from_db()
    assert run.board == world.board
    assert run.report["will_make"]["stages"] == 0
    assert f"stage:{world.stages['script'].public_id}" in ann.get(here).content.decode()


@pytest.mark.parametrize("value", ["stage:stg_nowhere", "fly", "merge:nowhere", ""])
def test_a_choice_that_is_not_offered_is_refused(ann, world, run, value):
    here = at(world, "import", run.public_id)

    response = ann.post(here, filled(ann.get(here)) | {"how-0": value})

    assert response.status_code == 422


def test_strangers_and_those_who_may_not_see_nothing(client, world, strangers, run):
    pages = [at(world), *(at(world, name, run.public_id)
                          for name in ("import", "import-progress", "import-undo"))]  # fmt: skip
    for page in pages:
        client.logout()
        assert client.get(page).status_code == 302
        client.force_login(strangers.eve)
        assert client.get(page).status_code == 404
        client.force_login(world.kim)
        assert client.get(page).status_code == 403
        client.force_login(world.ann)
        assert client.get(page).status_code == 200


def test_another_workspaces_import_does_not_exist(client, world, strangers, run):
    client.force_login(strangers.eve)

    for ident in (run.public_id, "imp_nowhere", "imp_" + "0" * 26):
        assert client.get(at(strangers, "import", ident)).status_code == 404


def test_a_board_of_strangers_is_not_offered(ann, world, strangers):
    response = upload(ann, world, board=strangers.board.public_id)

    assert response.status_code == 422
    assert not ImportRun.objects.exists()


def test_a_creator_may_not_take_back(client, world, run):
    imports.apply(imports.begin(run, seat=world.seat("ann"), at=NOON))
    client.force_login(world.ben)

    assert client.post(at(world, "import-undo", run.public_id)).status_code == 403
    assert Stage.objects.filter(board__name="Test Drive").exists()


def test_names_from_the_file_are_text_and_never_markup(ann, world):
    board = document(name="<script>alert(1)</script>")
    board["lists"][0]["name"] = "<img src=x onerror=alert(1)>"

    page = ann.get(upload(ann, world, as_bytes(board), "<b>.json").url).content.decode()

    assert "<script>alert" not in page and "<img src=x" not in page
