"""Taking a workspace out: in one of three forms, noted in the log."""

from __future__ import annotations

from datetime import datetime
from typing import IO

from django.db import transaction
from django.utils import timezone

from production import events
from production.exports.archive import write_archive
from production.exports.items import write_items
from production.exports.writing import write
from production.models import Workspace
from production.permissions import Seat

FORMATS = ("json", "zip", "csv")
IN_MEMORY = 8 * 1024 * 1024  # bytes of an export that wait there; more waits on the disk


@transaction.atomic
def make(kind: str, file: IO[bytes], *, seat: Seat, at: datetime) -> None:
    """The seat's workspace to `file` as json, zip or csv. The log says afterwards that it left."""
    seat.require("export.make")
    write_as(kind, seat.workspace, file, at=at)
    events.record(
        "export.made",
        seat.workspace.public_id,
        workspace_id=seat.workspace.pk,
        by=seat.user,
        at=at,
        data={"kind": kind},
    )


def file_name(kind: str, workspace: Workspace, *, at: datetime) -> str:
    """What the file is called on the disk of who asked for it, by the day it is there."""
    return f"{workspace.slug}-{timezone.localdate(at).isoformat()}.{kind}"


def write_as(kind: str, workspace: Workspace, file: IO[bytes], *, at: datetime) -> None:
    """The workspace in this form; ValueError for another than `FORMATS`."""
    if kind == "json":
        write(workspace, file, at=at)
    elif kind == "zip":
        write_archive(workspace, file, at=at)
    elif kind == "csv":
        write_items(workspace, file)
    else:
        raise ValueError(f"{kind!r} is no form; they are {', '.join(FORMATS)}")
