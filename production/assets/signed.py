"""Addresses under which tools fetch a file without an account, for some days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing

from production.models import Asset

LASTS = timedelta(days=5)
_SALT = "putki.asset"


def address_of(asset: Asset, at: datetime) -> tuple[str, datetime | None]:
    """Where the file is, and until when; a link is its own address and does not end."""
    if not asset.file:
        return asset.url, None
    signed = signing.TimestampSigner(salt=_SALT).sign(asset.public_id)
    return f"{settings.SITE_URL}/files/{signed}/", at + LASTS


def asset_of(signed: str) -> Asset | None:
    """The file that the address names; None when it is not ours, too old, or the file is gone."""
    try:
        public_id = signing.TimestampSigner(salt=_SALT).unsign(signed, max_age=LASTS)
    except signing.BadSignature:
        return None
    return Asset.objects.exclude(file="").filter(public_id=public_id).first()
