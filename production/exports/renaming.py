"""Ids that are taken here give way to fresh ones, everywhere in an export at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import models

from production import digests
from production.exports.reading import entries, mapping
from production.exports.tables import Table, tables
from production.ids import new_id
from production.models import User, Workspace

_ID = re.compile(r"\b[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}\b", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_BATCH = 500


def renamed(document: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """The document with fresh ids for those that exist here, and whether there were any.

    Ids are replaced wherever they stand: in references, the log, texts and saved views. Digests of
    signed content that names such an id follow it.
    """
    fresh = {old: new_id(old[:3]) for old in _taken(document)} | dict(_people_here(document))
    if not fresh:
        return dict(document), False
    text = json.dumps(document, ensure_ascii=False)
    text = _ID.sub(lambda found: fresh.get(found[0], found[0]), text)
    return _with_digests(text), True


def rows_of(document: Mapping[str, Any], table: Table) -> list[Any]:
    """The rows of a table; ImportProblem when an export must have it and has not."""
    written = mapping(document.get("tables"), "tables")
    if table.is_above and table.name not in written:
        return []
    return entries(written, table.name)


def _taken(document: Mapping[str, Any]) -> Iterator[str]:
    workspace = mapping(document.get("workspace"), "workspace").get("public_id")
    yield from _existing(Workspace, [workspace])
    for table in tables():
        if any(field.name == "public_id" for field in table.model._meta.concrete_fields):
            rows = [row for row in rows_of(document, table) if isinstance(row, dict)]
            yield from _existing(table.model, [row.get("public_id") for row in rows])
    yield from _people_elsewhere(document)


def _existing(model: type[models.Model], idents: list[Any]) -> Iterator[str]:
    idents = [ident for ident in idents if isinstance(ident, str) and _ID.fullmatch(ident)]
    for start in range(0, len(idents), _BATCH):
        found = model._default_manager.filter(public_id__in=idents[start : start + _BATCH])
        yield from found.values_list("public_id", flat=True)


def _people_here(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """People known here by another id than in the file: theirs is taken over."""
    for row in entries(document, "people"):
        ident, email = mapping(row, "people").get("public_id"), row.get("email")
        if isinstance(ident, str) and isinstance(email, str):
            known = User.objects.filter(email__iexact=email).first()
            if known is not None and known.public_id != ident:
                yield ident, known.public_id


def _people_elsewhere(document: Mapping[str, Any]) -> Iterator[str]:
    """Ids that belong to somebody else here. The same person keeps theirs."""
    for row in entries(document, "people"):
        ident, email = mapping(row, "people").get("public_id"), row.get("email")
        if isinstance(ident, str) and isinstance(email, str):
            owner = User.objects.filter(public_id=ident).first()
            if owner is not None and owner.email.lower() != email.lower():
                yield ident


def _with_digests(text: str) -> dict[str, Any]:
    document = json.loads(text)
    changed = {}
    for row in entries(mapping(document.get("tables"), "tables"), "reviewrequest"):
        content = mapping(row, "reviewrequest").get("content")
        if isinstance(content, dict) and isinstance(row.get("digest"), str):
            changed[row["digest"]] = digests.digest_of(content)
    if not changed:
        return document
    return json.loads(_DIGEST.sub(lambda found: changed.get(found[0], found[0]), text))
