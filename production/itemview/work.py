from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from production import scripts
from production.history import Past, Spent
from production.itemview import publications
from production.itemview.seen import Seen
from production.markdown import render
from production.models import ContentItem, Event, Hook, ScriptVersion
from production.worddiff import Piece

LINES = 8  # of the history on the page; the rest stands on its own


class Work(Seen):
    """What is being made, what came of it, and where the time went."""

    @cached_property
    def script(self) -> Any:
        return scripts.of(self.item)

    @cached_property
    def script_versions(self) -> list[ScriptVersion]:
        return scripts.versions(self.item)

    @property
    def script_words(self) -> int:
        return scripts.words(self.script.text)

    @property
    def script_seconds(self) -> int:
        return scripts.spoken_seconds(self.script.text, self.workspace.language)

    @property
    def words_per_minute(self) -> int:
        return scripts.WORDS_PER_MINUTE.get(self.workspace.language, 150)

    @property
    def script_html(self) -> str:
        return render(self.script.text)

    @cached_property
    def script_view(self) -> str:
        """write, preview or compare; whoever may not write reads."""
        asked = str(self.typed.get("view", ""))
        if asked == "compare" and self.script_versions:
            return "compare"
        return "write" if self.may.edit and asked != "preview" else "preview"

    @cached_property
    def compared(self) -> tuple[int, list[Piece]]:
        """Which version the present text is compared with, and what changed since."""
        numbers = {version.number for version in self.script_versions}
        asked = str(self.typed.get("old", ""))
        old = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
        if old not in numbers:
            old = self._version_before()
        return old, scripts.compare(self.item, old)

    def _version_before(self) -> int:
        """The newest version that says something else than the present text."""
        for version in self.script_versions:
            if version.text != self.script.text:
                return version.number
        return self.script_versions[0].number

    @cached_property
    def hooks(self) -> list[Hook]:
        return list(Hook.objects.filter(item=self.item).order_by("position", "id"))

    @property
    def chosen_hook(self) -> Hook | None:
        return next((hook for hook in self.hooks if hook.chosen), None)

    @property
    def hook_types(self) -> list[tuple[str, Any]]:
        return Hook.HookType.choices

    @property
    def length_fits(self) -> bool | None:
        """Whether the actual length lies in the planned range; None when one is missing."""
        item = self.item
        if item.length_actual_seconds is None:
            return None
        if item.length_min_seconds is None and item.length_max_seconds is None:
            return None
        least, most = item.length_min_seconds or 0, item.length_max_seconds
        return least <= item.length_actual_seconds and (
            most is None or item.length_actual_seconds <= most
        )

    @property
    def decisions(self) -> list[tuple[str, Any]]:
        return ContentItem.Decision.choices

    @property
    def outcome_wanted(self) -> bool:
        """The panel has something to say, or it is time to say it."""
        item = self.item
        return bool(
            item.published_at or item.decision or item.learning or item.result_value is not None
        )

    @property
    def gap_to_target(self) -> Any:
        """Result minus target, and whether that is good; None while one is missing."""
        item = self.item
        if item.result_value is None or item.target_value is None:
            return None
        gap = item.result_value - item.target_value
        wants_less = item.primary_kpi is not None and item.primary_kpi.direction == "down"
        return {"size": abs(gap), "under": gap < 0, "good": gap <= 0 if wants_less else gap >= 0}

    @cached_property
    def publications(self) -> list[publications.Line]:
        return publications.lines(self.item)

    @property
    def zone(self) -> str:
        return timezone.get_current_timezone_name()

    @cached_property
    def past(self) -> Past:
        return Past(self.item, self.now)

    @cached_property
    def lines(self) -> list[Event]:
        """The newest lines of the history first."""
        return self.past.events[::-1]

    @property
    def newest_lines(self) -> list[Event]:
        return self.lines[:LINES]

    @property
    def lines_left(self) -> int:
        return max(len(self.lines) - LINES, 0)

    @cached_property
    def bar(self) -> list[Spent]:
        return self.past.bar()

    @property
    def target(self) -> timedelta:
        return timedelta(hours=self.workspace.target_hours)

    @property
    def way(self) -> timedelta:
        return max(self.past.until - self.past.since, timedelta(0))

    @property
    def spare(self) -> timedelta | None:
        """What of the target is left; None once it is used up."""
        left = self.target - self.way
        return left if left > timedelta(0) else None

    @property
    def waited(self) -> timedelta:
        return self.past.total("waiting")

    @property
    def stood_blocked(self) -> timedelta:
        return self.past.total("blocked")
