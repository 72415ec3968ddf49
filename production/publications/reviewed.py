"""What a review does to the item's publications; parts of the verbs in `production/reviews.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from production.models import ContentItem, Publication, User
from production.publications import states
from production.publications.held import locked, record, save
from production.publications.ready import missing
from production.publications.states import Act


def asked(item: ContentItem, *, by: User, at: datetime) -> None:
    """A second person is asked: the drafts wait for the answer."""
    _turn_all(item, (states.DRAFT,), Act.ASK_REVIEW, by=by, at=at)


def sent_back(item: ContentItem, *, by: User | None, at: datetime, actor_name: str = "") -> None:
    """Something is to be changed, or nobody needs to look any more: they are drafts again."""
    _turn_all(item, (states.IN_REVIEW,), Act.SEND_BACK, by=by, at=at, actor_name=actor_name)


def signed(item: ContentItem, *, by: User | None, at: datetime, actor_name: str = "") -> None:
    """The content is signed: what lacks nothing else is ready."""
    for publication in _in(item, (states.IN_REVIEW,)):
        if missing(publication):
            continue
        publication.state = states.after(publication.state, Act.MAKE_READY)
        save(publication, by=None, at=at)
        record(
            "publication.ready",
            item,
            publication,
            by=by,
            at=at,
            actor_name=actor_name,
            digest=publication.content_digest,
        )


def _turn_all(
    item: ContentItem,
    where: Iterable[str],
    act: Act,
    *,
    by: User | None,
    at: datetime,
    actor_name: str = "",
) -> None:
    for publication in _in(item, where):
        before = publication.state
        publication.state = states.after(before, act)
        save(publication, by=None, at=at)
        record(
            "publication.changed",
            item,
            publication,
            by=by,
            at=at,
            actor_name=actor_name,
            changes={"state": [before, publication.state]},
        )


def _in(item: ContentItem, where: Iterable[str]) -> Iterable[Publication]:
    rows = Publication.objects.filter(item=item, state__in=list(where))
    for publication in locked(rows.select_related("channel").order_by("id")):
        publication.item = item
        yield publication
