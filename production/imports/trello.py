"""A Trello board file (Menu → Print, export and share → Export as JSON) as a `BoardPlan`.

Trello puts at most 1 000 actions into a file, newest first. What happened before the oldest of them
is not there; the cards made before it are marked, and nothing is invented for them.
"""

from __future__ import annotations

import codecs
import json
from typing import Any

from production.imports.plan import (
    BoardPlan,
    ImportProblem,
    Limits,
    SourceList,
    SourceMember,
)
from production.imports.reading import Reader, Remarks, check_size
from production.imports.trello_cards import TITLE_LENGTH, Cards
from production.imports.trello_history import History, read_history

TRUNCATED_AT = 1_000


def parse(data: bytes, limits: Limits | None = None) -> BoardPlan:
    """The board in these bytes; ImportProblem when they hold no board that can be read."""
    limits = limits or Limits()
    document = read_document(data, limits)
    if not isinstance(document.get("lists"), list) or not isinstance(document.get("cards"), list):
        raise ImportProblem("not_trello")
    if len(document["cards"]) > limits.cards:
        raise ImportProblem("too_many_cards", count=len(document["cards"]), limit=limits.cards)
    actions = document.get("actions")
    if isinstance(actions, list) and len(actions) > limits.actions:
        raise ImportProblem("too_many_actions", count=len(actions), limit=limits.actions)
    remarks = Remarks()
    return _Board(document, Reader(remarks), remarks).plan()


def read_document(data: bytes, limits: Limits, *, otherwise: str = "not_trello") -> dict[str, Any]:
    """The JSON object in these bytes, however it was broken; ImportProblem says how.

    `otherwise` is the problem with JSON that is no object.
    """
    check_size(data, limits)
    try:
        text = _decoded(data)
    except UnicodeDecodeError as problem:
        raise ImportProblem("not_utf8", position=problem.start) from None
    try:
        document = json.loads(text, parse_int=_integer, parse_constant=lambda _: None)
    except RecursionError:
        raise ImportProblem("too_deep", limit=limits.depth) from None
    except json.JSONDecodeError as problem:
        ends_early = problem.pos >= len(text.rstrip()) or problem.msg.startswith("Unterminated")
        starts_well = text.lstrip()[:1] == "{"
        code = "file_cut_off" if ends_early and starts_well else "not_json"
        raise ImportProblem(code, line=problem.lineno, column=problem.colno) from None
    if not isinstance(document, dict):
        raise ImportProblem(otherwise)
    _check_depth(document, limits.depth)
    return document


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16")
    return data.decode("utf-8-sig")


def _integer(digits: str) -> int | float:
    # int() refuses more than 4 300 digits, and nothing in a board needs more than 18.
    return int(digits) if len(digits) <= 18 else float(digits)


def _check_depth(document: Any, deepest: int) -> None:
    """Refuse what is nested deeper than any board: it would only break those who read it next."""
    level = [document]
    for _ in range(deepest):
        below: list[Any] = []
        for value in level:
            children = value.values() if isinstance(value, dict) else value
            below.extend(child for child in children if isinstance(child, dict | list))
        if not below:
            return
        level = below
    raise ImportProblem("too_deep", limit=deepest)


