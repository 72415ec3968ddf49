"""Taking a workspace out: from the settings and from a shell."""

import io
import json
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from production import workspaces
from production.models import Event, Workspace


def page(world) -> str:
    return reverse("settings-export", args=[world.workspace.slug])


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_the_owner_takes_the_workspace_away_and_the_log_says_so(client, world):
    world.item("Why most hooks fail")
    client.force_login(world.ann)
    assert client.get(page(world)).status_code == 200
    assert not Event.objects.filter(type="export.made").exists()

    response = client.post(page(world), {"kind": "json"})

    assert response["Content-Disposition"].startswith('attachment; filename="studio-aalto-')
    assert json.loads(body(response))["tables"]["contentitem"][0]["title"] == "Why most hooks fail"
    assert Event.objects.get(type="export.made").data == {"kind": "json"}


def test_the_archive_and_the_table_are_files_too(client, world):
    world.item("Why most hooks fail")
    client.force_login(world.ann)

    archive = zipfile.ZipFile(io.BytesIO(body(client.post(page(world), {"kind": "zip"}))))
    table = body(client.post(page(world), {"kind": "csv"})).decode("utf-8-sig")

    assert archive.namelist() == ["workspace.json"]
    assert '"VID-1","Why most hooks fail"' in table


def test_another_form_is_no_form(client, world):
    client.force_login(world.ann)

    assert client.post(page(world), {"kind": "exe"}).status_code == 400


@pytest.mark.parametrize("who", ["ben", "vera", "kim", "otto"])
def test_only_owners_take_it_away(client, world, who):
    client.force_login(getattr(world, who))

    assert client.get(page(world)).status_code == 403
    assert client.post(page(world), {"kind": "json"}).status_code == 403


def test_a_stranger_finds_nothing(client, world, strangers):
    client.force_login(strangers.eve)

    assert client.post(page(world), {"kind": "json"}).status_code == 404


@pytest.mark.parametrize("name", ["all.json", "all.zip"])
def test_from_a_shell_out_and_in_again(world, tmp_path, name):
    world.item("Why most hooks fail")
    out, said = tmp_path / name, StringIO()
    call_command("export_workspace", "studio-aalto", out=out, stdout=said)
    workspaces.delete(seat=world.seat("ann"), typed_name="Studio Aalto")

    call_command("import_workspace", str(out), stdout=said)

    assert "Studio Aalto at /w/studio-aalto/: 1 items." in said.getvalue()
    assert Workspace.objects.get().items.get().title == "Why most hooks fail"


def test_the_shell_says_what_is_wrong(world, tmp_path):
    (tmp_path / "broken.json").write_text("{")

    for arguments, message in (
        (["export_workspace", "nowhere", "--out", str(tmp_path / "x.json")], "no workspace"),
        (["export_workspace", "studio-aalto", "--out", str(tmp_path / "x.txt")], "--format"),
        (["export_workspace", "studio-aalto", "--out", str(tmp_path / "no" / "x.json")], "No such"),
        (["import_workspace", str(tmp_path / "absent.json")], "No such file"),
        (["import_workspace", str(tmp_path / "broken.json")], "ends in the middle"),
    ):
        with pytest.raises(CommandError, match=message):
            call_command(*arguments)
    assert Workspace.objects.count() == 1


def test_a_workspace_file_on_the_import_page_points_to_its_command(client, world, tmp_path):
    out = tmp_path / "all.json"
    call_command("export_workspace", "studio-aalto", out=out, stdout=StringIO())
    client.force_login(world.ann)

    with out.open("rb") as file:
        there = reverse("settings-imports", args=[world.workspace.slug])
        response = client.post(there, {"file": file})

    assert response.status_code == 422
    assert "import_workspace" in response.content.decode()
