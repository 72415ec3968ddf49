"""The cards of a Trello file: what stands on each, apart from its history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from production.imports.plan import (
    SourceCard,
    SourceCheckItem,
    SourceChecklist,
    SourceField,
    SourceLink,
)
from production.imports.reading import Reader, is_web_address, moment_of_object_id
from production.imports.trello_history import CardHistory

TITLE_LENGTH = 16_384
_FIELD_KINDS = ("text", "number", "date", "checkbox", "list")


@dataclass(frozen=True, slots=True)
class FieldDefinition:
    """A custom field of the board; `options` are the texts of a drop-down by their ids."""

    name: str
    kind: str
    options: dict[str, str]


class Cards:
    """Reads cards with what the board says about their labels, checklists and fields."""

    def __init__(self, document: dict[str, Any], read: Reader) -> None:
        self.document = document
        self.read = read
        self.remarks = read.remarks
        self.label_names = {
            read.ident(label.get("id")): self._label(label)
            for label in read.mappings(document.get("labels"), "labels")
        }
        self.checklists = self._checklists()
        self.definitions = self._field_definitions()

    def entries(self, list_ids: set[str]) -> list[dict[str, Any]]:
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

    def card(self, entry: dict[str, Any], history: CardHistory) -> SourceCard:
        """The card of this entry with this history."""
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
            labels=self._card_labels(entry, where),
            members=read.idents(entry.get("idMembers"), where),
            moves=moves,
            archivings=tuple(history.archivings),
            comments=tuple(history.comments),
            checklists=tuple(self.checklists.get(entry["id"], ())),
            links=self._links(entry, where),
            fields=self._fields(entry, where),
        )

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

    def _field_definitions(self) -> dict[str, FieldDefinition]:
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
            found[read.ident(entry.get("id"), "customFields")] = FieldDefinition(
                name or "?", kind, options
            )
        return found

    def _card_labels(self, entry: dict[str, Any], where: str) -> tuple[str, ...]:
        own = [self._label(label) for label in self.read.mappings(entry.get("labels"), where)]
        by_id = [
            self.label_names.get(ident, "")
            for ident in self.read.idents(entry.get("idLabels"), where)
        ]
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

    def _fields(self, entry: dict[str, Any], where: str) -> tuple[SourceField, ...]:
        found = []
        for item in self.read.mappings(entry.get("customFieldItems"), where):
            definition = self.definitions.get(self.read.ident(item.get("idCustomField"), where))
            if definition is None:
                self.remarks.count("field_unknown", where)
                continue
            value = self._field_value(item, definition, where)
            if value:
                found.append(SourceField(definition.name, definition.kind, value))
        return tuple(found)

    def _field_value(self, item: dict[str, Any], definition: FieldDefinition, where: str) -> str:
        if definition.kind == "list":
            return definition.options.get(self.read.ident(item.get("idValue"), where), "")
        value = self.read.mapping(item.get("value"), where)
        said = value.get({"checkbox": "checked"}.get(definition.kind, definition.kind))
        if isinstance(said, bool):
            return "true" if said else "false"
        if isinstance(said, int | float):
            return f"{self.read.number(said, where):g}"
        return self.read.text(said, where, longest=TITLE_LENGTH)
