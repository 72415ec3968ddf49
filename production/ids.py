"""Public ids: a prefix that says what it is, and a ULID that sorts by time of creation."""

from __future__ import annotations

import os
import re
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ID = re.compile(r"[a-z]{3}_[0-9A-Z]{26}", re.ASCII)


def new_id(prefix: str) -> str:
    """`itm_01J9…`: 48 bits of milliseconds and 80 random bits in Crockford base 32.

    Source: the ULID specification, https://github.com/ulid/spec.
    """
    number = (time.time_ns() // 1_000_000 << 80) | int.from_bytes(os.urandom(10), "big")
    digits = []
    for _ in range(26):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return f"{prefix}_{''.join(reversed(digits))}"


def is_id(text: str) -> bool:
    """Whether the text has the shape of a public id."""
    return _ID.fullmatch(text) is not None
