"""The seven kinds of stage, in the order in which content is made."""

from __future__ import annotations

IDEA, SCRIPT, SHOOT, EDIT, PUBLISH, LEARN, DONE = KINDS = (
    "idea",
    "script",
    "shoot",
    "edit",
    "publish",
    "learn",
    "done",
)

# The commitment point, and the delivery point of items without a publication record:
# entering `publish` means ready or scheduled, not out.
COMMITMENT = SCRIPT
DELIVERY = LEARN


def reaches(kind: str, other: str) -> bool:
    """Whether the kind is the other one or comes after it; ValueError for an unknown kind."""
    return _order(kind) >= _order(other)


def _order(kind: str) -> int:
    try:
        return KINDS.index(kind)
    except ValueError:
        raise ValueError(f"{kind!r} is not a kind of stage; they are {', '.join(KINDS)}") from None
