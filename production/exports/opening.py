"""Opening an export, JSON or ZIP, without trusting it."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils import timezone

from production.exports.archive import DOCUMENT
from production.exports.reading import broken
from production.exports.tables import FORMAT
from production.imports.plan import ImportProblem, Limits
from production.imports.trello import read_document

_ZIP = b"PK\x03\x04"
_PREFIX = "files/"
_LARGEST_FILE = 512 * 1024 * 1024


@dataclass
class Opened:
    """The document of an export, and the uploaded files beside it."""

    document: dict[str, Any]
    archive: zipfile.ZipFile | None = None
    kept: list[str] = field(default_factory=list)

    def keep(self, name: Any, where: str) -> str:
        """Store an uploaded file of the archive under a fresh name; returns that name."""
        if self.archive is None or not isinstance(name, str) or not name.startswith(_PREFIX):
            raise broken(where, "the archive has no such file")
        try:
            entry = self.archive.getinfo(name)
        except KeyError:
            raise broken(where, "the archive has no such file") from None
        if entry.file_size > _LARGEST_FILE:
            raise broken(where, "the file is too large")
        folder = timezone.now().strftime("assets/%Y/%m/")
        with self.archive.open(entry) as source:
            content = File(io.BytesIO(source.read(_LARGEST_FILE)))
            stored = default_storage.save(folder + name.rpartition("/")[2], content)
        self.kept.append(stored)
        return stored


@contextmanager
def opened(file: IO[bytes], limits: Limits) -> Iterator[Opened]:
    """The export in `file`; stored files are taken away again when what follows fails."""
    start = file.read(4)
    file.seek(0)
    if start == _ZIP:
        try:
            with zipfile.ZipFile(file) as archive:
                entry = archive.getinfo(DOCUMENT)
                if entry.file_size > limits.bytes:
                    raise ImportProblem("file_too_large", megabytes=limits.bytes // 1024**2)
                with archive.open(entry) as document:
                    source = Opened(_document(document.read(limits.bytes), limits), archive)
                yield from _tidied(source)
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            raise ImportProblem("not_putki") from error
    else:
        yield from _tidied(Opened(_document(file.read(limits.bytes + 1), limits)))


def _tidied(source: Opened) -> Iterator[Opened]:
    try:
        yield source
    except BaseException:
        for name in source.kept:
            default_storage.delete(name)
        raise


def _document(data: bytes, limits: Limits) -> dict[str, Any]:
    document = read_document(data, limits, otherwise="not_putki")
    head = document.get("putki")
    if not isinstance(head, dict) or not isinstance(head.get("format"), int):
        raise ImportProblem("not_putki")
    if head["format"] != FORMAT:
        raise ImportProblem("putki_format", format=head["format"], known=FORMAT)
    json.dumps(document)  # what cannot be said again cannot be renamed
    return document
