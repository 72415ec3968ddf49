"""What a board brought in from outside holds, as plain values: the same for every kind of file.

A parser turns bytes into a `BoardPlan`; nothing here knows Django, a clock or a database. What a
reader of the file must be told is a `Notice` (a code and its parameters); what could not be taken
is a `RowError`; a file that cannot be read at all raises `ImportProblem`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

ERRORS_KEPT = 100
MEGABYTE = 1024 * 1024


class ImportProblem(Exception):
    """The file as a whole cannot be taken: `code` for programs, `params` for the sentence."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        said = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({said})" if said else self.code


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a file is read before it is refused."""

    bytes: int = 50 * MEGABYTE
    depth: int = 64
    cards: int = 10_000
    actions: int = 200_000
    rows: int = 10_000
    columns: int = 200
    cell: int = 100_000


@dataclass(frozen=True, slots=True)
class Notice:
    """Something worth knowing that refuses nothing: code, place in the file, parameters."""

    code: str
    where: str = ""
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RowError:
    """One row or card that was left out, and why. `line` is that of the file (0: unknown)."""

    code: str
    line: int = 0
    where: str = ""
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceList:
    """A column of the source. `in_file` is false for one that only the history still names; `kind`
    is set where the file itself settles it."""

    id: str
    name: str
    closed: bool = False
    closed_at: datetime | None = None
    pos: float = 0.0
    in_file: bool = True
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SourceMember:
    """A person of the source. `on_board` is false for one who only acted in the past."""

    id: str
    name: str
    username: str = ""
    email: str = ""
    on_board: bool = True


@dataclass(frozen=True, slots=True)
class SourceMove:
    """A card went from one list to another. `inferred`: the file implies it but does not say it."""

    at: datetime
    from_list: str
    to_list: str
    by: str = ""
    from_name: str = ""
    to_name: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class SourceArchiving:
    """A card was archived, or brought back (`archived` is false)."""

    at: datetime
    archived: bool
    by: str = ""


@dataclass(frozen=True, slots=True)
class SourceComment:
    id: str
    at: datetime
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class SourceCheckItem:
    text: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class SourceChecklist:
    id: str
    name: str
    items: tuple[SourceCheckItem, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceLink:
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class SourceField:
    """A value of the source's own field; `kind` is text, number, date, checkbox or list."""

    name: str
    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class SourceCard:
    """One card. `created_known` says that the file tells its creation; where it does not, the
    moves before `history_from` are missing and no lead time may be computed from what is left."""

    id: str
    title: str
    list_id: str
    first_list_id: str
    pos: float = 0.0
    short_key: str = ""
    description: str = ""
    closed: bool = False
    created_at: datetime | None = None
    created_known: bool = False
    created_by: str = ""
    history_from: datetime | None = None
    due: datetime | None = None
    due_on: date | None = None
    due_done: bool = False
    published_on: date | None = None
    url: str = ""
    channel: str = ""
    format: str = ""
    labels: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    moves: tuple[SourceMove, ...] = ()
    archivings: tuple[SourceArchiving, ...] = ()
    comments: tuple[SourceComment, ...] = ()
    checklists: tuple[SourceChecklist, ...] = ()
    links: tuple[SourceLink, ...] = ()
    fields: tuple[SourceField, ...] = ()
    line: int = 0

    @property
    def history_complete(self) -> bool:
        """Whether every move since the card's creation is in the file."""
        return self.created_known and not any(move.inferred for move in self.moves)


@dataclass(frozen=True, slots=True)
class BoardPlan:
    """A whole board, ordered: lists by place, cards by list and place, histories oldest first.

    A table has a `header` and says which of its `columns` is which field. While `questions` names
    anything ("date_order"), a person has to answer before it is taken.
    """

    kind: str
    name: str
    source_id: str = ""
    lists: tuple[SourceList, ...] = ()
    cards: tuple[SourceCard, ...] = ()
    members: tuple[SourceMember, ...] = ()
    labels: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    history_from: datetime | None = None
    notices: tuple[Notice, ...] = ()
    errors: tuple[RowError, ...] = ()
    errors_in_all: int = 0
    questions: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)

    def list_by_id(self, list_id: str) -> SourceList:
        """The list with this id; KeyError if the plan has none."""
        for column in self.lists:
            if column.id == list_id:
                return column
        raise KeyError(list_id)

    def counts(self) -> dict[str, int]:
        """How many of each thing the file holds, for the preview."""
        cards = self.cards
        return {
            "lists": len(self.lists),
            "closed_lists": sum(column.closed for column in self.lists),
            "cards": len(cards),
            "closed_cards": sum(card.closed for card in cards),
            "moves": sum(not move.inferred for card in cards for move in card.moves),
            "moved_cards": sum(bool(card.moves) for card in cards),
            "archivings": sum(len(card.archivings) for card in cards),
            "comments": sum(len(card.comments) for card in cards),
            "checklists": sum(len(card.checklists) for card in cards),
            "links": sum(len(card.links) for card in cards),
            "members": sum(member.on_board for member in self.members),
            "labels": len(self.labels),
            "fields": len(self.fields),
            "without_creation": sum(not card.created_known for card in cards),
            "rejected": self.errors_in_all,
        }