class _Board:
    def __init__(self, document: dict[str, Any], read: Reader, remarks: Remarks) -> None:
        self.document = document
        self.read = read
        self.remarks = remarks

    def plan(self) -> BoardPlan:
        read = self.read
        lists = self._lists()
        reading = Cards(self.document, read)
        cards = reading.entries({column.id for column in lists})
        history = read_history(self.document.get("actions"), {card["id"] for card in cards}, read)
        self._say_what_is_missing(history, cards)
        lists = self._with_history(lists, history)
        found = [reading.card(entry, history.cards[entry["id"]]) for entry in cards]
        order = {column.id: place for place, column in enumerate(lists)}
        found.sort(key=lambda card: (order[card.list_id], card.pos, card.id))
        used = dict.fromkeys(label for card in found for label in card.labels)
        return BoardPlan(
            kind="trello",
            name=read.text(self.document.get("name"), "name", longest=200).strip() or "Trello",
            source_id=read.ident(self.document.get("id")),
            lists=lists,
            cards=tuple(found),
            members=self._members(history),
            labels=tuple(dict.fromkeys([*filter(None, reading.label_names.values()), *used])),
            fields=tuple(dict.fromkeys(field.name for field in reading.definitions.values())),
            history_from=history.starts,
            notices=self.remarks.notices(),
            errors=tuple(self.remarks.errors),
            errors_in_all=self.remarks.errors_in_all,
        )

    def _lists(self) -> tuple[SourceList, ...]:
        read, found = self.read, {}
        for place, entry in enumerate(read.mappings(self.document["lists"], "lists")):
            where = f"lists[{place}]"
            ident = read.ident(entry.get("id"), where)
            if not ident:
                self.remarks.reject("list_without_id", where=where)
            elif ident in found:
                self.remarks.reject("duplicate_id", where=where, id=ident)
            else:
                found[ident] = SourceList(
                    id=ident,
                    name=read.text(entry.get("name"), where, longest=TITLE_LENGTH).strip() or "?",
                    closed=read.flag(entry.get("closed"), where),
                    pos=read.number(entry.get("pos"), where),
                )
        return tuple(sorted(found.values(), key=lambda column: (column.pos, column.id)))

    def _say_what_is_missing(self, history: History, cards: list[dict[str, Any]]) -> None:
        unknown = [card for card in cards if not history.cards[card["id"]].created_at]
        if history.actions == 0:
            self.remarks.note("no_history", cards=len(cards))
        elif history.starts and history.actions >= TRUNCATED_AT:
            self.remarks.note(
                "history_truncated",
                date=history.starts.date().isoformat(),
                actions=history.actions,
                cards=len(unknown),
            )
        elif history.starts and unknown:
            self.remarks.note(
                "cards_without_creation", date=history.starts.date().isoformat(), cards=len(unknown)
            )
        badges = (self.read.mapping(card.get("badges"), "badges") for card in cards)
        said = sum(int(self.read.number(badge.get("comments"), "badges")) for badge in badges)
        found = sum(len(entry.comments) for entry in history.cards.values())
        if said > found:
            self.remarks.note("comments_missing", missing=said - found, found=found)

    def _with_history(
        self, lists: tuple[SourceList, ...], history: History
    ) -> tuple[SourceList, ...]:
        known = [
            SourceList(
                id=column.id,
                name=column.name,
                closed=column.closed,
                closed_at=history.list_closed_at.get(column.id) if column.closed else None,
                pos=column.pos,
            )
            for column in lists
        ]
        ids = {column.id for column in known}
        gone = {
            ident: name
            for entry in history.cards.values()
            for ident, name in entry.lists_named.items()
            if ident not in ids
        }
        for ident, name in gone.items():
            self.remarks.note("list_only_in_history", where=name, name=name)
            known.append(
                SourceList(id=ident, name=name or "?", closed=True, pos=float("inf"), in_file=False)
            )
        return tuple(known)

    def _members(self, history: History) -> tuple[SourceMember, ...]:
        read, found = self.read, {}
        for place, entry in enumerate(read.mappings(self.document.get("members"), "members")):
            where = f"members[{place}]"
            ident = read.ident(entry.get("id"), where)
            if ident and ident not in found:
                username = read.text(entry.get("username"), where, longest=200)
                name = read.text(entry.get("fullName"), where, longest=200).strip()
                email = read.text(entry.get("email"), where, longest=254)
                found[ident] = SourceMember(ident, name or username or "?", username, email)
        for ident, name in history.people.items():
            if ident not in found:
                found[ident] = SourceMember(ident, name or "?", on_board=False)
        return tuple(found.values())
