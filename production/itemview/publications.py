"""The publications of a card as its panel shows them: what each lacks, and what may be done."""

from __future__ import annotations

from dataclasses import dataclass

from production import publishing
from production.models import ContentItem, Lease, Publication, TrackedLink
from production.publications import states
from production.publications.states import Act
from production.sentences import say

TONES = {
    states.READY: "good", states.PUBLISHED: "good", states.SCHEDULED: "strong",
    states.UNCONFIRMED: "bad", states.NEEDS_ATTENTION: "bad", states.FAILED: "warn",
    states.ON_HOLD: "warn",
}  # fmt: skip
_WAITING = (states.DRAFT, states.IN_REVIEW, states.NEEDS_ATTENTION)


@dataclass(frozen=True, slots=True)
class Line:
    """One publication: `missing` are sentences; the flags say which buttons there are."""

    publication: Publication
    tone: str
    missing: tuple[str, ...]
    link: TrackedLink | None
    holder: Lease | None
    allowed: frozenset[Act]

    @property
    def is_out(self) -> bool:
        return self.publication.state in (states.PUBLISHED, states.REMOVED)

    @property
    def may_be_ready(self) -> bool:
        return not self.missing and Act.MAKE_READY in self.allowed

    @property
    def may_hold(self) -> bool:
        return Act.HOLD in self.allowed

    @property
    def may_cancel(self) -> bool:
        return Act.CANCEL in self.allowed

    @property
    def may_reopen(self) -> bool:
        return Act.REOPEN in self.allowed and self.publication.state != states.NEEDS_ATTENTION

    @property
    def may_resolve(self) -> bool:
        return Act.NOT_OUT in self.allowed

    @property
    def may_change(self) -> bool:
        return self.is_out or Act.EDIT in self.allowed

    @property
    def may_plan(self) -> bool:
        return not self.is_out and Act.EDIT in self.allowed

    @property
    def may_remove(self) -> bool:
        return self.publication.state not in states.HANDED_OVER

    @property
    def why(self) -> str:
        """What a tool said when it could not."""
        failure = self.publication.failure
        return failure.get("message") or failure.get("code", "") if failure else ""


def lines(item: ContentItem) -> list[Line]:
    """Every publication of the item, the oldest first."""
    rows = Publication.objects.filter(item=item).select_related("channel", "by")
    found = list(rows.prefetch_related("links").order_by("published_at", "publish_at", "id"))
    holders = {
        lease.publication_id: lease
        for lease in Lease.objects.filter(publication__in=found, state__in=Lease.HOLDING)
    }
    return [_line(each, item, holders.get(each.pk)) for each in found]


def _line(publication: Publication, item: ContentItem, holder: Lease | None) -> Line:
    publication.item = item
    waits = publication.state in _WAITING
    missing = tuple(say(each) for each in publishing.missing(publication)) if waits else ()
    return Line(
        publication,
        TONES.get(publication.state, ""),
        missing,
        next(iter(publication.links.all()), None),
        holder,
        states.allowed(publication.state),
    )
