"""A workspace with its uploaded files in one ZIP: `workspace.json` and `files/`."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from datetime import datetime
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction

from production.exports.writing import archive_name, write
from production.models import Asset, Workspace

DOCUMENT = "workspace.json"
_IN_MEMORY = 8 * 1024 * 1024


def write_archive(workspace: Workspace, file: IO[bytes], *, at: datetime) -> None:
    """The workspace and every uploaded file of it, to `file`, in one consistent state."""
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        tempfile.SpooledTemporaryFile(_IN_MEMORY) as document,
        transaction.atomic(),
    ):
        write(workspace, document, at=at, files=True)
        document.seek(0)
        with archive.open(DOCUMENT, "w") as entry:
            shutil.copyfileobj(document, entry)
        for stored in _stored(workspace):
            with (
                default_storage.open(stored) as source,
                archive.open(archive_name(stored), "w") as entry,
            ):
                shutil.copyfileobj(source, entry)


def _stored(workspace: Workspace) -> list[str]:
    assets = Asset.objects.filter(item__workspace=workspace).exclude(file="")
    return list(assets.order_by("pk").values_list("file", flat=True))
