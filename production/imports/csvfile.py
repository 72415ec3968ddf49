"""A CSV file of posts (an editorial calendar, another tool's export) as a `BoardPlan`.

Each row is a card, each status a list. The file tells no history: nothing is said about when a card
was an idea unless a column says so, and a day in the future is a plan, never a publication.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from production.imports.csvtable import Row, Table, read_table
from production.imports.dates import day_order, read_day
from production.imports.guess import KINDS, guess_kind
from production.imports.plan import (
    BoardPlan,
    ImportProblem,
    Limits,
    SourceCard,
    SourceField,
    SourceLink,
    SourceList,
    SourceMember,
)
from production.imports.reading import ID_LENGTH, Remarks, is_web_address

FIELDS = (
    "title", "status", "date", "created", "channel", "format", "labels", "assignee",
    "description", "url", "key",
)  # fmt: skip
_NAMES = {
    "title": "title name headline subject post topic card task content otsikko nimi aihe julkaisu",
    "status": "status state stage list column phase tila vaihe lista sarake",
    "date": "date publish_date publication_date published_at publish_on due due_date scheduled"
    " scheduled_date go_live planned_date päivä päivämäärä pvm julkaisupäivä määräaika ajankohta",
    "created": "created created_at created_date creation_date date_created luotu luontipäivä",
    "channel": "channel platform network medium kanava alusta",
    "format": "format type content_type post_type kind muoto formaatti tyyppi",
    "labels": "tags labels label tag categories category keywords tunnisteet tagit avainsanat"
    " kategoria",
    "assignee": "assignee assignees assigned_to owner author members creator responsible tekijä"
    " vastuuhenkilö vastuu kirjoittaja",
    "description": "description notes body text copy caption details brief summary kuvaus"
    " muistiinpanot teksti",
    "url": "url link permalink post_url address linkki osoite",
    "key": "id key card_id post_id slug tunnus",
}
_COLUMN_NAMES = {
    word.replace("_", " "): field for field, words in _NAMES.items() for word in words.split()
}
_OUT = ("learn", "done")


@dataclass(frozen=True, slots=True)
class CsvChoices:
    """What a person settled on the mapping step; None means "guess"."""

    columns: Mapping[str, int] | None = None
    day_first: bool | None = None


def guess_columns(header: tuple[str, ...]) -> dict[str, int]:
    """Which column is which field, from the names in the header; each column at most once."""
    found: dict[str, int] = {}
    for place, name in enumerate(header):
        plain = " ".join(re.sub(r"[\W_]+", " ", name.casefold()).split())
        field = _COLUMN_NAMES.get(plain)
        if field and field not in found:
            found[field] = place
    if "title" not in found:
        free = [place for place in range(len(header)) if place not in found.values()]
        if free:
            found["title"] = free[0]
    return found


def parse(
    data: bytes, *, today: date, choices: CsvChoices | None = None, limits: Limits | None = None
) -> BoardPlan:
    """The cards in these bytes; `today` tells a planned day from a past one."""
    choices = choices or CsvChoices()
    remarks = Remarks()
    table = read_table(data, remarks, limits)
    columns = dict(guess_columns(table.header) if choices.columns is None else choices.columns)
    _check_columns(columns, table)
    return _Calendar(table, columns, choices.day_first, today, remarks).plan()


def _check_columns(columns: dict[str, int], table: Table) -> None:
    for field, place in columns.items():
        if field not in FIELDS or not 0 <= place < len(table.header):
            raise ImportProblem("column_unknown", field=str(field)[:50])
    if "title" not in columns:
        raise ImportProblem("title_column_missing")


class _Calendar:
    def __init__(
        self,
        table: Table,
        columns: dict[str, int],
        day_first: bool | None,
        today: date,
        remarks: Remarks,
    ) -> None:
        self.table = table
        self.columns = columns
        self.today = today
        self.remarks = remarks
        self.questions: list[str] = []
        self.day_first = self._settled_order() if day_first is None else day_first
        self.people: dict[str, SourceMember] = {}
        self.ahead: set[str] = set()

    def plan(self) -> BoardPlan:
        rows = [row for row in self.table.rows if self._has_title(row)]
        lists = self._lists(rows)
        idents = self._idents(rows)
        cards = [
            self._card(row, ident, place, lists)
            for place, (row, ident) in enumerate(zip(rows, idents, strict=True))
        ]
        ordered = self._ordered(lists, cards)
        order = {column.id: place for place, column in enumerate(ordered)}
        cards.sort(key=lambda card: (order[card.list_id], card.pos))
        if self.ahead:
            self.remarks.note(
                "published_in_the_future", count=len(self.ahead), date=self.today.isoformat()
            )
        return BoardPlan(
            kind="csv",
            name="CSV",
            lists=ordered,
            cards=tuple(cards),
            members=tuple(self.people.values()),
            labels=tuple(dict.fromkeys(label for card in cards for label in card.labels)),
            fields=tuple(self.table.header[place] for place in self._other_columns()),
            notices=self.remarks.notices(),
            errors=tuple(self.remarks.errors),
            errors_in_all=self.remarks.errors_in_all,
            questions=tuple(self.questions),
            header=self.table.header,
            columns=self.columns,
        )

    def _cell(self, row: Row, field: str) -> str:
        place = self.columns.get(field)
        return "" if place is None else row.cells[place]

    def _has_title(self, row: Row) -> bool:
        if self._cell(row, "title"):
            return True
        column = self.table.header[self.columns["title"]]
        self.remarks.reject("title_missing", line=row.line, column=column)
        return False

    def _settled_order(self) -> bool | None:
        """Whether 3/4/2026 is the 3rd of April: what the columns prove, or a question."""
        answers = set()
        open_question = False
        for field in ("date", "created"):
            order, needed = day_order(self._cell(row, field) for row in self.table.rows)
            answers.add(order)
            open_question = open_question or (needed and order is None)
        answers.discard(None)
        if len(answers) == 1:
            return answers.pop()
        if open_question or len(answers) > 1:
            self.questions.append("date_order")
        return None

    def _day(self, row: Row, field: str) -> date | None:
        written = self._cell(row, field)
        if not written:
            return None
        day = read_day(written, day_first=self.day_first)
        # An open question about the order is asked once, not complained about on every line.
        if day is None and not (self.questions and read_day(written, day_first=True)):
            self.remarks.note(
                "day_unreadable", f"line {row.line}", line=row.line, value=written[:60]
            )
        return day

    def _lists(self, rows: list[Row]) -> dict[str, SourceList]:
        """A list per status, however it is capitalised; a row without status has its own."""
        found: dict[str, SourceList] = {}
        for row in rows:
            status = " ".join(self._cell(row, "status").split())[:200]
            ident = _list_id(status)
            if ident not in found:
                found[ident] = SourceList(
                    ident, status or "Imported", kind="" if status else "idea"
                )
        return found

    def _ordered(
        self, lists: dict[str, SourceList], cards: list[SourceCard]
    ) -> tuple[SourceList, ...]:
        used = {card.list_id for card in cards}
        kept = [column for column in lists.values() if column.id in used]
        kept.sort(
            key=lambda column: KINDS.index(column.kind or guess_kind(column.name) or "script")
        )
        return tuple(
            SourceList(column.id, column.name, pos=float(place), kind=column.kind)
            for place, column in enumerate(kept)
        )

    def _idents(self, rows: list[Row]) -> list[str]:
        """An id per row that stays the same when other rows of the file change."""
        keys = [self._cell(row, "key") or self._cell(row, "url") for row in rows]
        if len(set(keys)) < len(rows) or "" in keys:
            keys = [f"{self._cell(row, 'title')}\n{self._cell(row, 'date')}" for row in rows]
        seen: Counter[str] = Counter()
        idents = []
        for key in keys:
            seen[key] += 1
            said = f"{key}\n{seen[key]}".encode("utf-8", "replace")
            idents.append("row:" + hashlib.sha256(said).hexdigest()[: ID_LENGTH // 2])
        return idents

    def _card(self, row: Row, ident: str, place: int, lists: dict[str, SourceList]) -> SourceCard:
        day = self._day(row, "date")
        created = self._day(row, "created")
        home = _list_id(" ".join(self._cell(row, "status").split())[:200])
        out = guess_kind(lists[home].name) in _OUT
        if out and day and day > self.today:
            self.ahead.add(ident)
            home = self._list_for_plans(lists)
            out = False
        url = self._cell(row, "url")
        self._look_at_formulas(row)
        return SourceCard(
            id=ident,
            title=" ".join(self._cell(row, "title").split()),
            list_id=home,
            first_list_id=home,
            pos=float(place),
            short_key=self._cell(row, "key")[:50],
            description=self._cell(row, "description"),
            created_at=datetime.combine(created, time(), UTC) if created else None,
            created_known=False,
            due_on=None if out else day,
            published_on=day if out else None,
            url=url if is_web_address(url) else "",
            channel=self._cell(row, "channel")[:200],
            format=self._cell(row, "format")[:200],
            labels=_parts(self._cell(row, "labels")),
            members=self._members(row),
            links=(SourceLink(url[:500], url),) if is_web_address(url) else (),
            fields=self._fields(row, url),
            line=row.line,
        )

    def _list_for_plans(self, lists: dict[str, SourceList]) -> str:
        """The list of what is ready and waits for its day; made when no status means that."""
        for column in lists.values():
            if (column.kind or guess_kind(column.name)) == "publish":
                return column.id
        lists["status:scheduled"] = SourceList("status:scheduled", "Scheduled", kind="publish")
        return "status:scheduled"

    def _members(self, row: Row) -> tuple[str, ...]:
        found = []
        for name in _parts(self._cell(row, "assignee")):
            ident = "person:" + _digest(_bare(name))
            email = name if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", name) else ""
            self.people.setdefault(ident, SourceMember(ident, name, email=email))
            found.append(ident)
        return tuple(dict.fromkeys(found))

    def _other_columns(self) -> list[int]:
        used = set(self.columns.values())
        return [place for place in range(len(self.table.header)) if place not in used]

    def _fields(self, row: Row, url: str) -> tuple[SourceField, ...]:
        """The columns that mean nothing here, kept by their names; an unusable link as well."""
        places = self._other_columns()
        if url and not is_web_address(url):
            self.remarks.count("link_unusable", f"line {row.line}")
            places = [*places, self.columns["url"]]
        return tuple(
            SourceField(self.table.header[place], "text", row.cells[place])
            for place in places
            if row.cells[place]
        )

    def _look_at_formulas(self, row: Row) -> None:
        if any(cell.startswith("=") for cell in row.cells):
            self.remarks.count("formula_taken_as_text", f"line {row.line}")


def _list_id(status: str) -> str:
    return "status:" + (_digest(_bare(status)) if status else "")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]


def _bare(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _parts(cell: str) -> tuple[str, ...]:
    """The entries of a cell that lists several, in order, each once."""
    parts = (" ".join(part.split())[:200].lstrip("#") for part in re.split(r"[,;|\n]", cell))
    return tuple(dict.fromkeys(part for part in parts if part))
