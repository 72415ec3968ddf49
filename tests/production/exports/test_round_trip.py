"""Out and in again: the same state, the same log, the same ids unless they are taken."""

import io
import json
import re
import zipfile
from datetime import time, timedelta

import pytest
from django.apps import apps
from django.core.files.base import ContentFile

from production import digests, exports, imports, items, moves, rebuild, workspaces
from production.csvlines import safe
from production.exports.tables import BESIDE, LEFT_OUT, TABLES
from production.imports.plan import ImportProblem
from production.models import (
    Asset,
    Comment,
    ContentItem,
    Cycle,
    CycleChannel,
    CyclePhase,
    Event,
    Gate,
    GatePass,
    Hook,
    ImportRun,
    Label,
    Lease,
    MixRule,
    Notice,
    Publication,
    PublicationMedia,
    Report,
    Review,
    ReviewRequest,
    SavedView,
    Script,
    ScriptVersion,
    Slot,
    TrackedLink,
    User,
    UtmTemplate,
    Window,
    Workspace,
)
from production.permissions import seat_of
from tests.people import NOON
from tests.production.imports.boards import as_bytes, document
from tests.shared import shared

ID = re.compile(r"\b[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}\b")


@pytest.fixture
def lived_in(world):
    """A workspace in which something of everything has happened."""
    label = Label.objects.create(workspace=world.workspace, name="hook test")
    item = world.item("Why most hooks fail", assignees=[world.ben], labels=[label])
    child = items.derive(item, [{"title": "Short cut"}], seat=world.seat("ben"), at=NOON)[0]
    moves.move(item, to=world.stages["script"], seat=world.seat("ben"), at=NOON)
    items.archive(child, seat=world.seat("ben"), at=NOON + timedelta(hours=1))
    items.edit(item, {"promise": "Ääkköset 🎬 \u202e"}, by=world.ben, at=NOON)
    gate = Gate.objects.create(workspace=world.workspace, stage=world.stages["edit"], label="Cut")
    GatePass.objects.create(item=item, gate=gate, by=world.ann, at=NOON, evidence="seen")
    comment = Comment.objects.create(item=item, author=world.ben, text="@ann?", created_at=NOON)
    comment.mentions.add(world.ann)
    script = Script.objects.create(item=item, text="Hello", updated_at=NOON, updated_by=world.ben)
    ScriptVersion.objects.create(script=script, number=1, text="Hel", at=NOON, by=world.ben)
    Hook.objects.create(item=item, text="What if?", chosen=True, chosen_reason="clear")
    planned(world, item)
    SavedView.objects.create(workspace=world.workspace, board=world.board, owner=world.ann,
                             name="Mine", query=f"label={label.public_id}")  # fmt: skip
    content = {"title": item.title, "channel": world.workspace.channels.get().public_id}
    digest = digests.digest_of(content)
    request = ReviewRequest.objects.create(
        workspace=world.workspace, item=item, reviewer=world.vera, requested_by=world.ben,
        digest=digest, content=content, created_at=NOON, state="approved",
    )  # fmt: skip
    Review.objects.create(request=request, item=item, reviewer=world.vera, verdict="approved",
                          facts=True, brand=True, cta=True, digest=digest, at=NOON)  # fmt: skip
    event = Event.objects.filter(type="item.created").first()
    Notice.objects.get_or_create(workspace=world.workspace, user=world.vera, reason="mention",
                                 item=item, event=event, created_at=NOON)  # fmt: skip
    imports.apply(
        imports.begin(
            imports.receive(as_bytes(document()), "b.json", seat=world.seat("ann"), at=NOON).run,
            seat=world.seat("ann"), at=NOON,
        )
    )  # fmt: skip
    world.workspace.refresh_from_db()
    return world


