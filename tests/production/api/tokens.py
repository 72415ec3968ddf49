from __future__ import annotations

from django.utils import timezone

from production import tokens
from production.permissions import Seat


def token_of(seat: Seat, *scopes: str) -> dict[str, str]:
    """The header of a new key with these scopes; without any: all that the person may give."""
    may_give = [
        each for each in tokens.SCOPES if each != "workspace:admin" or seat.may("token.all")
    ]
    _row, plain = tokens.create(
        seat=seat, name="program", scopes=scopes or may_give, at=timezone.now()
    )
    return {"Authorization": f"Bearer {plain}"}
