"""The log lines of a card brought in, in order of time, and the stamps that follow from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from production import flow
from production.events import Line
from production.imports.draft import CardDraft, Spot, Step
from production.models import ContentItem, Stage, User
from production.moves.stamps import brief

StageOf = Callable[[Spot], Stage]


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did something in the source: a person of this workspace, or only a name."""

    user: User | None
    name: str


@dataclass(frozen=True, slots=True)
class Past:
    """What happened to a card: its lines, oldest first, and what the item carries after them."""

    lines: tuple[Line, ...]
    stamps: flow.Stamps
    archived_at: datetime | None


class Chronicle:
    """Writes down the past of one item after another."""

    def __init__(
        self,
        *,
        stage_of: StageOf,
        actor_of: Callable[[str], Actor],
        at: datetime,
    ) -> None:
        self.stage_of = stage_of
        self.actor_of = actor_of
        self.at = at

    def past_of(self, item: ContentItem, made: CardDraft, comments: list[str]) -> Past:
        """The past of `item`; `comments` are the public ids of its comments, oldest first."""
        first = self.stage_of(made.first)
        stamps = flow.born(
            first.kind, made.created_at, idea_at=made.created_at, history_from=made.history_from
        )
        created = self._created(item, made, first, stamps)
        lines: list[Line] = []
        for number, step in enumerate(made.steps):
            stamps = self._after(stamps, step, number)
            lines.append(self._moved(item, step))
        archivings, archived_at = self._archivings(item, made)
        lines += archivings
        for comment, ident in zip(made.card.comments, comments, strict=True):
            lines.append(self._line(item, "comment.added", comment.at, comment.by,
                                    comment=ident, mentions=[]))  # fmt: skip
        lines.sort(key=lambda line: line.at)
        return Past((created, *lines), stamps, archived_at)

    def published(
        self, item: ContentItem, stamps: flow.Stamps, publication: str, at: datetime, link: str
    ) -> tuple[list[Line], flow.Stamps]:
        """The lines that say when the item was out, and the stamps after them."""
        channel = item.channel.public_id if item.channel else None
        says = {"publication": publication, "channel": channel}
        lines = [
            self._line(item, "publication.created", at, "", state="draft", **says),
            self._line(item, "publication.published", at, "", published_at=at, permalink=link,
                       mode="import", **says),
        ]  # fmt: skip
        return lines, flow.after_publication(stamps, at, has_publication=False)

    def _created(
        self, item: ContentItem, made: CardDraft, first: Stage, stamps: flow.Stamps
    ) -> Line:
        data = {
            "key": item.key,
            "title": item.title,
            "board": item.board.public_id,
            "stage": brief(first),
            "rank": item.rank,
            "idea_at": stamps.idea_at,
        }
        if made.history_from:
            data["history_from"] = made.history_from
        return self._line(item, "item.created", made.created_at, made.card.created_by, **data)

    def _after(self, stamps: flow.Stamps, step: Step, number: int) -> flow.Stamps:
        source, target = self.stage_of(step.source), self.stage_of(step.target)
        move = flow.Move(number, step.at, _place(source), _place(target))
        return flow.after_move(stamps, move, has_publication=False)

    def _moved(self, item: ContentItem, step: Step) -> Line:
        source, target = self.stage_of(step.source), self.stage_of(step.target)
        data: dict[str, Any] = {
            "from": brief(source),
            "to": brief(target),
            "rank": item.rank,
            "was_rank": item.rank,
        }
        if step.inferred:
            data["inferred"] = True
        return self._line(item, "item.moved", step.at, step.by, **data)

    def _archivings(self, item: ContentItem, made: CardDraft) -> tuple[list[Line], datetime | None]:
        """Archivings and restorings by turns, ending as the file has the card now."""
        lines: list[Line] = []
        archived_at: datetime | None = None
        entries = [(entry.at, entry.archived, entry.by) for entry in made.card.archivings]
        for at, archived, by in [*entries, (made.off_since or self.at, made.off_board, "")]:
            if archived == (archived_at is not None):
                continue
            archived_at = at if archived else None
            stage = brief(self.stage_of(self._where(made, at)))
            if archived:
                lines.append(self._line(item, "item.archived", at, by, stage=stage))
            else:
                lines.append(self._line(item, "item.restored", at, by, stage=stage, rank=item.rank))
        return lines, archived_at

    def _where(self, made: CardDraft, at: datetime) -> Spot:
        here = made.first
        for step in made.steps:
            if step.at <= at:
                here = step.target
        return here

    def _line(self, item: ContentItem, type: str, at: datetime, by: str, **data: Any) -> Line:
        actor = self.actor_of(by)
        return Line(
            type,
            item.public_id,
            min(at, self.at),
            data,
            item.board_id,
            actor.user,
            actor.name,
        )


def _place(stage: Stage) -> flow.Place:
    return flow.Place(stage.public_id, stage.kind, stage.name, stage.position)