def planned(world, item):
    """A publication with all that belongs to one."""
    workspace, channel = world.workspace, world.workspace.channels.get()
    publication = Publication.objects.create(
        workspace=workspace, item=item, channel=channel, created_at=NOON, updated_at=NOON,
        by=world.ann, hashtags=["#hook"], publish_local="2026-03-10T18:00",
        time_zone="Europe/Helsinki", publish_at=NOON + timedelta(days=1),
    )  # fmt: skip
    clip = Asset.objects.create(item=item, name="Clip", url="https://cdn.example/a", added_at=NOON)
    PublicationMedia.objects.create(publication=publication, asset=clip)
    TrackedLink.objects.create(
        publication=publication,
        target="https://a.example/",
        url="https://a.example/?utm_source=x",
        utm={"source": "x"},
    )
    UtmTemplate.objects.create(workspace=workspace)
    Window.objects.create(workspace=workspace, channel=channel, weekdays=[1, 3],
                          begins=time(17), ends=time(19, 30), created_at=NOON)  # fmt: skip
    Slot.objects.create(workspace=workspace, channel=channel, starts_local="2026-03-10T18:00",
                        time_zone="Europe/Helsinki", starts_at=NOON, created_at=NOON,
                        publication=publication)  # fmt: skip
    MixRule.objects.create(workspace=workspace, counts="posts", at_least=4, at_most=6)
    cycle = Cycle.objects.create(workspace=workspace, name="Spring", starts_on=NOON.date(),
                                 created_at=NOON, created_by=world.ann)  # fmt: skip
    CyclePhase.objects.create(cycle=cycle, number=1, first_day=1, last_day=14)
    CycleChannel.objects.create(cycle=cycle, channel=channel, role="primary")
    lease = Lease.objects.create(
        workspace=workspace, publication=publication, user=world.ann, client_name="n8n", fence=1,
        state="released", content_digest="", publication_version=1, created_at=NOON,
    )  # fmt: skip
    Report.objects.create(workspace=workspace, publication=publication, lease=lease, fence=1,
                          status="scheduled", report_id="1", accepted=True, occurred_at=NOON,
                          received_at=NOON, by=world.ann)  # fmt: skip


def written(workspace, kind="json") -> bytes:
    file = io.BytesIO()
    exports.write_as(kind, workspace, file, at=NOON)
    return file.getvalue()


def restored(data: bytes, **more) -> Workspace:
    return exports.restore(io.BytesIO(data), **more)


def normal(data: bytes) -> str:
    """The export with every id replaced by its place in the order of first mention."""
    names: dict[str, str] = {}

    def named(found: re.Match[str]) -> str:
        return names.setdefault(found[0], f"{found[0][:3]}_{len(names)}")

    text = re.sub(r"sha256:[0-9a-f]{64}", "sha256:…", data.decode())
    said = json.loads(ID.sub(named, text))
    said["workspace"]["slug"] = "…"
    return json.dumps(said, sort_keys=True)


def test_every_table_has_something_in_the_test(lived_in):
    tables = json.loads(written(lived_in.workspace))["tables"]

    empty = {table.name for table in TABLES if not tables[table.name]}
    assert empty <= {"goal", "pillar", "format", "partner", "channelsignal",
                     "kpidefinitionversion"}  # fmt: skip


def test_no_model_is_forgotten():
    known = {table.model for table in TABLES} | BESIDE | LEFT_OUT

    assert set(apps.get_app_config("production").get_models()) == known


def test_into_an_empty_installation_comes_the_very_same(lived_in):
    before = written(lived_in.workspace)
    workspaces.delete(seat=lived_in.seat("ann"), typed_name="Studio Aalto")
    assert not Workspace.objects.exists()

    back = restored(before)

    assert written(back) == before
    assert rebuild.differences(back) == []


def test_beside_the_original_everything_gets_ids_of_its_own(lived_in):
    before = written(lived_in.workspace)

    back = restored(before, slug="copy")

    assert back.slug == "copy"
    assert normal(written(back)) == normal(before)
    assert written(lived_in.workspace) == before
    assert rebuild.differences(back) == []
    own = set(ID.findall(json.dumps(json.loads(before)["tables"])))
    theirs = set(ID.findall(json.dumps(json.loads(written(back))["tables"])))
    assert {each[:3] for each in own & theirs} == {"usr"}


