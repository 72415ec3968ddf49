"""The verbs on publications under one name; they live in `production/publications`."""

from production.publications.drafts import change, draft, use_media
from production.publications.out import i_posted_it, remove
from production.publications.ready import mark_ready, missing
from production.publications.turns import (
    cancel,
    it_is_not_out,
    it_is_out,
    put_on_hold,
    reopen,
    retry,
)

__all__ = [
    "cancel",
    "change",
    "draft",
    "i_posted_it",
    "it_is_not_out",
    "it_is_out",
    "mark_ready",
    "missing",
    "put_on_hold",
    "remove",
    "reopen",
    "retry",
    "use_media",
]
