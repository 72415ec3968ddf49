"""A Trello board file (Menu → Print, export and share → Export as JSON) as a `BoardPlan`.

Trello puts at most 1 000 actions into a file, newest first. What happened before the oldest of them is
not there; the cards made before it are marked, and nothing is invented for them.
"""

from __future__ import annotations

import codecs
import json
from collections import defaultdict
from typing import Any

from production.imports.plan import (
    BoardPlan,
    ImportProblem,
    Limits,
    SourceCard,
    SourceCheckItem,
    SourceChecklist,
    SourceField,
    SourceLink,
    SourceList,
    SourceMember,
)
from production.imports.reading import (
    Reader,
    Remarks,
    check_size,
    is_web_address,
    moment_of_object_id,
)
from production.imports.trello_history import CardHistory, History, read_history

TITLE_LENGTH = 16_384
TRUNCATED_AT = 1_000
_FIELD_KINDS = ("text", "number", "date", "checkbox", "list")


def parse(data: bytes, limits: Limits | None = None) -> BoardPlan:
    """The board in these bytes; ImportProblem when they hold no board that can be read."""
    limits = limits or Limits()
    document = _document(data, limits)
    if not isinstance(document.get("lists"), list) or not isinstance(document.get("cards"), list):
        raise ImportProblem("not_trello")
    if len(document["cards"]) > limits.cards:
        raise ImportProblem("too_many_cards", count=len(document["cards"]), limit=limits.cards)
    actions = document.get("actions")
    if isinstance(actions, list) and len(actions) > limits.actions:
        raise ImportProblem("too_many_actions", count=len(actions), limit=limits.actions)
    remarks = Remarks()
    return _Board(document, Reader(remarks), remarks).plan()


