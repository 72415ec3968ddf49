"""Figures of the past, kept until something happens that may change them.

They follow from the log and the local day alone. What speaks of everything is kept under the
number of the last event, what speaks of published items under that of the last event that may
have concerned one. The settings of the clock are events too. What came and went day by day is
brought up to date by the items that have news: their share before, their share now.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache

from production import flow, stays
from production.flowview import days, news
from production.flowview.ask import Ask
from production.flowview.columns import Columns

SECONDS = 600
MOST = 20_000  # changes that are kept; more are counted each time
T = TypeVar("T")


class Kept:
    """What is kept for one question at one state of the log; nothing while stays are behind."""

    def __init__(self, ask: Ask) -> None:
        asked = f"{ask.query} {ask.user.pk if ask.user else ''} {flow.local_day(ask.now, ask.zone)}"
        self.ask = ask
        self.last, seen = stays.state(ask.workspace)
        self.lag = self.last - seen
        self.room = f"flow:{ask.workspace.pk}"
        self.question = sha256(asked.encode()).hexdigest()
        self._news = news.News(ask.workspace, self.last)

    def of_published(self, name: str, make: Callable[[], T], *, small: Callable[[T], bool]) -> T:
        """What was kept under the name, else what `make` gives, kept where it is `small`.

        `make` reads nothing but published items, their stays and the workspace's settings.
        """
        if self.lag:
            return make()
        key = f"{self.room}:{self._last_published}:{self.question}:{name}"
        found = cache.get(key)
        if found is None:
            found = (make(),)
            if small(found[0]):
                cache.set(key, found, SECONDS)
        value: T = found[0]
        return value

    def changes(self, columns: Columns) -> list[days.Change]:
        """What came and went on each day; after a few events only their items are looked at."""
        if self.lag:
            return days.changes(self.ask, columns)
        key = f"{self.room}:{self.question}:changes"
        kept = cache.get(key)
        if kept is not None and kept[0] == self.last:
            return list(map(days.Change._make, kept[1]))
        made = None
        if kept is not None and kept[0] < self.last and not self.ask.filters:
            made = self._news.brought_up(kept[1], self.ask, columns, since=kept[0])
        counted_anew = made is None
        if made is None:
            made = days.changes(self.ask, columns)
        # What was read while somebody wrote may already hold what a later number brings.
        stands = not counted_anew or stays.state(self.ask.workspace)[0] == self.last
        if stands and len(made) < MOST:
            cache.set(key, (self.last, [tuple(each) for each in made]), SECONDS)
        return made

    @cached_property
    def _last_published(self) -> int:
        """No event after this one has changed anything of what is published."""
        key = f"{self.room}:published"
        seen, found = cache.get(key) or (None, self.last)
        if seen == self.last:
            return int(found)
        if seen is None or seen > self.last or self._news.may_change_published(since=seen):
            found = self.last
        cache.set(key, (self.last, found), SECONDS)
        return int(found)
