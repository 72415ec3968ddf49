"""The first pass: encoding, delimiter, tables, and all that is decided per column."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from experiments.imports import dates, doubled, encoding, notposts, records, workbook
from experiments.imports import delimiter as delimiters
from experiments.imports.deciding import Decided, Seen, decide
from experiments.imports.issues import Issues
from experiments.imports.kinds import DAY
from experiments.imports.recognise import Table, table_of
from experiments.imports.records import Layout
from experiments.imports.values import Answers, ColumnFound, Issue, Recognised, Survey, Unreadable
from experiments.imports.walking import Line, Passed, walk

_SAMPLE = 256 * 1024
_ROWS_OF_SAMPLE = 60


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What `survey` found, with what the second pass needs."""

    survey: Survey
    layout: Layout
    decided: tuple[Decided, ...]


def survey(path: Path, answers: Answers | None = None) -> Surveyed:
    """Read the file once. What is wrong with it as a whole stands in `refusals`; nothing raises.

    Memory does not grow with the file. `answers` are what a person said about earlier questions.
    """
    said = answers or Answers()
    try:
        layout = layout_of(path)
        try:
            return _surveyed(layout, said, Issues())
        except UnicodeDecodeError:
            warnings = Issues()
            warnings.note("encoding_guessed", encoding=encoding.FALLBACK)
            return _surveyed(layout_of(path, encoding.FALLBACK), said, warnings)
    except Unreadable as problem:
        nothing = Survey("", "", False, (), (), (problem.issue,), ())
        return Surveyed(nothing, Layout(path, ""), ())


def layout_of(path: Path, known: str = "") -> Layout:
    """How to read the file, from its beginning. Raises Unreadable for what is no table at all."""
    with path.open("rb") as file:
        head = file.read(_SAMPLE)
    if workbook.is_workbook(head):
        return Layout(path, "")
    name = known or encoding.of(head)
    text = head.decode(name, errors="ignore")
    ranked = delimiters.ranked(text)
    first = Layout(path, name, ranked[0])
    for layout in _candidates(path, name, ranked, text):
        if _has_header(layout, text):
            return layout
    return first


def _candidates(path: Path, name: str, ranked: list[str], text: str) -> Iterator[Layout]:
    for sign in ranked:
        yield Layout(path, name, sign)
    if doubled.is_doubled([row for _, row in _sample(text, ",")]):
        yield Layout(path, name, ",", double_encoded=True)


def _has_header(layout: Layout, text: str) -> bool:
    rows: Iterator[tuple[int, list[str]]] = iter(_sample(text, layout.delimiter))
    if layout.double_encoded:
        rows = doubled.undone(rows)
    before: list[list[str]] = []
    try:
        for line, cells in rows:
            if table_of(cells, before, line=line, sheet=""):
                return True
            before.append(cells)
    except csv.Error:
        return False
    return False


def _sample(text: str, sign: str) -> list[tuple[int, list[str]]]:
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    if lines and delimiters.named(lines[0]):
        lines = lines[1:]
    found = []
    try:
        for cells in itertools.islice(csv.reader(lines, delimiter=sign), _ROWS_OF_SAMPLE):
            found.append((1, cells))
    except csv.Error:
        return found
    return found


def _surveyed(layout: Layout, answers: Answers, warnings: Issues) -> Surveyed:
    seen: list[Seen] = []
    rows: list[int] = []
    for event in walk(records.all_of(layout)):
        if isinstance(event, Table):
            seen.append(Seen(event))
            rows.append(0)
            _warn_of_header(event, warnings)
        elif isinstance(event, Line):
            rows[-1] += 1
            seen[-1].look(event.cells, event.table.beside or [event.table])
            if event.ragged:
                warnings.note("row_short", event.line)
        else:
            _warn_of_passed(event, warnings)
    refusals, questions = Issues(), Issues()
    decided = tuple(decide(each, answers, layout.delimiter, warnings, questions) for each in seen)
    for each, number in zip(seen, rows, strict=True):
        _refuse(each, number, refusals)
        _warn_of_table(each, number, warnings)
    if not seen:
        refusals.note("years_lost" if _in_1970(layout) else "not_recognised")
    told = Survey(
        layout.encoding,
        layout.delimiter if layout.encoding else "",
        layout.double_encoded,
        tuple(_recognised(each, number) for each, number in zip(seen, rows, strict=True)),
        warnings.all(),
        _only_serious(refusals.all(), seen, rows),
        questions.all(),
    )
    return Surveyed(told, layout, decided)


def _warn_of_header(table: Table, warnings: Issues) -> None:
    for place in () if table.beside else table.places:
        if place.twins:
            warnings.note("header_twice", table.line, place.name.strip())
    for alias in table.renamed():
        if alias.redefined:
            since = alias.since.isoformat()
            warnings.note("metric_redefined", table.line, alias.old, new=alias.new, since=since)


def _warn_of_passed(passed: Passed, warnings: Issues) -> None:
    if passed.what == "footer":
        if number := notposts.cut_at(passed.cells):
            warnings.note("truncated", passed.line, limit=number)
        else:
            warnings.note("footer_left_out", passed.line)
    elif passed.what == "stray":
        warnings.note("line_not_understood", passed.line)


def _refuse(seen: Seen, rows: int, refusals: Issues) -> None:
    table = seen.table
    if table.kind.refused:
        name = table.header[table.places[0].position].strip() if table.places else ""
        if table.kind.refused == "card_unknown":
            name = table.preamble[-1][0].strip() if table.preamble else name
        refusals.note(table.kind.refused, table.line, name)
    elif not rows:
        refusals.note("no_rows", table.line)
    elif seen.early and seen.early * 2 > rows:
        refusals.note("years_lost", table.line)


def _warn_of_table(seen: Seen, rows: int, warnings: Issues) -> None:
    kind = seen.table.kind
    if kind.most_rows and rows >= kind.most_rows:
        warnings.note("truncated", seen.table.line, limit=kind.most_rows)
    if kind.grain == "day" and len(seen.hours) > 1:
        warnings.note("clock_changed", seen.table.line)


def _in_1970(layout: Layout) -> bool:
    """Whether it is a table of somebody who took days without a year for days of 1970."""
    rows = itertools.islice(records.all_of(layout), _ROWS_OF_SAMPLE)
    found = (dates.taken_apart(cells[0]) for _, _, cells in rows if cells)
    return any(each and each.year == 1970 for each in found)


def _only_serious(
    refusals: tuple[Issue, ...], seen: list[Seen], rows: list[int]
) -> tuple[Issue, ...]:
    """A file with one good table is not refused for a sheet or section that is none."""
    good = any(not s.table.kind.refused and n for s, n in zip(seen, rows, strict=True))
    lost = [each for each in refusals if each.code == "years_lost"]
    return tuple(lost) if good else refusals


def _recognised(seen: Seen, rows: int) -> Recognised:
    table, kind = seen.table, seen.table.kind
    parts = table.beside or [table]
    columns = tuple(
        ColumnFound(place.name.strip(), part.offset + place.position, place.role, place.column.unit)
        for part in parts
        for place in part.places
    )
    has_times = any(hour for hour in seen.hours) or kind.grain == "day" or table.at(DAY) >= 0
    return Recognised(
        source=kind.source,
        kind=kind.name,
        grain=kind.grain,
        line=table.line,
        columns=columns,
        not_found=table.not_found(),
        ignored=() if table.beside else table.ignored(),
        account_wide=kind.account_wide,
        zone_needed=has_times,
        zone_default=kind.zone_default,
        rows=rows,
        sheet=table.sheet,
    )
