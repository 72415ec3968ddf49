"""Which state of a publication may follow which: the one table that every path asks. Pure.

    draft → in_review → ready → leased → scheduled → publishing → published → removed

A publication whose fate nobody knows is `unconfirmed`, which only evidence or a person ends: a
time-out taken for a failure is how the same thing is posted twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Act(StrEnum):
    """What is done to a publication, or said of it."""

    ASK_REVIEW = "ask_review"
    SEND_BACK = "send_back"
    MAKE_READY = "make_ready"
    EDIT = "edit"
    LEASE = "lease"
    RELEASE = "release"  # given back, or the claim ran out
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"  # known not to be out, and worth another try
    FAILED_FOR_GOOD = "failed_for_good"  # known not to be out; somebody has to look
    UNCONFIRMED = "unconfirmed"
    RETRY = "retry"
    NOT_OUT = "not_out"  # a person has looked: it is not out
    HOLD = "hold"
    CANCEL = "cancel"
    REOPEN = "reopen"
    REMOVED = "removed"


DRAFT, IN_REVIEW, READY = "draft", "in_review", "ready"
LEASED, SCHEDULED, PUBLISHING = "leased", "scheduled", "publishing"
PUBLISHED, UNCONFIRMED, REMOVED = "published", "unconfirmed", "removed"
FAILED, NEEDS_ATTENTION = "failed", "needs_attention"
ON_HOLD, CANCELLED = "on_hold", "cancelled"

# A tool has it, or may have it: an edit makes a new version, and what goes out may be the old one.
HANDED_OVER = frozenset({LEASED, SCHEDULED, PUBLISHING, UNCONFIRMED})
# It has been seen by the public; the item counts as delivered.
OUT = frozenset({PUBLISHED})
# Nothing more will come of it by itself.
CLOSED = frozenset({PUBLISHED, REMOVED, CANCELLED})

# No tool has it, and it is to go out.
WAITING = (DRAFT, IN_REVIEW, READY, NEEDS_ATTENTION)

_BEFORE_PUBLISHING = (DRAFT, IN_REVIEW, READY, LEASED, SCHEDULED)
_WITH_A_TOOL = (LEASED, SCHEDULED, PUBLISHING)


def _table() -> dict[tuple[str, Act], str]:
    rows: dict[Act, Mapping[str, str]] = {
        Act.ASK_REVIEW: {DRAFT: IN_REVIEW},
        Act.SEND_BACK: {IN_REVIEW: DRAFT, READY: DRAFT},
        Act.MAKE_READY: {DRAFT: READY, IN_REVIEW: READY, NEEDS_ATTENTION: READY},
        # What was signed and made ready was other content.
        Act.EDIT: {
            **{state: state for state in (DRAFT, IN_REVIEW, ON_HOLD, *_WITH_A_TOOL, UNCONFIRMED)},
            **dict.fromkeys((READY, FAILED, NEEDS_ATTENTION), DRAFT),
        },
        Act.LEASE: {READY: LEASED},
        Act.RELEASE: {LEASED: READY},
        Act.SCHEDULED: {LEASED: SCHEDULED, SCHEDULED: SCHEDULED},
        Act.PUBLISHING: dict.fromkeys(_WITH_A_TOOL, PUBLISHING),
        # It did happen, whatever we thought of it.
        Act.PUBLISHED: dict.fromkeys(
            (*_BEFORE_PUBLISHING, PUBLISHING, UNCONFIRMED, FAILED, NEEDS_ATTENTION, ON_HOLD),
            PUBLISHED,
        )
        | {CANCELLED: PUBLISHED},
        Act.FAILED: dict.fromkeys(_WITH_A_TOOL, FAILED),
        Act.FAILED_FOR_GOOD: dict.fromkeys((*_WITH_A_TOOL, FAILED), NEEDS_ATTENTION),
        # From ready and failed: a tool whose claim had run out says that it did post.
        Act.UNCONFIRMED: dict.fromkeys((*_WITH_A_TOOL, READY, FAILED, UNCONFIRMED), UNCONFIRMED),
        Act.RETRY: {FAILED: READY},
        Act.NOT_OUT: {UNCONFIRMED: READY},
        Act.HOLD: dict.fromkeys((*_BEFORE_PUBLISHING, FAILED), ON_HOLD),
        Act.CANCEL: dict.fromkeys(
            (*_BEFORE_PUBLISHING, FAILED, NEEDS_ATTENTION, ON_HOLD), CANCELLED
        ),
        Act.REOPEN: {CANCELLED: DRAFT, ON_HOLD: DRAFT, NEEDS_ATTENTION: DRAFT},
        Act.REMOVED: {PUBLISHED: REMOVED, REMOVED: REMOVED},
    }
    return {(state, act): after for act, row in rows.items() for state, after in row.items()}


TABLE = _table()


class NotFromHere(ValueError):
    """The act cannot follow this state."""

    def __init__(self, state: str, act: Act) -> None:
        super().__init__(f"{act} cannot follow {state}")
        self.state, self.act = state, act


def after(state: str, act: Act) -> str:
    """The state that the act leads to; NotFromHere where it does not belong."""
    try:
        return TABLE[state, act]
    except KeyError:
        raise NotFromHere(state, act) from None


def allowed(state: str) -> frozenset[Act]:
    """Everything that may be done in this state."""
    return frozenset(act for at, act in TABLE if at == state)
