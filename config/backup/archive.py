"""The file of a backup: a tar of the database, the uploads, and last a list of what is in it."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Any

MANIFEST = "manifest.json"
PIECE = 1024 * 1024


class BadBackup(Exception):
    """The file is no backup, or not a whole one; the sentence says what is wrong."""


class Writer:
    """Puts files into a tar, noting the SHA-256 of each; `close` writes the list."""

    def __init__(self, out: IO[bytes]) -> None:
        self.tar = tarfile.open(fileobj=out, mode="w|")  # noqa: SIM115 - closed by close()
        self.digests: dict[str, str] = {}

    def add(self, name: str, path: Path) -> None:
        with path.open("rb") as file:
            entry = self.tar.gettarinfo(arcname=name, fileobj=file)
            entry.uid = entry.gid = 0
            entry.uname = entry.gname = ""
            entry.mode = 0o600
            reading = Digesting(file)
            self.tar.addfile(entry, reading)  # type: ignore[arg-type]
        self.digests[name] = reading.digest.hexdigest()

    def close(self, about: dict[str, Any]) -> None:
        content = json.dumps({**about, "files": self.digests}, indent=1).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(content), 0o600
        self.tar.addfile(entry, io.BytesIO(content))
        self.tar.close()


class Digesting:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self.file.read(size)
        self.digest.update(piece)
        return piece


def unpack(source: IO[bytes], into: Path) -> dict[str, Any]:
    """Everything below `into`, whole and unchanged; what the list says about it.

    Raises BadBackup when anything is missing, changed or not on the list.
    """
    digests: dict[str, str] = {}
    about: dict[str, Any] | None = None
    try:
        with tarfile.open(fileobj=source, mode="r|") as tar:
            for name, file in _files(tar):
                if name == MANIFEST:
                    about = json.load(file)
                else:
                    digests[name] = _copy(file, into / name)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BadBackup(f"This is not a whole backup: {error}.") from error
    if about is None:
        raise BadBackup("The backup ends in the middle: its list of contents is missing.")
    wrong = {n for n in digests.keys() | about["files"] if digests.get(n) != about["files"].get(n)}
    if wrong:
        raise BadBackup(f"Missing, added or changed in the backup: {', '.join(sorted(wrong)[:5])}.")
    return about


def _files(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for entry in tar:
        path = PurePosixPath(entry.name)
        file = tar.extractfile(entry) if entry.isfile() else None
        if file is None or path.is_absolute() or ".." in path.parts or "\\" in entry.name:
            raise BadBackup(f"The backup holds something that none has: {entry.name!r}.")
        yield entry.name, file


def _copy(file: IO[bytes], to: Path) -> str:
    to.parent.mkdir(parents=True, exist_ok=True)
    reading = Digesting(file)
    with to.open("xb") as out:
        while piece := reading.read(PIECE):
            out.write(piece)
    return reading.digest.hexdigest()
