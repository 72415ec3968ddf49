"""Writing a workspace down: row by row, in one consistent state."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from production.exports.tables import FORMAT, Table, reference, tables
from production.models import Asset, Board, Event, User, Workspace

_BATCH = 1000
_WORKSPACE_SKIPS = ("id", "members")
_PERSON = ("public_id", "email", "name", "language", "time_zone")


class Encoder(DjangoJSONEncoder):
    """Moments to the microsecond: what comes back must be equal."""

    def default(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat()
        return super().default(value)


def write(workspace: Workspace, file: IO[bytes], *, at: datetime, files: bool = False) -> None:
    """The workspace as JSON, to `file`. With `files` uploads are named as in the archive beside
    it; without, cards come without their uploaded files.

    Nobody can change the workspace meanwhile, so that the rows and the log agree.
    """
    with transaction.atomic():
        workspace = Workspace.objects.select_for_update().get(pk=workspace.pk)
        for chunk in _chunks(workspace, at, files):
            file.write(chunk.encode())


def archive_name(stored: str) -> str:
    """What an uploaded file is called in the archive; it holds no id, for ids may change."""
    return f"files/{hashlib.sha256(stored.encode()).hexdigest()[:32]}{Path(stored).suffix}"


def _chunks(workspace: Workspace, at: datetime, files: bool) -> Iterator[str]:
    head = {"format": FORMAT, "exported_at": at, "files": files}
    yield f'{{"putki": {_json(head)},\n"workspace": {_json(_workspace(workspace))},\n"tables": {{'
    writer = _Writer(workspace, files)
    for number, table in enumerate(tables()):
        yield f"{',' if number else ''}\n{_json(table.name)}: ["
        for place, row in enumerate(writer.rows(table)):
            yield f"{',' if place else ''}\n{_json(row)}"
        yield "]"
    people = User.objects.filter(public_id__in=writer.people).order_by("pk").values(*_PERSON)
    yield f'}},\n"people": {_json(list(people))}}}\n'


def _workspace(workspace: Workspace) -> dict[str, Any]:
    return {
        field.name: field.value_from_object(workspace)
        for field in workspace._meta.concrete_fields
        if field.name not in _WORKSPACE_SKIPS
    }


class _Writer:
    def __init__(self, workspace: Workspace, files: bool) -> None:
        self.workspace, self.files = workspace, files
        self.people: set[str] = set()
        boards = Board.objects.filter(workspace=workspace)
        self.boards = dict(boards.values_list("pk", "public_id"))

    def rows(self, table: Table) -> Iterator[dict[str, Any]]:
        """The rows of a table as they go into the file."""
        columns = {field.name: _lookup(field) for field in table.fields()}
        persons = [field.name for field in table.fields() if field.related_model is User]
        lists = {field.name: self._entries(table, field) for field in table.lists()}
        rows = table.rows(self.workspace)
        if table.model is Asset and not self.files:
            rows = rows.filter(file="")
        for found in rows.values("pk", *columns.values()).iterator(chunk_size=_BATCH):
            row = {name: found[lookup] for name, lookup in columns.items()}
            self.people.update(row[name] for name in persons if row[name])
            row |= {name: entries.get(found["pk"], []) for name, entries in lists.items()}
            if table.model is Event:
                row["board_id"] = self.boards.get(row["board_id"])
            if table.model is Asset and row["file"]:
                row["file"] = archive_name(row["file"])
            yield row

    def _entries(
        self, table: Table, field: models.ManyToManyField[Any, Any]
    ) -> dict[int, list[str]]:
        """What each row's list names, by the row's key."""
        found: defaultdict[int, list[str]] = defaultdict(list)
        rows = (
            table.rows(self.workspace)
            .filter(**{f"{field.name}__isnull": False})
            .order_by("pk", field.name)
        )
        target = f"{field.name}__{reference(field.related_model)}"
        for pk, name in rows.values_list("pk", target):
            found[pk].append(name)
            if field.related_model is User:
                self.people.add(name)
        return found


def _lookup(field: models.Field[Any, Any]) -> str:
    if field.is_relation:
        return f"{field.name}__{reference(field.related_model)}"
    return field.name


def _json(value: Any) -> str:
    return json.dumps(value, cls=Encoder, ensure_ascii=False, separators=(",", ":"))
