from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils import timezone

from production import reviews, scripts
from production.comments import people_of
from production.history import Past, Spent
from production.items.create import DERIVATIVES
from production.itemview import chips, needs, sources
from production.itemview.chips import Chip
from production.markdown import render
from production.models import (
    Asset,
    ChecklistEntry,
    Comment,
    ContentItem,
    Event,
    Hook,
    Publication,
    Review,
    ReviewRequest,
    ScriptVersion,
    Stage,
    User,
)
from production.permissions import Seat
from production.worddiff import Piece

# Every panel of the page, in the order of a phone: needs, work, the rest.
PANELS = (
    "head", "gates", "review", "script", "hooks", "outcome", "publication", "history",
    "details", "checklist", "derivatives", "sources", "files", "comments",
)  # fmt: skip
LINES = 8  # of the history on the page; the rest stands on its own


@dataclass(frozen=True, slots=True)
class May:
    """What this person may do here; the templates ask nothing else."""

    edit: bool
    move: bool
    plan: bool
    derive: bool
    archive: bool
    comment: bool
    moderate: bool
    upload: bool
    outcome: bool
    ask: bool
    sign: bool
    publish: bool
    override: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A comment with its words as safe HTML, and what this person may do with it."""

    comment: Comment
    html: str
    mine: bool
    removable: bool


class ItemPage:
    """One item as one person sees it. Reads what a panel asks for, once."""

    def __init__(
        self,
        item: ContentItem,
        seat: Seat,
        now: datetime,
        *,
        problems: Mapping[str, Sequence[str]] | None = None,
        typed: Mapping[str, Any] | None = None,
    ) -> None:
        self.item, self.seat, self.now = item, seat, now
        self.workspace = seat.workspace
        self.problems = problems or {}
        self.typed = typed or {}

    @cached_property
    def may(self) -> May:
        seat, item = self.seat, self.item
        here = item.archived_at is None

        def may(operation: str) -> bool:
            return here and seat.may_work_on(item, operation)

        return May(
            edit=may("item.edit"),
            move=may("item.move"),
            plan=may("item.assign"),
            derive=may("item.derive") and item.parent_id is None,
            archive=seat.may_work_on(item, "item.archive"),
            comment=may("comment.add"),
            moderate=seat.may("comment.moderate"),
            upload=may("asset.add"),
            outcome=may("outcome.record"),
            ask=may("review.request"),
            sign=may("review.sign"),
            publish=may("publication.publish"),
            override=may("item.override"),
        )

    @cached_property
    def stages(self) -> list[Stage]:
        found = Stage.objects.filter(board=self.item.board_id, retired_at=None)
        return list(found.order_by("position", "id"))

    # -- the head

    @cached_property
    def chips(self) -> list[Chip]:
        return chips.of(self.item, self.seat, self.stages, self.now)

    @cached_property
    def assignees(self) -> list[User]:
        return list(self.item.assignees.order_by("assignments__id"))

    @cached_property
    def _visible(self) -> Any:
        return ContentItem.objects.visible_to(self.seat.user).filter(workspace=self.workspace)

    @cached_property
    def previous(self) -> ContentItem | None:
        return self._beside("-rank", rank__lt=self.item.rank)

    @cached_property
    def next(self) -> ContentItem | None:
        return self._beside("rank", rank__gt=self.item.rank)

    def _beside(self, order: str, **where: Any) -> ContentItem | None:
        if self.item.archived_at:
            return None
        found = self._visible.filter(stage=self.item.stage_id, archived_at=None, **where)
        return found.select_related("workspace").order_by(order, "id").first()

    # -- what it needs

    @cached_property
    def ahead(self) -> list[needs.Ahead]:
        return needs.ahead(self.item, self.seat, self.stages)

    @cached_property
    def request(self) -> ReviewRequest | None:
        """The open review request."""
        return (
            ReviewRequest.objects.filter(item=self.item, state=ReviewRequest.State.OPEN)
            .select_related("reviewer", "requested_by")
            .first()
        )

    @property
    def request_outdated(self) -> bool:
        return self.request is not None and self.request.digest != self.item.content_digest

    @cached_property
    def signatures(self) -> reviews.Signatures:
        return reviews.signatures(self.item)

    @cached_property
    def answers(self) -> list[Review]:
        """The last answers, newest first."""
        found = Review.objects.filter(item=self.item).select_related("reviewer")
        return list(found.order_by("-at", "-id")[:4])

    @property
    def edited_it_last(self) -> bool:
        return self.item.content_edited_by_id == self.seat.user.pk

    @cached_property
    def reviewers(self) -> list[User]:
        return reviews.reviewers_of(self.item)

    # -- the work

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
    def promise_differs(self) -> bool:
        """Whether this derivative promises something else than its main piece (R91)."""
        parent = self.main
        return parent is not None and parent.promise != self.item.promise

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
    def publications(self) -> list[Publication]:
        found = Publication.objects.filter(item=self.item).select_related("channel", "by")
        return list(found.order_by("published_at", "id"))

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

    # -- the rest

    @property
    def description_html(self) -> str:
        return render(self.item.description, below=3)

    @cached_property
    def labels(self) -> list[Any]:
        return list(self.item.labels.order_by("name", "id"))

    @cached_property
    def main(self) -> ContentItem | None:
        if self.item.parent_id is None:
            return None
        return self._tree.filter(pk=self.item.parent_id).first()

    @cached_property
    def derivatives(self) -> list[ContentItem]:
        """The cuts of this main piece, or of the main piece that this is a cut of."""
        root = self.item.parent_id or self.item.pk
        return list(self._tree.filter(parent=root, archived_at=None).order_by("number"))

    @cached_property
    def _tree(self) -> Any:
        return self._visible.select_related("workspace", "stage", "channel", "primary_kpi")

    @property
    def least_derivatives(self) -> int:
        return DERIVATIVES[0]

    @property
    def most_derivatives(self) -> int:
        return DERIVATIVES[1]

    @property
    def derivatives_share(self) -> float:
        return len(self.derivatives) / DERIVATIVES[1]

    @property
    def derivatives_target(self) -> float:
        return DERIVATIVES[0] / DERIVATIVES[1]

    @property
    def derivatives_missing(self) -> int:
        return max(DERIVATIVES[0] - len(self.derivatives), 0)

    @property
    def derivatives_cost(self) -> Any:
        """What a cut costs on average, where any cost is known."""
        known = [each.cost for each in self.derivatives if each.cost is not None]
        return sum(known) / len(known) if known else None

    @property
    def sources(self) -> list[sources.Source]:
        return sources.read(self.item.sources)

    @property
    def image_sources(self) -> list[sources.Source]:
        return sources.read(self.item.image_sources)

    @property
    def ai_used_for(self) -> list[sources.Source]:
        return sources.read(self.item.ai_used_for)

    @cached_property
    def checklist(self) -> list[ChecklistEntry]:
        found = ChecklistEntry.objects.filter(item=self.item)
        return list(found.order_by("position", "id"))

    @property
    def checklist_groups(self) -> list[tuple[str, list[ChecklistEntry]]]:
        """The lines by group, groups in the order of their first line."""
        order = list(dict.fromkeys(entry.group for entry in self.checklist))
        arranged = sorted(self.checklist, key=lambda entry: order.index(entry.group))
        return [(name, list(entries)) for name, entries in groupby(arranged, lambda e: e.group)]

    @property
    def checklist_done(self) -> int:
        return sum(entry.done for entry in self.checklist)

    @cached_property
    def assets(self) -> list[Asset]:
        found = Asset.objects.filter(item=self.item).select_related("added_by")
        return list(found.order_by("id"))

    @property
    def pictures(self) -> list[Asset]:
        return [each for each in self.assets if each.mime.startswith("image/")]

    @property
    def asset_roles(self) -> list[tuple[str, Any]]:
        return Asset.Role.choices

    @cached_property
    def comments(self) -> list[Said]:
        names = [person.name for person in people_of(self.item)]
        found = Comment.objects.filter(item=self.item).select_related("author")
        return [self._said(each, names) for each in found.order_by("created_at", "id")]

    def _said(self, comment: Comment, names: list[str]) -> Said:
        mine = comment.author_id == self.seat.user.pk
        gone = comment.deleted_at is not None
        html = "" if gone else render(comment.text, breaks=True, names=names, below=3)
        removable = not gone and self.may.comment and (mine or self.may.moderate)
        return Said(comment, html, mine and not gone and self.may.comment, removable)

    def news(self, since: int) -> list[Event]:
        """What happened to this item after that number of the log."""
        return list(
            Event.objects.filter(
                subject=self.item.public_id, workspace=self.workspace, seq__gt=since
            )
            .select_related("actor")
            .order_by("seq")[:200]
        )