def test_a_signature_still_covers_its_content_under_the_new_ids(lived_in):
    back = restored(written(lived_in.workspace))

    request = ReviewRequest.objects.get(workspace=back)
    assert request.digest == digests.digest_of(request.content)
    assert request.reviews.get().digest == request.digest
    assert request.content["channel"] == back.channels.get().public_id


def test_saved_views_and_the_undo_of_imports_follow_the_new_ids(lived_in):
    back = restored(written(lived_in.workspace))

    view = SavedView.objects.get(workspace=back)
    assert view.query == f"label={Label.objects.get(workspace=back, name='hook test').public_id}"
    run = ImportRun.objects.get(workspace=back)
    seat = lived_in.seat("ann")
    membership = back.memberships.select_related("user", "workspace").get(user=seat.user)
    imports.undo(run, seat=seat_of(membership), at=NOON)
    assert not ContentItem.objects.filter(workspace=back, import_run=run).exists()
    assert (
        ContentItem.objects.filter(workspace=lived_in.workspace).exclude(import_run=None).exists()
    )


def test_people_unknown_here_are_made_without_a_password(lived_in):
    said = json.loads(written(lived_in.workspace))
    for person in said["people"]:
        person["email"] = person["email"].replace("aalto", "elsewhere")

    back = restored(json.dumps(said).encode())

    ann = User.objects.get(email="ann@elsewhere.example")
    assert not ann.has_usable_password()
    assert ann.public_id != lived_in.ann.public_id
    assert back.memberships.filter(user=ann, role="owner").exists()


def test_uploaded_files_travel_in_the_archive(lived_in, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    item = ContentItem.objects.filter(import_run=None).first()
    asset = Asset(item=item, name="Cut", mime="video/mp4", bytes=3, added_at=NOON)
    asset.file.save("cut.mp4", ContentFile(b"abc"))

    back = restored(written(lived_in.workspace, "zip"))

    twin = Asset.objects.get(item__workspace=back, name="Cut")
    assert twin.file.read() == b"abc"
    assert twin.file.name != asset.file.name
    assert "asset" in json.loads(written(lived_in.workspace))["tables"]
    assert all(row["url"] for row in json.loads(written(lived_in.workspace))["tables"]["asset"])


def test_a_file_named_outside_the_archive_is_refused(lived_in):
    said = json.loads(written(lived_in.workspace))
    item = said["tables"]["contentitem"][0]["public_id"]
    said["tables"]["asset"].append(
        {"public_id": "ast_01JQ8Z6T2M4N5P6Q7R8S9TAVBW", "item": item, "role": "main",
         "name": "x", "url": "", "file": "assets/2026/03/secret.mp4", "mime": "", "bytes": 1,
         "sha256": "", "alt_text": "", "added_by": None, "added_at": "2026-03-16T12:00:00+00:00"}
    )  # fmt: skip

    with pytest.raises(ImportProblem) as refused:
        restored(json.dumps(said).encode())

    assert refused.value.code == "export_broken"


def damaged(change):
    def apply(said):
        change(said)
        return json.dumps(said).encode()

    return apply


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda said: said["tables"].pop("stage"), "stage"),
        (lambda said: said["tables"]["stage"][0].update(kind="party"), "stage[0].kind"),
        (lambda said: said["tables"]["stage"][0].update(board="brd_x"), "stage[0].board"),
        (lambda said: said["tables"]["stage"][0].update(board=[1]), "stage[0].board"),
        (lambda said: said["tables"]["stage"][0].update(is_staff=True), "stage[0]"),
        (lambda said: said["tables"]["stage"][0].update(position="1"), "stage[0].position"),
        (lambda said: said["tables"]["stage"].append(3), "stage["),
        (lambda said: said["tables"]["contentitem"][0].update(title="x" * 500), "contentitem[0]"),
        (lambda said: said["tables"]["contentitem"][0].update(title="a\0b"), "contentitem[0]"),
        (lambda said: said["tables"]["contentitem"][0].update(idea_at="soon"), "contentitem[0]"),
        (lambda said: said["tables"]["contentitem"][0].update(labels=["lbl_x"]), "contentitem.l"),
        (lambda said: said["tables"]["event"].pop(1), ""),
        (lambda said: said["workspace"].update(time_zone="Mars/Base"), "workspace.time_zone"),
        (lambda said: said["workspace"].update(id=1), "workspace"),
        (lambda said: said["people"].pop(), ""),
    ],
)
def test_a_broken_export_says_where_and_leaves_nothing(lived_in, change, where):
    said = json.loads(written(lived_in.workspace))
    change(said)
    before = Workspace.objects.count(), ContentItem.objects.count(), User.objects.count()

    with pytest.raises(ImportProblem) as refused:
        restored(json.dumps(said).encode())

    assert refused.value.code == "export_broken"
    assert str(refused.value.params["where"]).startswith(where)
    after = Workspace.objects.count(), ContentItem.objects.count(), User.objects.count()
    assert after == before


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b'{"putki": {"format": 1', "file_cut_off"),
        (b'{"putki": {"format": 99}}', "putki_format"),
        (b'{"lists": []}', "not_putki"),
        (b"[]", "not_putki"),
        (b"PK\x03\x04 no archive", "not_putki"),
    ],
)
def test_what_is_no_export_is_refused(db, data, code):
    with pytest.raises(ImportProblem) as refused:
        restored(data)

    assert refused.value.code == code


