"""Which of our publications a row is about: by id, else address, else title and time together."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from zoneinfo import ZoneInfo

from experiments.imports.headers import normal
from experiments.imports.identifiers import same_address
from experiments.imports.values import Subject
from production.models import Publication, Workspace

NEAR = timedelta(minutes=15)
SIMILAR = 0.8
COMPARED = 80  # characters of a caption; exports cut them at different places


@dataclass(frozen=True, slots=True)
class Known:
    """What of a publication a file can name."""

    pk: int
    platform: str
    published_at: datetime | None
    titles: tuple[str, ...]


class Matcher:
    """The publications of a workspace, ready to be found by what a file says of a post.

    A post is never matched by its title alone, and not at all when two fit.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._by_id: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._by_address: dict[str, set[int]] = defaultdict(set)
        self._by_public_id: dict[str, int] = {}
        timed: list[tuple[datetime, Known]] = []
        rows = Publication.objects.filter(workspace=workspace).values_list(
            "pk", "public_id", "channel__platform", "external_id", "permalink", "published_at",
            "title", "caption", "item__title",
        )  # fmt: skip
        for pk, public_id, named, external, permalink, published, *titles in rows.iterator():
            platform = (named or "").removesuffix("_shorts")
            self._by_public_id[public_id] = pk
            if external:
                self._by_id[platform, external].add(pk)
            if permalink and (address := same_address(permalink)):
                self._by_address[address].add(pk)
            if published:
                words = tuple(normal(each)[:COMPARED] for each in titles if each)
                timed.append((published, Known(pk, platform, published, words)))
        timed.sort(key=lambda each: each[0])
        self._times = [each[0] for each in timed]
        self._timed = [each[1] for each in timed]

    def find(self, subject: Subject, source: str, zone: ZoneInfo) -> int | None:
        """The key of the publication, or None when none or more than one fits."""
        if subject.publication:
            return self._by_public_id.get(subject.publication)
        ids = self._by_id.get((source, subject.external_id), set())
        if subject.external_id and len(ids) == 1:
            return next(iter(ids))
        if subject.permalink:
            found = self._by_address.get(same_address(subject.permalink), set())
            if len(found) == 1:
                return next(iter(found))
        return self._by_title_and_time(subject, source, zone)

    def _by_title_and_time(self, subject: Subject, source: str, zone: ZoneInfo) -> int | None:
        if not (subject.published and subject.to_the_minute and subject.title):
            return None
        at = subject.published.replace(tzinfo=zone)
        first = bisect_left(self._times, at - NEAR)
        last = bisect_right(self._times, at + NEAR)
        title = normal(subject.title)[:COMPARED]
        fits = {
            each.pk
            for each in self._timed[first:last]
            if each.platform == source and any(_similar(title, other) for other in each.titles)
        }
        return next(iter(fits)) if len(fits) == 1 else None


def _similar(one: str, other: str) -> bool:
    short = min(len(one), len(other))
    if short < 8:
        return one == other
    return SequenceMatcher(None, one[:short], other[:short]).ratio() >= SIMILAR
