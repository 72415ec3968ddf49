"""The second pass: rows as plain observations, with what was mended and what was turned away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from experiments.imports import (
    dates,
    durations,
    ga4,
    identifiers,
    numbers,
    percents,
    records,
    zeros,
)
from experiments.imports.deciding import Decided
from experiments.imports.issues import Issues
from experiments.imports.kinds import (
    CAPTION,
    CONTENT,
    COUNT,
    DAY,
    DURATION,
    HOURS,
    ID,
    LABEL,
    LINK,
    MOMENT,
    PERCENT,
    PUBLISHED,
    RATIO,
    SECONDS,
    TEXT,
    TITLE,
)
from experiments.imports.recognise import Place, Table
from experiments.imports.surveying import Surveyed
from experiments.imports.values import Grain, Issue, Number, Row, Subject, Traffic
from experiments.imports.walking import Line, walk

# Read for what follows from them, or to be shown, but no numbers of ours: those are derived.
_NOT_KEPT = {DURATION, LABEL, "completion_pct", "ctr", "engagement_rate", "bounce_rate", "revenue"}
_LONGEST_TITLE = 300
_MOST_MERGED = 1000  # such lists hold fifty; of a longer one the rest stays in two rows


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used, and why."""

    issue: Issue


class _Reject(Exception):
    def __init__(self, code: str, column: str) -> None:
        super().__init__(code)
        self.code, self.column = code, column


def rows(surveyed: Surveyed, warnings: Issues | None = None) -> Iterator[Row | Rejected]:
    """Each observation of the file in turn; `warnings` collects what was mended on the way.

    A line gives several when it holds organic and paid numbers, or two posts side by side. Tables
    of the account's parts (GA4) give one for the whole.
    """
    told = Issues() if warnings is None else warnings
    readers: dict[int, _Reader] = {}
    for event in walk(records.all_of(surveyed.layout)):
        if isinstance(event, Table):
            decided = surveyed.decided[event.number]
            readers[event.number] = _Reader(event, decided, told)
        elif isinstance(event, Line) and not event.table.kind.refused:
            yield from readers[event.table.number].read(event)
    for reader in readers.values():
        yield from reader.rest()


