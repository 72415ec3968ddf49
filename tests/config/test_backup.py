"""A backup is believed when it has been put back."""

from __future__ import annotations

import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.house import House, house_of_its_own, own_database

WORK = """
from django.core.files.uploadedfile import SimpleUploadedFile
from production import assets, items, moves
from tests.people import NOON, make_world
world = make_world()
ben = world.seat("ben")
for number in range(5):
    item = world.item(f"Why hook {number} fails – ääni")
    moves.move(item, to=world.stages["script"], seat=ben, at=NOON)
captions = SimpleUploadedFile("captions.vtt", b"WEBVTT\\n\\n00:00.000 --> 00:02.000\\nHei\\n")
assets.add_file(item, captions, by=world.ben, at=NOON)
"""
SPOIL = "UPDATE production_contentitem SET title = 'not in the log' WHERE number = 1"
MEND = "UPDATE production_contentitem SET title = 'Why hook 0 fails – ääni' WHERE number = 1"
TABLES = ("production_event", "production_contentitem", "production_user", "production_asset")


@contextmanager
def a_house() -> Iterator[House]:
    with (
        tempfile.TemporaryDirectory(prefix="putki-house-") as folder,
        own_database() as environment,
    ):
        yield House(Path(folder), **environment)


@pytest.fixture(scope="module")
def worked() -> Iterator[House]:
    """A house in which five cards were moved and a file was added; nobody changes it for good."""
    with house_of_its_own() as house:
        house.python(WORK)
        yield house


@pytest.fixture(scope="module")
def file(worked: House) -> Path:
    return back_up(worked, "backup.tar")


@pytest.fixture
def empty() -> Iterator[House]:
    """A new house on the same server, without a table."""
    with a_house() as house:
        yield house


def back_up(house: House, name: str) -> Path:
    file = house.folder / name
    done = house.manage("backup", "--to", str(file))
    assert done.returncode == 0, done.stderr
    return file


def said(done: CompletedProcess[str]) -> str:
    """The sentence a command failed with, no traceback."""
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    return done.stderr


def test_what_is_restored_is_what_was_there(worked: House, empty: House, file: Path) -> None:
    sound = worked.manage("verify_backup", str(file))
    restored = empty.manage("restore", str(file))

    assert "every row is what the log says" in sound.stdout, sound.stderr
    assert "1 uploads" in restored.stdout, restored.stderr
    for table in TABLES:
        query = f"SELECT * FROM {table} ORDER BY id"
        assert empty.rows(query) == worked.rows(query)
    ((name,),) = empty.rows("SELECT file FROM production_asset")
    assert (empty.folder / "media" / name).read_bytes().startswith(b"WEBVTT")
    assert empty.manage("rebuild", "--check").returncode == 0
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_is_ever_overwritten(worked: House, empty: House, file: Path) -> None:
    before = worked.rows("SELECT * FROM production_event ORDER BY id")

    assert "The database is not empty" in said(worked.manage("restore", str(file)))
    assert "exists already" in said(worked.manage("backup", "--to", str(file)))
    (empty.folder / "media").mkdir()
    (empty.folder / "media" / "ours.txt").write_text("ours")
    assert "media is not empty" in said(empty.manage("restore", str(file)))

    assert worked.rows("SELECT * FROM production_event ORDER BY id") == before
    assert (empty.folder / "media" / "ours.txt").read_text() == "ours"


def test_a_backup_that_was_cut_or_changed_is_told_from_a_whole_one(
    worked: House, empty: House, file: Path
) -> None:
    whole = file.read_bytes()
    cut, changed = empty.folder / "cut.tar", empty.folder / "changed.tar"
    cut.write_bytes(whole[: len(whole) // 2])
    with tarfile.open(file) as tar:
        at = next(entry.offset_data for entry in tar if entry.name.startswith("media/"))
    changed.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])

    assert "backup" in said(empty.manage("restore", str(cut)))
    assert "changed in the backup: media/" in said(empty.manage("restore", str(changed)))
    assert "changed in the backup: media/" in said(worked.manage("verify_backup", str(changed)))

    assert not list((empty.folder / "media").glob("**/*"))
    assert empty.manage("restore", str(file)).returncode == 0


def test_a_row_that_is_not_what_the_log_says_is_found(worked: House) -> None:
    worked.execute(SPOIL)

    told = said(worked.manage("verify_backup", str(back_up(worked, "spoilt.tar"))))

    worked.execute(MEND)
    assert "title: not in the log in the row, Why hook 0 fails" in told