def test_an_archive_without_its_document_is_refused(db):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("other.txt", "x")

    with pytest.raises(ImportProblem) as refused:
        restored(file.getvalue())

    assert refused.value.code == "not_putki"


def test_an_address_that_is_taken_is_refused_when_asked_for(lived_in):
    with pytest.raises(ImportProblem) as refused:
        restored(written(lived_in.workspace), slug="studio-aalto")

    assert refused.value.code == "slug_taken"
    assert restored(written(lived_in.workspace)).slug == "studio-aalto-2"


def test_nothing_of_strangers_leaves(lived_in, strangers):
    theirs = strangers.item("Rival secret")

    said = written(lived_in.workspace).decode() + written(lived_in.workspace, "csv").decode()

    assert "Rival secret" not in said and theirs.public_id not in said
    assert "eve@rival.example" not in said


def test_no_secrets_leave(lived_in):
    said = written(lived_in.workspace).decode()

    assert lived_in.ann.password not in said
    assert "password" not in said and "token_digest" not in said


def test_the_real_board_makes_the_round_trip(world):
    data = shared("boards/gocd_test_drive_trello.json").read_bytes()
    seat = world.seat("ann")
    run = imports.receive(data, "b.json", seat=seat, at=NOON).run
    imports.apply(imports.begin(run, seat=seat, at=NOON))
    before = written(world.workspace)
    workspaces.delete(seat=seat, typed_name="Studio Aalto")

    back = restored(before)

    assert written(back) == before
    assert rebuild.differences(back) == []


@pytest.mark.parametrize(
    ("cell", "written_as"),
    [
        ("=1+1", "'=1+1"), ("+358 40", "'+358 40"), ("-5", "-5"), ("-5,5 %", "'-5,5 %"),
        ("@ann", "'@ann"), ("\tx", "'\tx"), ("\rx", "'\rx"), ("＝1", "'＝1"), (" =1", "' =1"),
        ("1e5", "1e5"), ("plain", "plain"), ("", ""), ("a=b", "a=b"),
    ],
)  # fmt: skip
def test_no_cell_is_taken_for_a_formula(cell, written_as):
    assert safe(cell) == written_as


def test_items_go_into_a_table_with_every_cell_quoted(lived_in):
    item = ContentItem.objects.get(title="Why most hooks fail")
    ContentItem.objects.filter(pk=item.pk).update(title='=HYPERLINK("x")')

    lines = written(lived_in.workspace, "csv").decode("utf-8-sig").split("\r\n")

    assert lines[0].startswith('"key","title"')
    assert lines[1].startswith('"VID-1","\'=HYPERLINK(""x"")","video","Board","Script","script"')
    assert "2026-03-16T14:00+02:00" in lines[1]
    assert len(lines) == 2 + ContentItem.objects.count()
