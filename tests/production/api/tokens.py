from __future__ import annotations

from django.utils import timezone

from production import tokens
from production.permissions import Seat


def token_of(seat: Seat, *scopes: str) -> dict[str, str]:
    """The header of a new key with these scopes; all of them without any."""
    _row, plain = tokens.create(
        seat=seat, name="program", scopes=scopes or tokens.SCOPES, at=timezone.now()
    )
    return {"Authorization": f"Bearer {plain}"}
