from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from production import parts
from production.assets.kinds import PICTURES, FileKind, kind_of
from production.errors import Invalid, Refused
from production.models import Asset, ContentItem, User
from production.rules import Refusal

MOST = 100
MOST_PIXELS = 50_000_000
_is_address = URLValidator(schemes=["http", "https"])


def add_file(
    item: ContentItem,
    file: UploadedFile,
    *,
    by: User,
    at: datetime,
    role: str = Asset.Role.REFERENCE,
    alt_text: str = "",
) -> Asset:
    """Keep the file under a random name of our own. Raises Invalid for what is not let in.

    The file is checked and written before the transaction begins, and removed if that fails.
    """
    kind = _checked(file)
    values = _described({"role": role, "alt_text": alt_text, "name": _name(file, kind)})
    asset = Asset(
        added_by=by,
        added_at=at,
        mime=kind.mime,
        bytes=file.size or 0,
        sha256=_sha256(file),
        **values,
    )
    asset.file.save(f"{secrets.token_hex(16)}{kind.extension}", file, save=False)
    try:
        return _add(item, asset, by=by, at=at)
    except BaseException:
        asset.file.storage.delete(str(asset.file.name))
        raise


def add_link(
    item: ContentItem,
    url: str,
    *,
    by: User,
    at: datetime,
    name: str = "",
    role: str = Asset.Role.REFERENCE,
    alt_text: str = "",
) -> Asset:
    """Keep a link, http or https only. Raises Invalid."""
    url = address("url", url, limit=1000)
    values = _described({"role": role, "alt_text": alt_text, "name": name or _host(url)})
    return _add(item, Asset(url=url, added_by=by, added_at=at, **values), by=by, at=at)


@transaction.atomic
def describe(asset: Asset, changes: Mapping[str, Any], *, by: User, at: datetime) -> Asset:
    """Change name, role or alternative text; what is not named stays. Raises Invalid."""
    values = _described(changes)
    item, asset = _held(asset)
    noted = {name: [getattr(asset, name), value] for name, value in values.items()}
    noted = {name: pair for name, pair in noted.items() if pair[0] != pair[1]}
    if not noted:
        return asset
    for name, (_old, value) in noted.items():
        setattr(asset, name, value)
    asset.save(update_fields=list(noted))
    parts.changed(item, by=by, at=at)
    parts.record("asset.edited", item, by=by, at=at, asset=asset.public_id, changes=noted)
    return asset


@transaction.atomic
def remove(asset: Asset, *, by: User, at: datetime) -> None:
    """Take the file or link away; the file itself is deleted once that is certain."""
    item, asset = _held(asset)
    public_id, name, file = asset.public_id, asset.name, asset.file
    asset.delete()
    parts.changed(item, by=by, at=at)
    parts.record("asset.removed", item, by=by, at=at, asset=public_id, name=name)
    if file:
        stored, path = file.storage, str(file.name)
        transaction.on_commit(lambda: stored.delete(path), robust=True)


def address(field: str, url: str, *, limit: int, required: bool = True) -> str:
    """A web address as it is stored. Raises Invalid for other schemes and for what is none."""
    url = parts.line_of(field, url, limit=limit, required=required)
    if not url:
        return ""
    try:
        _is_address(url)
        urlsplit(url)
    except (ValidationError, ValueError):
        raise Invalid(
            {field: [("invalid_url", _("Give an address that starts with http:// or https://."))]}
        ) from None
    return url


@transaction.atomic
def _add(item: ContentItem, asset: Asset, *, by: User, at: datetime) -> Asset:
    item = parts.held(item)
    if Asset.objects.filter(item=item).count() >= MOST:
        raise Refused([Refusal("limit_reached", {"limit": MOST})])
    asset.item = item
    asset.save(force_insert=True)
    parts.changed(item, by=by, at=at)
    parts.record(
        "asset.added",
        item,
        by=by,
        at=at,
        asset=asset.public_id,
        name=asset.name,
        role=asset.role,
        mime=asset.mime,
        bytes=asset.bytes,
        sha256=asset.sha256,
    )
    return asset


def _held(asset: Asset) -> tuple[ContentItem, Asset]:
    item = parts.held(asset.item)
    return item, Asset.objects.get(pk=asset.pk)


def _described(values: Mapping[str, Any]) -> dict[str, str]:
    parts.only(values, ("name", "role", "alt_text"))
    described = dict(values)
    if "name" in described:
        described["name"] = parts.line_of("name", described["name"], limit=200, required=True)
    if "alt_text" in described:
        described["alt_text"] = parts.line_of("alt_text", described["alt_text"], limit=500)
    if "role" in described and described["role"] not in Asset.Role.values:
        raise Invalid({"role": [("invalid_choice", _("Choose one of the roles."))]})
    return described


def _checked(file: UploadedFile) -> FileKind:
    if not file.size:
        raise Invalid({"file": [("empty", _("The file is empty."))]})
    if file.size > settings.ASSET_MAX_BYTES:
        limit = settings.ASSET_MAX_BYTES // (1024 * 1024)
        raise Invalid(
            {"file": [("too_large", _("Files may have at most %(limit)s MB.") % {"limit": limit})]}
        )
    kind = kind_of(file, file.name or "")
    if kind is None:
        raise Invalid(
            {
                "file": [
                    (
                        "file_kind",
                        _(
                            "This kind of file is not accepted: images, video, audio, PDF, "
                            "Office documents, captions and plain text are."
                        ),
                    )
                ]
            }
        )
    if kind.name in PICTURES:
        _check_picture(file)
    return kind


def _check_picture(file: UploadedFile) -> None:
    """Only the header is read: its size is known before a pixel is unpacked."""
    try:
        with Image.open(file) as picture:
            width, height = picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid({"file": [("broken", _("The image cannot be read."))]}) from None
    finally:
        file.seek(0)
    if width * height > MOST_PIXELS:
        megapixels = MOST_PIXELS // 1_000_000
        raise Invalid(
            {
                "file": [
                    (
                        "too_many_pixels",
                        _("Images may have at most %(limit)s megapixels.") % {"limit": megapixels},
                    )
                ]
            }
        )


def _name(file: UploadedFile, kind: FileKind) -> str:
    """The name to show: what the person called it, with the ending that is true."""
    stem = PurePath((file.name or "").replace("\\", "/")).stem
    printable = "".join(char for char in stem if char.isprintable()).strip()[:150]
    return f"{printable or 'file'}{kind.extension}"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or url)[:200]


def _sha256(file: UploadedFile) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
