"""Secrets that have to be read again later, kept so that the database alone does not tell them.

The key is derived from SECRET_KEY (HKDF-SHA-256, RFC 5869); what a former SECRET_KEY sealed opens
while that one stands in SECRET_KEY_FALLBACKS. Fernet (AES-128-CBC with HMAC-SHA-256) does the rest.
"""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_PURPOSE = b"putki: secrets at rest, 1"


class Unreadable(Exception):
    """Sealed with a SECRET_KEY that is neither the present one nor among the former ones."""


def seal(plain: str) -> str:
    """The text so that only who has SECRET_KEY can read it."""
    return _box().encrypt(plain.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again. Raises Unreadable."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable from None


def is_sealed_anew(sealed: str) -> bool:
    """Whether the present SECRET_KEY alone opens it."""
    try:
        _fernet(settings.SECRET_KEY).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([_fernet(key) for key in keys])


def _fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
