"""Ninety days of a studio, act by act in the order of time.

Lead times begin around a week and come down towards 72 hours, as a team's do that watches them.
Every act is a verb; what the rules refuse is tried again a few hours later, as people do.
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from production import (
    checklists,
    comments,
    events,
    gates,
    hooks,
    items,
    moves,
    notices,
    publishing,
    reviews,
    scripts,
)
from production.demo import texts
from production.demo.plans import PAST_ITEMS, Path, family_path, past_path, today_path
from production.errors import Refused
from production.models import (
    Board,
    ContentItem,
    Gate,
    Kind,
    Label,
    Pillar,
    Stage,
    User,
    Workspace,
)
from production.permissions import Seat

DAYS = 90
TRIES = 12
INBOX_READ = timedelta(hours=26)
_PATIENCE = timedelta(hours=3)
Act = Callable[[datetime], object]


class Timeline:
    """The acts still to come, earliest first, and the people who do them."""

    def __init__(
        self,
        workspace: Workspace,
        seats: Mapping[str, Seat],
        language: str,
        now: datetime,
        seed: int,
    ) -> None:
        self.workspace, self.seats, self.language, self.now = workspace, seats, language, now
        self.chance = random.Random(seed)  # noqa: S311  invented work, not secrets
        self.queue: list[tuple[datetime, int, Act, int]] = []
        self.counter = itertools.count()
        self.board = Board.objects.get(workspace=workspace)
        self.stages = {stage.kind: stage for stage in Stage.objects.filter(board=self.board)}
        self.channels = list(workspace.channels.order_by("position", "id"))
        self.formats = list(workspace.formats.order_by("position", "id"))
        self.goals = list(workspace.goals.order_by("position", "id"))
        self.manual = list(
            Gate.objects.filter(stage__board=self.board, check_kind=Gate.Check.MANUAL)
        )
        self.pillars: list[Pillar] = []
        self.labels: list[Label] = []

    @staticmethod
    def start(now: datetime) -> datetime:
        """The first morning."""
        return now - timedelta(days=DAYS)

    def run(self) -> None:
        self._finish_the_plan()
        for number in range(PAST_ITEMS):
            path = past_path(self.chance, number, self.now, len(self.formats))
            self._plan_item(path, self._past_title(number, path))
        for number, (title, hours, kind, in_stage, template) in enumerate(texts.TODAY):
            path = today_path(self.now, hours, Kind(kind), in_stage, template, number)
            self._plan_item(path, title.in_(self.language))
        for number, (title, hours) in enumerate(texts.IDEAS):
            path = today_path(self.now, hours, Kind.IDEA, hours, number % 8, number)
            self._plan_item(path, title.in_(self.language))
        self._plan_main_pieces()
        for login in self.seats:
            self._later(self.now - INBOX_READ, self._reader(login))
        self._play()

    def _play(self) -> None:
        """Let happen what was planned up to now, in order of time; what is refused comes later."""
        while self.queue:
            at, _, act, tries = heapq.heappop(self.queue)
            if at > self.now:
                continue
            try:
                act(at)
            except Refused:
                if tries:
                    self._later(at + _PATIENCE, act, tries - 1)

    def _reader(self, login: str) -> Act:
        """Everybody has read their inbox, but for what came since."""
        return lambda at: notices.read_all(self._user(login), self.workspace.pk, at=at) and None

    # --- the plan ---------------------------------------------------------------------------

    def _finish_the_plan(self) -> None:
        name, description = (each.in_(self.language) for each in texts.FIFTH_PILLAR)
        kpi = self.workspace.pillars.order_by("id")[0].kpi
        fifth = Pillar(workspace=self.workspace, name=name, description=description, kpi=kpi)
        self._add("pillar.added", fifth)
        for label in texts.LABELS:
            self._add("label.added", Label(workspace=self.workspace, name=label.in_(self.language)))
        for template, state in zip(
            self.formats, ("proven", "proven", "testing", "testing", "testing", "candidate"),
            strict=False,
        ):  # fmt: skip
            template.state = state
            template.save(update_fields=["state"])
        self.pillars = list(self.workspace.pillars.order_by("position", "id"))
        self.labels = list(self.workspace.labels.order_by("position", "id"))

    def _add(self, type: str, row: Pillar | Label) -> None:
        row.position = 9
        row.save()
        events.record(
            type,
            row.public_id,
            workspace_id=self.workspace.pk,
            by=self.seats["ann"].user,
            at=self.start(self.now),
            data={"name": row.name},
        )

    def _past_title(self, number: int, path: Path) -> str:
        topic = texts.TOPICS[(number * 7 + number // 18) % len(texts.TOPICS)]
        return texts.TITLES[path.template].in_(self.language).format(topic=topic.in_(self.language))

    def _plan_main_pieces(self) -> None:
        for number, (title, days) in enumerate(zip(texts.MAIN_PIECES, (38, 9), strict=True)):
            at = self.now - timedelta(days=days)

            def cut(at: datetime, title: texts.Both = title, number: int = number) -> None:
                ann = self.seats["ann"]
                main = items.create(
                    self.board,
                    title=title.in_(self.language),
                    seat=ann,
                    at=at,
                    values={
                        "content_type": "article" if number else "video",
                        "channel": self.channels[-1],
                        "pillar": self.pillars[number],
                        "goal": self.goals[0],
                        "promise": self._say(texts.PROMISES),
                        "assignees": [ann.user],
                    },
                )
                pieces = [
                    {
                        "title": each.in_(self.language),
                        "channel": self.channels[count % 2],
                        "length_max_seconds": 15 + 4 * count,
                        "cost": Decimal(40 + 10 * count),
                    }
                    for count, each in enumerate(texts.CUTS[: 5 - 2 * number])
                ]
                cuts = items.derive(main, pieces, seat=ann, at=at + timedelta(minutes=40))
                for count, item in enumerate([main, *cuts]):
                    self._plan_way(family_path(self.chance, at, count), [item])

            self._later(at, cut)

    # --- one item ---------------------------------------------------------------------------

    def _plan_item(self, path: Path, title: str) -> None:
        holder: list[ContentItem] = []
        maker = self.seats[path.maker]

        def create(at: datetime) -> None:
            channel = self.channels[path.channel % len(self.channels)]
            values = {
                "channel": channel,
                "pillar": self.pillars[path.number % len(self.pillars)],
                "goal": self.goals[path.number % len(self.goals)],
                "primary_kpi": channel.winning_kpi,
                "target_value": Decimal(path.target),
                "assignees": [maker.user] if path.number % 6 else [maker.user, self._user("otto")],
                "labels": [self.labels[path.number % 4]] if path.number % 3 == 0 else [],
                "due_at": path.out_at,
            }
            if path.template < len(self.formats):
                template = self.formats[path.template]
                item = items.from_format(
                    self.board, template, title=title, seat=maker, at=at, values=values
                )
            else:
                item = items.create(self.board, title=title, seat=maker, at=at, values=values)
            holder.append(item)

        self._later(path.idea_at, create)
        self._plan_way(path, holder)

    def _plan_way(self, path: Path, holder: list[ContentItem]) -> None:
        """What happens to the item once `holder` holds it."""

        def on_item(act: Callable[[ContentItem, datetime], object]) -> Act:
            return lambda at: act(self._fresh(holder[0]), at) if holder else None

        for kind, at in path.entries:
            before = at - min(timedelta(hours=1), (at - path.idea_at) / 4)
            self._later(
                before, on_item(lambda item, at, kind=kind: self._work(item, kind, path, at))
            )
            self._later(at, on_item(lambda item, at, kind=kind: self._enter(item, kind, path, at)))
        self._plan_incidents(path, on_item)

    def _plan_incidents(
        self, path: Path, on_item: Callable[[Callable[[ContentItem, datetime], object]], Act]
    ) -> None:
        ben = self.seats[path.maker].user
        if path.blocked_at:
            reason = self._say(texts.BLOCKS)
            self._later(
                path.blocked_at,
                on_item(lambda item, at: items.block(item, reason=reason, by=ben, at=at) and None),
            )
            if path.unblocked_at:
                self._later(
                    path.unblocked_at,
                    on_item(lambda item, at: items.unblock(item, by=ben, at=at) and None),
                )
        if path.commented_at:
            text = self._say(texts.COMMENTS)
            author = self.seats[self.chance.choice(["ann", "vera", "sari", "ben"])].user
            self._later(
                path.commented_at,
                on_item(lambda item, at: comments.add(item, text, by=author, at=at) and None),
            )
        if path.archived_at:
            self._later(
                path.archived_at,
                on_item(
                    lambda item, at: items.archive(item, seat=self.seats["ann"], at=at) and None
                ),
            )

    def _work(self, item: ContentItem, kind: Kind, path: Path, at: datetime) -> None:
        """What has to be done before the item may enter the stage."""
        by = self.seats[path.maker].user
        if kind == Kind.SHOOT:
            self._write(item, by, at)
        elif kind == Kind.EDIT:
            self._tick(item, Kind.EDIT, by, at)
            for entry in item.checklist.filter(done=False):
                checklists.tick(entry, by=by, at=at)
        elif kind == Kind.PUBLISH:
            asked_at = at - timedelta(minutes=12)
            self._open_well(item, path, by, at - timedelta(minutes=50))
            self._tick(item, Kind.PUBLISH, by, at - timedelta(minutes=45))
            self._review(item, path, by, asked_at, at)
        elif kind == Kind.LEARN:
            publishing.i_posted_it(
                item,
                by=by,
                at=at,
                permalink=f"https://{path.site}/{self.workspace.slug}/{item.number}",
            )
        elif kind == Kind.DONE:
            self._conclude(item, path, by, at)

    def _enter(self, item: ContentItem, kind: Kind, path: Path, at: datetime) -> None:
        if not item.archived_at:
            moves.move(item, to=self.stages[kind], seat=self.seats[path.maker], at=at)

    def _write(self, item: ContentItem, by: User, at: datetime) -> None:
        promise = self._say(texts.PROMISES)
        text = texts.SCRIPT.in_(self.language).format(
            hook=texts.HOOKS[item.number % len(texts.HOOKS)][0].in_(self.language), promise=promise
        )
        scripts.save(item, text, version=scripts.of(item).version, by=by, at=at)
        items.edit(
            item,
            {
                "promise": promise,
                "hypothesis": self._say(texts.HYPOTHESES),
                "sources": [self._say(texts.SOURCES)],
                "ai_used_for": [texts.AI_USE.in_(self.language)] if item.number % 2 else [],
            },
            by=by,
            at=at,
        )

    def _open_well(self, item: ContentItem, path: Path, by: User, at: datetime) -> None:
        there = item.hooks.count()
        first = item.number % len(texts.HOOKS)
        for count in range(max(0, 3 - there)):
            text, hook_type = texts.HOOKS[(first + count) % len(texts.HOOKS)]
            hooks.add(item, text=text.in_(self.language), hook_type=hook_type, by=by, at=at)
        chosen = item.hooks.order_by("-id").first()
        if chosen is not None and not item.hooks.filter(chosen=True).exists():
            hooks.choose(chosen, reason=self._say(texts.REASONS), by=by, at=at)
        actual = (item.length_min_seconds or 20) + item.number % 12
        items.edit(item, {"length_actual_seconds": actual}, by=by, at=at)

    def _tick(self, item: ContentItem, kind: Kind, by: User, at: datetime) -> None:
        for gate in self.manual:
            if gate.stage_id == self.stages[kind].pk:
                gates.tick(item, gate, by=by, at=at, evidence=texts.EVIDENCE.in_(self.language))

    def _review(
        self, item: ContentItem, path: Path, by: User, asked_at: datetime, at: datetime
    ) -> None:
        reviewer = self.seats["vera" if path.number % 4 else "ann"].user
        if reviewer == by:
            reviewer = self.seats["vera"].user
        if path.sent_back:
            first_at = at - timedelta(minutes=35)
            asked = reviews.request(self._fresh(item), by=by, at=first_at, reviewer=reviewer)
            reviews.request_changes(
                asked,
                by=reviewer,
                at=at - timedelta(minutes=25),
                comment=self._say(texts.SENT_BACK),
            )
            items.edit(
                item, {"cta": self._say(texts.PROMISES)[:200]}, by=by, at=at - timedelta(minutes=15)
            )
        asked = reviews.request(self._fresh(item), by=by, at=asked_at, reviewer=reviewer)
        if not path.waits_for_review:
            reviews.sign(asked, by=reviewer, at=at, facts=True, brand=True, cta=True)

    def _conclude(self, item: ContentItem, path: Path, by: User, at: datetime) -> None:
        ratio = path.result / path.target if path.target else 1
        decision = "repeat" if ratio >= 1.05 else "improve" if ratio > 0.75 else "drop"
        items.edit(
            item,
            {
                "target_value": item.target_value or Decimal(path.target),
                "result_value": Decimal(str(path.result)),
                "decision": decision,
                "decision_reason": texts.WHYS[("repeat", "improve", "drop").index(decision)].in_(
                    self.language
                ),
                "learning": self._say(texts.LEARNINGS),
            },
            by=by,
            at=at,
        )

    # --- small things -----------------------------------------------------------------------

    def _fresh(self, item: ContentItem) -> ContentItem:
        return ContentItem.objects.select_related("stage", "workspace", "board", "channel").get(
            pk=item.pk
        )

    def _user(self, login: str) -> User:
        return self.seats[login].user

    def _say(self, choices: tuple[texts.Both, ...]) -> str:
        return self.chance.choice(choices).in_(self.language)

    def _later(self, at: datetime, act: Act, tries: int = TRIES) -> None:
        heapq.heappush(self.queue, (at, next(self.counter), act, tries))
