"""The link in a digest that ends the digests: signed, without an end, good for nothing else."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

from production.models import Membership

_SALT = "production.digestmail"


def token_of(membership: Membership) -> str:
    return Signer(salt=_SALT).sign(membership.public_id)


def membership_of(token: str) -> Membership | None:
    """Whose digest the link is about; None for a link that nobody wrote."""
    try:
        public_id = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None
    rows = Membership.objects.select_related("workspace", "user")
    return rows.filter(public_id=public_id).first()
