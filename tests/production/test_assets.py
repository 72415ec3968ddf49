import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from production import assets
from production.errors import Invalid, Refused
from production.models import Asset, Event
from tests.people import NOON, World


@pytest.fixture(autouse=True)
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def picture(kind: str = "PNG", size: tuple[int, int] = (8, 4)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind)
    return stream.getvalue()


def office(folder: str, *more: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in ("[Content_Types].xml", f"{folder}document.xml", *more):
            archive.writestr(name, "<x/>")
    return stream.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


LET_IN = {
    "png": picture("PNG"),
    "jpeg": picture("JPEG"),
    "webp": picture("WEBP"),
    "gif": picture("GIF"),
    "mp4": b"\0\0\0\x18ftypisom" + b"\0" * 64,
    "mov": b"\0\0\0\x14ftypqt  " + b"\0" * 64,
    "m4a": b"\0\0\0\x18ftypM4A " + b"\0" * 64,
    "webm": b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x86\x42\x82\x84webm" + b"\0" * 64,
    "mp3": b"ID3\x04\0\0\0\0\0\0" + b"\0" * 64,
    "wav": b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 64,
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "docx": office("word/"),
    "pptx": office("ppt/"),
    "xlsx": office("xl/"),
    "srt": b"1\n00:00:00,000 --> 00:00:02,000\nHei\n",
    "vtt": b"WEBVTT\n\n00:00.000 --> 00:02.000\nHei\n",
    "csv": "aika;näytöt\n1;2\n".encode("cp1252"),
    "txt": "Hyvää päivää".encode(),
}


@pytest.mark.parametrize("kind", LET_IN)
def test_what_is_let_in_is_known_by_its_content(kind: str) -> None:
    found = assets.kind_of(io.BytesIO(LET_IN[kind]), f"whatever.{kind}")

    assert found is not None
    assert found.name == kind


KEPT_OUT = {
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "picture.png": b"<!doctype html><script>alert(1)</script>",
    "page.html": b"<html><body>hi",
    "notes.txt": b"  <ScRiPt>alert(1)</script>",
    "data.xml": b"<?xml version='1.0'?><x/>",
    "run.exe": b"MZ\x90\0\x03" + b"\0" * 60,
    "run.sh": b"#!/bin/sh\nrm -rf /\n",
    "shot.bmp": b"BM" + b"\0" * 64,
    "some.zip": office("other/"),
    "macro.docx": office("word/", "word/vbaProject.bin"),
    "broken.docx": b"PK\x03\x04" + b"\0" * 100,
    "null.csv": b"a,b\n\x00,1\n",
    "film.mkv": b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x88matroska" + b"\0" * 64,
    "none": b"plain words without an ending",
}


@pytest.mark.parametrize("name", KEPT_OUT)
def test_what_is_kept_out(world: World, name: str) -> None:
    with pytest.raises(Invalid) as invalid:
        assets.add_file(world.item(), upload(name, KEPT_OUT[name]), by=world.ben, at=NOON)

    assert invalid.value.errors["file"][0][0] == "file_kind"
    assert not Asset.objects.exists()


def test_a_file_is_kept_under_a_name_of_our_own_with_its_fingerprint(
    world: World, media: Path
) -> None:
    item = world.item()

    asset = assets.add_file(
        item,
        upload("../../etc/Näyte kuva.html", picture()),
        by=world.ben,
        at=NOON,
        role="thumbnail",
        alt_text="A chair by a window",
    )

    assert (asset.name, asset.mime) == ("Näyte kuva.png", "image/png")
    stored = Path(asset.file.path)
    assert stored.is_relative_to(media)
    assert stored.suffix == ".png"
    assert "kuva" not in stored.name
    assert stored.read_bytes() == picture()
    event = Event.objects.get(type="asset.added")
    assert event.data["sha256"] == asset.sha256
    assert event.data["bytes"] == len(picture())


def test_a_thumbnail_changes_the_content_and_a_reference_does_not(world: World) -> None:
    item = world.item()
    assets.add_file(item, upload("a.png", picture()), by=world.ben, at=NOON)
    item.refresh_from_db()
    digest = item.content_digest

    asset = assets.add_file(item, upload("b.txt", b"notes"), by=world.ann, at=NOON)
    item.refresh_from_db()
    assert (item.content_digest, item.content_edited_by) == (digest, world.ben)

    assets.describe(asset, {"role": "captions"}, by=world.ann, at=NOON)
    item.refresh_from_db()
    assert item.content_digest != digest
    assert item.content_edited_by == world.ann
    assert Event.objects.get(type="asset.edited").data["changes"] == {
        "role": ["reference", "captions"]
    }


def test_too_large_too_many_pixels_and_nothing_at_all_are_refused(
    world: World, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = world.item()
    settings.ASSET_MAX_BYTES = 200
    monkeypatch.setattr("production.assets.store.MOST_PIXELS", 100)

    for content, code in ((b"x" * 201, "too_large"), (b"", "empty")):
        with pytest.raises(Invalid) as invalid:
            assets.add_file(item, upload("a.txt", content), by=world.ben, at=NOON)
        assert invalid.value.errors["file"][0][0] == code
    with pytest.raises(Invalid) as invalid:
        assets.add_file(item, upload("a.png", picture(size=(20, 20))), by=world.ben, at=NOON)
    assert invalid.value.errors["file"][0][0] == "too_many_pixels"
    with pytest.raises(Invalid) as invalid:
        assets.add_file(item, upload("a.png", picture()[:30]), by=world.ben, at=NOON)
    assert invalid.value.errors["file"][0][0] == "broken"


def test_what_the_database_refuses_leaves_no_file_behind(world: World, media: Path) -> None:
    item = world.item()
    for number in range(100):
        Asset.objects.create(
            item=item, name=str(number), url="https://aalto.example", added_at=NOON
        )

    with pytest.raises(Refused):
        assets.add_file(item, upload("a.png", picture()), by=world.ben, at=NOON)

    assert not [path for path in media.rglob("*") if path.is_file()]


@pytest.mark.django_db(transaction=True)
def test_removing_deletes_the_file_too(world: World, media: Path) -> None:
    item = world.item()
    asset = assets.add_file(item, upload("a.png", picture()), by=world.ben, at=NOON)

    assets.remove(asset, by=world.ben, at=NOON)

    assert not Asset.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
    assert Event.objects.get(type="asset.removed").data["name"] == "a.png"


def test_a_link_is_kept_with_the_name_of_its_host(world: World) -> None:
    asset = assets.add_link(world.item(), "https://aalto.example/x?y=1", by=world.ben, at=NOON)

    assert (asset.name, asset.url, asset.file.name) == (
        "aalto.example",
        "https://aalto.example/x?y=1",
        "",
    )


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "ftp://a.example", "//a.example", "a.example", "", "https://[::1",
     "https://a.example/" + "x" * 1000, "data:text/html,x", "https://a\x00.example"],
)  # fmt: skip
def test_only_web_addresses_are_links(world: World, url: str) -> None:
    with pytest.raises(Invalid) as invalid:
        assets.add_link(world.item(), url, by=world.ben, at=NOON)

    assert list(invalid.value.errors) == ["url"]
