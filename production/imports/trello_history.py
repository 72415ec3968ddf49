"""The actions of a Trello file, oldest first, sorted into the history of each card."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from production.imports.plan import SourceArchiving, SourceComment, SourceMove
from production.imports.reading import Reader, Remarks, moment_of_object_id

_CREATIONS = ("createCard", "copyCard", "convertToCardFromCheckItem", "emailCard")
_COMMENTS = ("commentCard", "copyCommentCard")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class CardHistory:
    """What the actions tell of one card, in order of time."""

    starts: datetime | None = None
    created_at: datetime | None = None
    created_by: str = ""
    created_on_list: str = ""
    moves: list[SourceMove] = field(default_factory=list)
    archivings: list[SourceArchiving] = field(default_factory=list)
    comments: list[SourceComment] = field(default_factory=list)
    lists_named: dict[str, str] = field(default_factory=dict)

    def moves_ending_on(
        self, list_id: str, last_activity: datetime | None, remarks: Remarks, where: str
    ) -> tuple[SourceMove, ...]:
        """The moves as an unbroken chain to `list_id`; what closes a gap is marked as inferred."""
        if not self.moves:
            started = self.created_on_list
            if not started or started == list_id:
                return ()
            at = last_activity or self.created_at
            remarks.count("history_gap", where)
            return (SourceMove(at, started, list_id, inferred=True),) if at else ()
        chain: list[SourceMove] = []
        place = self.created_on_list or self.moves[0].from_list
        for move in self.moves:
            if move.from_list != place:
                remarks.count("history_gap", where)
                chain.append(SourceMove(move.at, place, move.from_list, inferred=True))
            chain.append(move)
            place = move.to_list
        if place != list_id:
            remarks.count("history_gap", where)
            at = max(last_activity or _EPOCH, chain[-1].at)
            chain.append(SourceMove(at, place, list_id, inferred=True))
        return tuple(chain)


@dataclass(slots=True)
class History:
    """All that the actions tell; `cards` has an entry for every card asked for."""

    cards: dict[str, CardHistory]
    actions: int = 0
    starts: datetime | None = None
    list_closed_at: dict[str, datetime] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)


def read_history(actions: Any, card_ids: set[str], read: Reader) -> History:
    """The history in `actions` of the cards with these ids."""
    history = History(cards=defaultdict(CardHistory))
    dated: list[tuple[datetime, dict[str, Any]]] = []
    # The file is newest first; reversed, a stable sort keeps the order of actions of one instant.
    for place, action in enumerate(reversed(read.mappings(actions, "actions"))):
        at = read.moment(action.get("date"), f"actions[-{place + 1}]")
        if at is None:
            read.remarks.count("action_unreadable", f"actions[-{place + 1}]")
        else:
            dated.append((at, action))
    dated.sort(key=lambda entry: entry[0])
    history.actions = len(dated)
    history.starts = dated[0][0] if dated else None
    for card_id in card_ids:
        history.cards[card_id].starts = history.starts
    for at, action in dated:
        _take(history, at, action, card_ids, read)
    history.cards = dict(history.cards)
    return history


def _take(
    history: History, at: datetime, action: dict[str, Any], card_ids: set[str], read: Reader
) -> None:
    kind = action.get("type")
    data = read.mapping(action.get("data"), "actions")
    by = read.ident(action.get("idMemberCreator"), "actions")
    if by and by not in history.people:
        person = read.mapping(action.get("memberCreator"), "actions")
        history.people[by] = read.text(person.get("fullName"), "actions", longest=200).strip()
    if kind == "updateList":
        _take_list(history, at, data, read)
        return
    if kind == "deleteCard":
        read.remarks.count("card_deleted")
        return
    card = read.mapping(data.get("card"), "actions")
    card_id = read.ident(card.get("id"), "actions")
    if card_id in card_ids:
        _take_for_card(history.cards[card_id], at, by, card_id, action, read)
    elif kind in _COMMENTS:
        read.remarks.count("comment_without_card")


def _take_for_card(
    entry: CardHistory,
    at: datetime,
    by: str,
    card_id: str,
    action: dict[str, Any],
    read: Reader,
) -> None:
    kind = action.get("type")
    data = read.mapping(action.get("data"), "actions")
    if kind in _CREATIONS:
        _take_creation(entry, at, by, data, read)
    elif kind == "moveCardToBoard":
        _take_arrival(entry, at, card_id, data, read)
    elif kind == "updateCard":
        _take_change(entry, at, by, data, read)
    elif kind in _COMMENTS:
        text = read.text(data.get("text"), "actions")
        if text.strip():
            ident = read.ident(action.get("id"), "actions")
            entry.comments.append(SourceComment(ident, at, text, by))


def _take_list(history: History, at: datetime, data: dict[str, Any], read: Reader) -> None:
    column = read.mapping(data.get("list"), "actions")
    if "closed" in read.mapping(data.get("old"), "actions") and column.get("closed") is True:
        history.list_closed_at[read.ident(column.get("id"), "actions")] = at


def _take_creation(
    entry: CardHistory, at: datetime, by: str, data: dict[str, Any], read: Reader
) -> None:
    if entry.created_at is None:
        entry.created_at, entry.created_by = at, by
        column = read.mapping(data.get("list"), "actions")
        ident = read.ident(column.get("id"), "actions")
        # A creation may be told without its list; then the first move says where it was.
        if ident:
            entry.created_on_list = ident
            entry.lists_named[ident] = read.text(column.get("name"), "actions", longest=200)


def _take_arrival(
    entry: CardHistory, at: datetime, card_id: str, data: dict[str, Any], read: Reader
) -> None:
    """The card came from another board: its id tells its age, its moves before are elsewhere."""
    made = moment_of_object_id(card_id)
    entry.starts = at
    entry.created_at = None
    entry.moves.clear()
    column = read.mapping(data.get("list"), "actions")
    entry.created_on_list = read.ident(column.get("id"), "actions")
    if entry.created_on_list:
        name = read.text(column.get("name"), "actions", longest=200)
        entry.lists_named[entry.created_on_list] = name
    read.remarks.count("card_from_another_board" if made else "creation_unknown")


def _take_change(
    entry: CardHistory, at: datetime, by: str, data: dict[str, Any], read: Reader
) -> None:
    card = read.mapping(data.get("card"), "actions")
    old = read.mapping(data.get("old"), "actions")
    if "closed" in old:
        archived = card.get("closed")
        if isinstance(archived, bool):
            entry.archivings.append(SourceArchiving(at, archived, by))
    if "idList" not in old:
        return
    before = read.mapping(data.get("listBefore"), "actions")
    after = read.mapping(data.get("listAfter"), "actions")
    from_list = read.ident(before.get("id") or old.get("idList"), "actions")
    to_list = read.ident(after.get("id") or card.get("idList"), "actions")
    if not from_list or not to_list:
        read.remarks.count("action_unreadable", "actions")
        return
    if from_list == to_list:
        return
    from_name = read.text(before.get("name"), "actions", longest=200)
    to_name = read.text(after.get("name"), "actions", longest=200)
    entry.lists_named.setdefault(from_list, from_name)
    entry.lists_named.setdefault(to_list, to_name)
    entry.moves.append(SourceMove(at, from_list, to_list, by, from_name, to_name))
