"""The board as the log alone tells it, to be compared with the rows.

A fold over the whole log of a workspace. It shares no code with the verbs, the stamps or `flow`,
so that a mistake there cannot hide here: a test and a command compare what comes out with the
database, row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from production.replay.stood import NUMBER, Bound, Mark, Step, Stood, stood

_SCRIPT, _PUBLISH, _LEARN, _DONE = 1, 4, 5, 6


@dataclass(frozen=True, slots=True)
class Item:
    """One item as the log leaves it. Stages and boards are named by their public ids."""

    key: str
    title: str
    board: str
    stage: str
    rank: int
    archived: bool
    blocked_reason: str
    idea_at: datetime
    stage_entered_at: datetime
    history_from: datetime | None
    committed_at: datetime | None
    published_at: datetime | None
    last_published_at: datetime | None
    learned_at: datetime | None
    done_at: datetime | None
    reopened_count: int
    rework_count: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """All items that the log leaves on the boards or in the archive, by public id."""

    items: Mapping[str, Item]
    tracks: Mapping[str, _Track] = field(repr=False)

    def stays(self, item: str) -> list[Stood]:
        """Where the item stood since it was created, oldest first and without a gap."""
        track = self.tracks[item]
        start = Bound(track.history_from or track.born_at, track.born_at_stage)
        lines: list[Step | Mark] = [*track.steps, *track.marks]
        return list(stood(start, lines, track.stops, self.items[item].published_at))

    def order(self, stage: str) -> list[str]:
        """The public ids of the cards in a stage from top to bottom, archived ones left out."""
        here = [(i.rank, id) for id, i in self.items.items() if i.stage == stage and not i.archived]
        return [id for _, id in sorted(here)]

    def ties(self) -> list[tuple[str, int]]:
        """Every (stage, rank) that two cards on the board share; empty when the log is sound."""
        seen: set[tuple[str, int]] = set()
        tied = []
        for item in self.items.values():
            place = (item.stage, item.rank)
            if not item.archived and place in seen:
                tied.append(place)
            if not item.archived:
                seen.add(place)
        return tied


def replay(events: Iterable[Mapping[str, Any]]) -> Replayed:
    """What the events of one workspace, in the order of their `seq`, add up to.

    Each is a mapping with `seq`, `type`, `subject`, `occurred_at`, `data` and `source`; times are
    datetimes or ISO 8601 text. Types that say nothing about place, stamps, archive or blocks are
    passed over. Raises ValueError when the log contradicts itself: an event of an item that it
    never created, a move from where the item is not, an undo of a move that never was.
    """
    tracks: dict[str, _Track] = {}
    for event in events:
        if event["type"] == "item.created":
            _create(tracks, event)
        elif event["type"] == "stage.migrated":
            _migrate(tracks, event)
        elif event["type"] == "item.deleted":
            del tracks[_track(tracks, event).id]
        elif event["type"] in _TELLERS:
            _TELLERS[event["type"]](_track(tracks, event), event)
        for id, rank in (event["data"].get("ranks") or {}).items():
            tracks[id].rank = rank
    return Replayed({id: track.item() for id, track in tracks.items()}, tracks)


@dataclass(slots=True)
class _Track:
    """All that was said of one item so far; its stamps are read off at the end."""

    id: str
    key: str
    title: str
    board: str
    stage: str
    rank: int
    born_at: datetime
    born_in: int
    idea_at: datetime
    history_from: datetime | None
    archived: bool = False
    blocked_reason: str = ""
    born_at_stage: tuple[str, str] = ("", "")
    steps: list[Step] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    stops: list[tuple[datetime, bool]] = field(default_factory=list)
    out: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    @classmethod
    def created(cls, event: Mapping[str, Any]) -> _Track:
        data, at = event["data"], _time(event["occurred_at"])
        idea_at = _time(data["idea_at"]) if data.get("idea_at") else at
        since = _time(data["history_from"]) if data.get("history_from") else None
        kind = NUMBER[data["stage"]["kind"]]
        if kind >= _LEARN and since is None and idea_at >= at:
            since = at  # created already published: its history is not in the log
        return cls(
            id=event["subject"],
            key=data["key"],
            title=data["title"],
            board=data["board"],
            stage=data["stage"]["id"],
            rank=data["rank"],
            born_at=at,
            born_in=kind,
            idea_at=idea_at,
            history_from=since,
            born_at_stage=_place(data["stage"]),
        )

    def item(self) -> Item:
        since = self.history_from or self.born_at
        arrivals = [s.at for s in self.steps if s.left < _LEARN <= s.entered]
        commitments = [s.at for s in self.steps if s.left < _LEARN and s.entered >= _SCRIPT]
        if _SCRIPT <= self.born_in < _LEARN:
            commitments.insert(0, since)
        deliveries = [at for _, at in self.out.values()] or arrivals
        # Without a record the board's order counts; with records the earliest and the latest.
        first, last = (min, max) if self.out else (_first, _last)
        return Item(
            key=self.key,
            title=self.title,
            board=self.board,
            stage=self.stage,
            rank=self.rank,
            archived=self.archived,
            blocked_reason=self.blocked_reason,
            idea_at=self.idea_at,
            stage_entered_at=self.steps[-1].at if self.steps else since,
            history_from=self.history_from,
            committed_at=_first(commitments) if commitments else None,
            published_at=first(deliveries) if deliveries else None,
            last_published_at=last(deliveries) if deliveries else None,
            learned_at=_first(arrivals) if arrivals else None,
            done_at=next((s.at for s in self.steps if s.entered == _DONE), None),
            reopened_count=sum(self._reopens(step) for step in self.steps),
            rework_count=sum(step.back for step in self.steps),
        )

    def _reopens(self, step: Step) -> bool:
        if not step.entered < _PUBLISH <= step.left:
            return False
        recorded = any(seq < step.seq for seq, _ in self.out.values())
        arrived = any(s.seq < step.seq and s.left < _LEARN <= s.entered for s in self.steps)
        return recorded or arrived or step.left >= _LEARN


def _moved(track: _Track, event: Mapping[str, Any]) -> None:
    data = event["data"]
    left, entered = data["from"], data["to"]
    if left["id"] != track.stage:
        raise ValueError(
            f"{event['subject']} leaves {left['id']} but stands in {track.stage} "
            f"(seq {event['seq']})"
        )
    track.stage, track.rank = entered["id"], data["rank"]
    if "migration" in (event.get("source"), data.get("source")):
        return
    a, b = NUMBER[left["kind"]], NUMBER[entered["kind"]]
    back = b < a or (a == b and _position(entered) < _position(left))
    at = _time(event["occurred_at"])
    track.steps.append(Step(event["seq"], at, a, b, back, _place(entered)))


def _move_undone(track: _Track, event: Mapping[str, Any]) -> None:
    voids = event["data"]["voids"]
    undone = [voids] if isinstance(voids, int) else voids
    kept = [step for step in track.steps if step.seq not in undone]
    if len(kept) + len(undone) != len(track.steps):
        raise ValueError(f"seq {event['seq']} undoes {undone}, which are no moves of the item")
    track.steps = kept
    track.stage, track.rank = event["data"]["to"]["id"], event["data"]["rank"]


def _placed(track: _Track, event: Mapping[str, Any]) -> None:
    track.stage, track.rank = event["data"]["stage"]["id"], event["data"]["rank"]


def _restored(track: _Track, event: Mapping[str, Any]) -> None:
    _placed(track, event)
    track.archived = False
    place = _place(event["data"]["stage"])
    track.marks.append(Mark(event["seq"], _time(event["occurred_at"]), place, archived=False))


def _archived(track: _Track, event: Mapping[str, Any]) -> None:
    track.archived = True
    track.marks.append(Mark(event["seq"], _time(event["occurred_at"]), archived=True))


def _blocked(track: _Track, event: Mapping[str, Any]) -> None:
    track.blocked_reason = event["data"]["reason"]
    track.stops.append((_time(event["occurred_at"]), True))


def _unblocked(track: _Track, event: Mapping[str, Any]) -> None:
    track.blocked_reason = ""
    track.stops.append((_time(event["occurred_at"]), False))


def _edited(track: _Track, event: Mapping[str, Any]) -> None:
    if change := event["data"]["changes"].get("title"):
        track.title = change[1]


def _published(track: _Track, event: Mapping[str, Any]) -> None:
    data = event["data"]
    track.out[data["publication"]] = (event["seq"], _time(data["published_at"]))


def _unpublished(track: _Track, event: Mapping[str, Any]) -> None:
    track.out.pop(event["data"]["publication"], None)


_TELLERS = {
    "item.moved": _moved,
    "item.move_undone": _move_undone,
    "item.reordered": _placed,
    "item.restored": _restored,
    "item.archived": _archived,
    "item.blocked": _blocked,
    "item.unblocked": _unblocked,
    "item.edited": _edited,
    "publication.published": _published,
    "publication.removed": _unpublished,
}


def _create(tracks: dict[str, _Track], event: Mapping[str, Any]) -> None:
    if event["subject"] in tracks:
        raise ValueError(f"{event['subject']} is created twice (seq {event['seq']})")
    tracks[event["subject"]] = _Track.created(event)


def _migrate(tracks: Mapping[str, _Track], event: Mapping[str, Any]) -> None:
    """A stage was retired or split: its cards stand elsewhere, and no stamp knows."""
    for id, rank in event["data"]["items"].items():
        if id not in tracks:
            raise ValueError(f"seq {event['seq']} migrates {id}, which was never created")
        tracks[id].stage, tracks[id].rank = event["data"]["to"]["id"], rank
        tracks[id].marks.append(
            Mark(
                event["seq"],
                _time(event["occurred_at"]),
                _place(event["data"]["to"]),
                only_from=event["data"]["from"]["id"],
            )
        )


def _track(tracks: Mapping[str, _Track], event: Mapping[str, Any]) -> _Track:
    track = tracks.get(event["subject"])
    if track is None:
        raise ValueError(
            f"{event['type']} of {event['subject']}, which was never created (seq {event['seq']})"
        )
    return track


def _place(stage: Mapping[str, Any]) -> tuple[str, str]:
    return stage["id"], stage["kind"]


def _position(stage: Mapping[str, Any]) -> int:
    return stage.get("position", 0)


def _time(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _first(moments: list[datetime]) -> datetime:
    return moments[0]


def _last(moments: list[datetime]) -> datetime:
    return moments[-1]