@dataclass(slots=True)
class _Cells:
    """One row, by what its cells are."""

    texts: dict[str, str] = field(default_factory=dict)
    moments: dict[str, dates.Day] = field(default_factory=dict)
    metrics: dict[Traffic, dict[str, Number | None]] = field(default_factory=dict)
    other: dict[str, Number | None] = field(default_factory=dict)

    def keep(self, place: Place, value: Number | None) -> None:
        if place.role in _NOT_KEPT or " " in place.role:
            self.other[place.role] = value
            return
        metrics = self.metrics.setdefault(place.column.traffic, {})
        metrics[place.role] = value
        for also in place.column.also:
            metrics.setdefault(also, value)


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, table: Table, decided: Decided, warnings: Issues) -> None:
        self.table, self.decided, self.warnings = table, decided, warnings
        self._yearless: dict[int, int] = {}
        self._sums: dict[str, Number] = {}
        self._merged: dict[str, Row] = {}
        self._start, self._end = ga4.period_of(table.preamble)

    def read(self, line: Line) -> Iterator[Row | Rejected]:
        parts = self.table.beside or [self.table]
        for part in parts:
            cells = line.cells[part.offset : part.offset + part.width]
            if not any(cell.strip() for cell in cells):
                continue
            try:
                found = self._rows_of(part, cells, line.line)
            except _Reject as said:
                yield Rejected(Issue(said.code, line.line, said.column))
                continue
            for row in found:
                if self.table.kind.summed:
                    self._add(row, cells)
                elif self.table.beside and len(self._merged) < _MOST_MERGED:
                    self._merge(row)
                else:
                    yield row

    def rest(self) -> Iterator[Row]:
        """What can be told only when all rows were seen."""
        yield from self._merged.values()
        if self.table.kind.summed and self._sums:
            ga4.add_bounces(self._sums)
            yield Row(
                line=self.table.line,
                source=self.table.kind.source,
                subject=Subject(),
                grain=self._grain(),
                metrics=dict(self._sums),
                period_start=self._start,
                period_end=self._end,
                traffic="all",
            )

    def _grain(self) -> Grain:
        kind = self.table.kind.grain
        return "day" if kind == "period" and self._start and self._start == self._end else kind

    def _rows_of(self, part: Table, cells: list[str], line: int) -> list[Row]:
        found = _Cells()
        for place in part.places:
            written = cells[place.position]
            if place.column.unit == TEXT:
                found.texts[place.role] = written.strip()
            elif place.column.unit == MOMENT:
                if moment := self._moment(part, place, written, line):
                    found.moments[place.role] = moment
            else:
                value = self._number(part, place, written, line)
                self._compare_twins(part, place, cells, value, line)
                found.keep(place, value)
        subject = self._subject(part, found.texts, found.moments, line)
        day = found.moments.get(DAY)
        if part.at(DAY) >= 0 and day is None:
            raise _Reject("day_unreadable", self._name(part, DAY))
        return [
            self._row(subject, day.day if day else None, metrics, found.other, traffic, line)
            for traffic, metrics in found.metrics.items()
        ]

    def _row(
        self,
        subject: Subject,
        day: date | None,
        metrics: dict[str, Number | None],
        other: dict[str, Number | None],
        traffic: Traffic,
        line: int,
    ) -> Row:
        kind = self.table.kind
        for metric in zeros.made_missing(metrics):
            self.warnings.note("zero_means_missing", line, metric)
        row = Row(
            line, kind.source, subject, self._grain(), metrics,
            day or self._start, day or self._end, traffic,
        )  # fmt: skip
        if kind.finish:
            row = kind.finish(row, metrics, other)
        return row

    def _subject(
        self, part: Table, texts: Mapping[str, str], moments: Mapping[str, dates.Day], line: int
    ) -> Subject:
        kind = self.table.kind
        if kind.account_wide:
            return Subject()
        link = texts.get(LINK, "")
        ident = identifiers.clean(texts.get(ID, ""))
        if code := identifiers.broken(ident):
            self.warnings.note(code, line, self._name(part, ID))
            raise _Reject(code, self._name(part, ID))
        if kind.source == "youtube" and ident and not identifiers.looks_like_youtube(ident):
            self.warnings.note("id_unlike", line, self._name(part, ID))
        ident = ident or identifiers.of_link(link, kind.source)
        content = texts.get(CONTENT, "")
        publication, variant = ga4.publication_of(content)
        title = texts.get(TITLE, "") or texts.get(CAPTION, "") or content
        if not (ident or link or title):
            raise _Reject("subject_missing", self._name(part, ID) or self._name(part, LINK))
        published = moments.get(PUBLISHED)
        return Subject(
            external_id=ident[:200],
            permalink=link[:500],
            title=title[:_LONGEST_TITLE],
            published=published.moment() if published else None,
            to_the_minute=bool(published and published.clock),
            publication=publication,
            variant=variant,
        )

    def _moment(self, part: Table, place: Place, written: str, line: int) -> dates.Day | None:
        if not written.strip():
            return None
        at = part.offset + place.position
        found = dates.taken_apart(written)
        if found is None:
            self.warnings.note("date_unreadable", line, place.name.strip(), value=written[:60])
            return None
        year = 0
        if not found.year:
            turn = self._yearless.get(at, 0)
            self._yearless[at] = turn + 1
            known = self.decided.years.get(at, ())
            if turn >= len(known):
                return None
            year = known[turn]
        try:
            return dates.read(found, self.decided.orders.get(at), year)
        except ValueError:
            self.warnings.note("date_unreadable", line, place.name.strip(), value=written[:60])
            return None

    def _number(self, part: Table, place: Place, written: str, line: int) -> Number | None:
        at = part.offset + place.position
        style = self.decided.styles.get(at)
        if style is None:
            return None
        unit = place.column.unit
        try:
            if unit == SECONDS:
                value: Number | None = durations.seconds(written, style)
                return value
            value = numbers.read(written, style, whole=unit == COUNT)
            if unit == HOURS and value is not None:
                return round(value * 3600, 4)
        except ValueError:
            self.warnings.note("number_unreadable", line, place.name.strip(), value=written[:60])
            return None
        if unit in (PERCENT, RATIO):
            return percents.as_percent(value, unit, style)
        return value

    def _compare_twins(
        self, part: Table, place: Place, cells: list[str], value: Number | None, line: int
    ) -> None:
        for twin in place.twins:
            second = self._number(part, place, cells[twin], line)
            if second is not None and second != value:
                self.warnings.note("twins_differ", line, place.name.strip())

    def _add(self, row: Row, cells: list[str]) -> None:
        """A part of the account's numbers joins the sum; what is missing adds nothing."""
        for metric in ga4.SUMMED[self.table.kind.name]:
            if (value := row.metrics.get(metric)) is not None:
                self._sums[metric] = self._sums.get(metric, 0) + value
        if self.table.kind.name == "events":
            label = cells[self.table.at(LABEL)].strip()
            metric = ga4.METRIC_OF_EVENT.get(label, "")
            if metric and (value := row.metrics.get("events")) is not None:
                self._sums[metric] = value

    def _merge(self, row: Row) -> None:
        """The same post in both tables is one row with both numbers."""
        key = row.subject.external_id or row.subject.permalink
        known = self._merged.get(key)
        self._merged[key] = (
            row if known is None else replace(known, metrics={**known.metrics, **row.metrics})
        )

    def _name(self, part: Table, role: str) -> str:
        at = part.at(role)
        return part.header[at].strip() if at >= 0 else ""
