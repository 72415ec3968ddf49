"""A good guess at which stage a list of another board is, in English and Finnish.

The guess is a proposal on the mapping step; a person changes it. A list whose name says nothing
takes the kind of the list on its left, and is marked as unsure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from production.imports.plan import BoardPlan, SourceList, SourceMember

KINDS = ("idea", "script", "shoot", "edit", "publish", "learn", "done")

# Looked for in this order: "ready for QA" is a check before "ready" can say publish.
_WORDS: tuple[tuple[str, str], ...] = (
    ("idea", r"not (?:started|done)|ei aloitettu|up next|seuraavaksi"),
    ("edit", r"ready (?:for|to) (?:qa|test|testing|review|merge|edit|edits|editing)"),
    ("edit", r"(?:for|in|under|needs|to) (?:qa|review|test|testing|approval|edit|editing)"),
    ("publish", r"(?:valmis|valmiina|valmiit) julkai\w*|julkaisuvalmi\w*"),
    ("edit", r"tarkistettavana|tarkistukseen|hyväksyttävänä|leikattavana"),
    ("shoot", r"ready (?:for|to) (?:shoot|film|record|filming|shooting)|kuvattavana"),
    ("script", r"ready (?:for|to) (?:write|writing|start|dev|development)"),
    ("learn", r"learn\w*|retro\w*|analys\w*|analy[sz]\w*|measur\w*|metrics|results?|insights?"),
    ("learn", r"oppi\w*|opit|mittau\w*|mittaa\w*|tulokset|analyso\w*|seuranta"),
    ("learn", r"published|posted|live|aired|released|shipped|julkaistu\w*|ulkona|lähetetty"),
    ("done", r"done|complete[d]?|finished|closed|archive[d]?|wrapped|won'?t do|cancelled|canceled"),
    ("done", r"valmis|valmiit|tehty|tehdyt|arkisto\w*|suljettu|päättynyt|peruttu"),
    (
        "publish",
        r"ready|scheduled?|schedul\w*|publish\w*|queued?|release|to post|approved|deploy\w*",
    ),
    ("publish", r"julkais\w*|ajastet\w*|ajastus|jono|jonossa|hyväksytty|hyväksytyt"),
    (
        "edit",
        r"edit\w*|rough cut|fine cut|cut|post[- ]?production|captions?|subtitl\w*|thumbnails?",
    ),
    ("edit", r"review\w*|qa|quality|test\w*|check\w*|feedback|approval|graphics|design\w*|merge"),
    (
        "edit",
        r"leikkau\w*|leikka\w*|editoi\w*|tekstity\w*|tarkistu\w*|katselmoin\w*|laatu|jälkityöt",
    ),
    ("shoot", r"shoot\w*|film\w*|record\w*|production|camera|footage|on set|voice ?over"),
    ("shoot", r"kuvau\w*|kuvaa\w*|kuvatta\w*|äänity\w*|nauhoit\w*|tuotan\w*"),
    ("script", r"script\w*|writ\w*|draft\w*|outlin\w*|research\w*|storyboard\w*|pre-?production"),
    ("script", r"doing|in progress|wip|active|started|ongoing|work in progress|current sprint"),
    (
        "script",
        r"käsikirjoi\w*|käsis|kirjoit\w*|luonno\w*|suunnittel\w*|taustatyö|työn alla|kesken",
    ),
    ("script", r"käynnissä|työssä|tekeillä|meneillään"),
    ("idea", r"ideas?|ideat|ideoi\w*|backlog\w*|inbox|icebox|someday|later|future\w*|wish ?list"),
    ("idea", r"to[- ]?do|todo|next|planned|plans?|pitch\w*|brainstorm\w*|parking lot|proposed|new"),
    ("idea", r"tehtävä|tehtävät|tulossa|työjono|kehitysjono|myöhemmin|odottaa|saapuneet|aiheet"),
)
_PATTERNS = tuple((kind, re.compile(rf"\b(?:{words})\b")) for kind, words in _WORDS)
_WAITING = re.compile(
    r"\b(?:ready|waiting|wait|hold|on hold|queued?|approved|scheduled|blocked|odottaa|jonossa|jono"
    r"|ajastettu|valmiina)\b"
)
_NAME_READ = 200


@dataclass(frozen=True, slots=True)
class ListGuess:
    """What a list probably is. `sure` is false where only its place on the board was a hint;
    `merge_into` is the first list of the same kind, for those who want one stage per kind."""

    list_id: str
    kind: str
    sure: bool
    waiting: bool
    merge_into: str


def guess_kind(name: str) -> str | None:
    """The stage kind that a list's name says, or None when it says nothing."""
    plain = _plain(name)
    for kind, pattern in _PATTERNS:
        if pattern.search(plain):
            return kind
    return None


def guess_lists(lists: Iterable[SourceList]) -> tuple[ListGuess, ...]:
    """A guess for every list, in the order given (left to right)."""
    guesses: list[ListGuess] = []
    first_of_kind: dict[str, str] = {}
    ordered = list(lists)
    beside = {column.id: kind for column, kind in _kinds_by_place(ordered)}
    # Open lists first: what is in use is what the closed ones are merged into.
    for column in sorted(ordered, key=lambda column: column.closed):
        said = column.kind or guess_kind(column.name)
        kind = said or beside[column.id]
        first_of_kind.setdefault(kind, column.id)
        guesses.append(
            ListGuess(
                list_id=column.id,
                kind=kind,
                sure=bool(said),
                waiting=bool(_WAITING.search(_plain(column.name))),
                merge_into=first_of_kind[kind],
            )
        )
    places = {column.id: place for place, column in enumerate(ordered)}
    return tuple(sorted(guesses, key=lambda guess: places[guess.list_id]))


def guess_members(plan: BoardPlan, people: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Which member is which person: `people` are (id, name, e-mail); only unambiguous matches.

    An equal e-mail is enough; else the whole name, apart from case and accents.
    """
    known = list(people)
    found: dict[str, str] = {}
    for member in plan.members:
        matches = {ident for ident, name, email in known if _same_person(member, name, email)}
        if len(matches) == 1:
            found[member.id] = matches.pop()
    return found


def _kinds_by_place(lists: Iterable[SourceList]) -> Iterable[tuple[SourceList, str]]:
    kind = "idea"
    for column in lists:
        said = column.kind or guess_kind(column.name)
        if said:
            kind = said
        # Past the last working stage a name that says nothing is no proof that something is out.
        yield column, kind if KINDS.index(kind) <= KINDS.index("edit") else "edit"


def _same_person(member: SourceMember, name: str, email: str) -> bool:
    if member.email and email:
        return member.email.casefold() == email.casefold()
    return bool(member.name) and _bare(member.name) == _bare(name)


def _plain(name: str) -> str:
    said = unicodedata.normalize("NFC", name[:_NAME_READ]).casefold()
    return " ".join(re.sub(r"[_/|·•–—:;,.()\[\]#*]+", " ", said).split())


def _bare(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c for c in parts if not unicodedata.combining(c)).split())