def _document(data: bytes, limits: Limits) -> dict[str, Any]:
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
        raise ImportProblem("not_trello")
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
        cards = self._card_entries({column.id for column in lists})
        history = read_history(self.document.get("actions"), {card["id"] for card in cards}, read)
        self._say_what_is_missing(history, cards)
        lists = self._with_history(lists, history)
        checklists = self._checklists()
        definitions = self._field_definitions()
        label_names = {
            read.ident(label.get("id")): self._label(label)
            for label in read.mappings(self.document.get("labels"), "labels")
        }
        found = [
            self._card(entry, history.cards[entry["id"]], checklists, definitions, label_names)
            for entry in cards
        ]
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
            labels=tuple(dict.fromkeys([*filter(None, label_names.values()), *used])),
            fields=tuple(dict.fromkeys(name for name, _, _ in definitions.values())),
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

    def _card_entries(self, list_ids: set[str]) -> list[dict[str, Any]]:
        """The cards that can be taken, each with a proper id, title and list."""
        read, found = self.read, {}
        for place, entry in enumerate(read.mappings(self.document["cards"], "cards")):
            where = f"cards[{place}]"
            ident = read.ident(entry.get("id"), where)
            title = " ".join(read.text(entry.get("name"), where, longest=TITLE_LENGTH).split())
            home = read.ident(entry.get("idList"), where)
            if not ident:
                self.remarks.reject("card_without_id", where=where, title=title)
            elif ident in found:
                self.remarks.reject("duplicate_id", where=where, id=ident)
            elif not title:
                self.remarks.reject("card_without_title", where=where, id=ident)
            elif home not in list_ids:
                self.remarks.reject("card_without_list", where=where, title=title)
            else:
                found[ident] = {**entry, "id": ident, "name": title, "idList": home}
        return list(found.values())

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

    def _label(self, label: dict[str, Any]) -> str:
        name = self.read.text(label.get("name"), "labels", longest=200).strip()
        return name or self.read.text(label.get("color"), "labels", longest=50)

    def _checklists(self) -> dict[str, list[SourceChecklist]]:
        read = self.read
        found: dict[str, list[SourceChecklist]] = defaultdict(list)
        entries = read.mappings(self.document.get("checklists"), "checklists")
        entries.sort(key=lambda entry: read.number(entry.get("pos"), "checklists"))
        for entry in entries:
            items = read.mappings(entry.get("checkItems"), "checklists")
            items.sort(key=lambda item: read.number(item.get("pos"), "checklists"))
            found[read.ident(entry.get("idCard"), "checklists")].append(
                SourceChecklist(
                    id=read.ident(entry.get("id"), "checklists"),
                    name=read.text(entry.get("name"), "checklists", longest=500).strip(),
                    items=tuple(
                        SourceCheckItem(
                            read.text(item.get("name"), "checklists", longest=TITLE_LENGTH).strip(),
                            item.get("state") == "complete",
                        )
                        for item in items
                    ),
                )
            )
        return found

    def _field_definitions(self) -> dict[str, tuple[str, str, dict[str, str]]]:
        """Per field id: its name, kind and the texts of its options."""
        read, found = self.read, {}
        for entry in read.mappings(self.document.get("customFields"), "customFields"):
            kind = read.text(entry.get("type"), "customFields")
            if kind not in _FIELD_KINDS:
                self.remarks.count("odd_value", "customFields")
                continue
            options = {
                read.ident(option.get("id")): read.text(
                    read.mapping(option.get("value"), "customFields").get("text"), "customFields"
                )
                for option in read.mappings(entry.get("options"), "customFields")
            }
            name = read.text(entry.get("name"), "customFields", longest=200).strip()
            found[read.ident(entry.get("id"), "customFields")] = (name or "?", kind, options)
        return found

    def _card(
        self,
        entry: dict[str, Any],
        history: CardHistory,
        checklists: dict[str, list[SourceChecklist]],
        definitions: dict[str, tuple[str, str, dict[str, str]]],
        label_names: dict[str, str],
    ) -> SourceCard:
        read, where = self.read, f"card {entry['name'][:60]}"
        known = history.created_at is not None
        if not known and moment_of_object_id(entry["id"]) is None:
            self.remarks.count("creation_unknown", where)
        fallback = read.moment(entry.get("dateLastActivity"), where)
        moves = history.moves_ending_on(entry["idList"], fallback, self.remarks, where)
        return SourceCard(
            id=entry["id"],
            title=entry["name"],
            list_id=entry["idList"],
            first_list_id=moves[0].from_list if moves else entry["idList"],
            pos=read.number(entry.get("pos"), where),
            short_key=str(int(read.number(entry.get("idShort"), where)) or ""),
            description=read.text(entry.get("desc"), where),
            closed=read.flag(entry.get("closed"), where),
            created_at=history.created_at or moment_of_object_id(entry["id"]),
            created_known=known,
            created_by=history.created_by,
            history_from=None if known else history.starts,
            due=read.moment(entry.get("due"), where),
            due_done=read.flag(entry.get("dueComplete"), where),
            labels=self._card_labels(entry, label_names, where),
            members=read.idents(entry.get("idMembers"), where),
            moves=moves,
            archivings=tuple(history.archivings),
            comments=tuple(history.comments),
            checklists=tuple(checklists.get(entry["id"], ())),
            links=self._links(entry, where),
            fields=self._fields(entry, definitions, where),
        )

    def _card_labels(
        self, entry: dict[str, Any], names: dict[str, str], where: str
    ) -> tuple[str, ...]:
        own = [self._label(label) for label in self.read.mappings(entry.get("labels"), where)]
        by_id = [names.get(ident, "") for ident in self.read.idents(entry.get("idLabels"), where)]
        return tuple(dict.fromkeys(filter(None, [*own, *by_id])))

    def _links(self, entry: dict[str, Any], where: str) -> tuple[SourceLink, ...]:
        found = []
        for attachment in self.read.mappings(entry.get("attachments"), where):
            url = self.read.text(attachment.get("url"), where).strip()
            if is_web_address(url):
                name = self.read.text(attachment.get("name"), where, longest=500).strip()
                found.append(SourceLink(name or url[:500], url))
            else:
                self.remarks.count("link_unusable", where)
        return tuple(found)

    def _fields(
        self,
        entry: dict[str, Any],
        definitions: dict[str, tuple[str, str, dict[str, str]]],
        where: str,
    ) -> tuple[SourceField, ...]:
        found = []
        for item in self.read.mappings(entry.get("customFieldItems"), where):
            definition = definitions.get(self.read.ident(item.get("idCustomField"), where))
            if definition is None:
                self.remarks.count("field_unknown", where)
                continue
            name, kind, options = definition
            value = self._field_value(item, kind, options, where)
            if value:
                found.append(SourceField(name, kind, value))
        return tuple(found)

    def _field_value(
        self, item: dict[str, Any], kind: str, options: dict[str, str], where: str
    ) -> str:
        if kind == "list":
            return options.get(self.read.ident(item.get("idValue"), where), "")
        value = self.read.mapping(item.get("value"), where)
        said = value.get({"checkbox": "checked"}.get(kind, kind))
        if isinstance(said, bool):
            return "true" if said else "false"
        if isinstance(said, int | float):
            return f"{self.read.number(said, where):g}"
        return self.read.text(said, where, longest=TITLE_LENGTH)
