"""What is decided for whole columns after the first pass: order of dates, signs, scale, years."""

from __future__ import annotations

from dataclasses import dataclass, field

from experiments.imports import dates, numbers, percents, years
from experiments.imports.dates import Written
from experiments.imports.issues import Issues
from experiments.imports.kinds import COUNT, MOMENT, NUMERIC, PERCENT, RATIO
from experiments.imports.recognise import Place, Table
from experiments.imports.values import Answers, DateOrder


@dataclass(slots=True)
class Seen:
    """What the first pass saw of one table."""

    table: Table
    numbers: dict[int, numbers.Evidence] = field(default_factory=dict)
    dates: dict[int, dates.Evidence] = field(default_factory=dict)
    yearless: dict[int, list[years.MonthDay]] = field(default_factory=dict)
    early: int = 0  # days before any platform
    hours: set[int] = field(default_factory=set)

    def look(self, cells: list[str], parts: list[Table]) -> None:
        """Take one more row into account."""
        for part in parts:
            for place in part.places:
                written = cells[part.offset + place.position]
                if written:
                    self._see(part.offset + place.position, place, written)

    def _see(self, at: int, place: Place, written: str) -> None:
        if place.column.unit in NUMERIC:
            if at not in self.numbers:
                self.numbers[at] = numbers.Evidence()
            self.numbers[at].see(written)
        elif place.column.unit == MOMENT:
            if at not in self.dates:
                self.dates[at] = dates.Evidence()
            if found := self.dates[at].see(written):
                self._see_day(at, found)

    def _see_day(self, at: int, found: Written) -> None:
        if not found.year:
            days = self.yearless.setdefault(at, [])
            if len(days) <= years.MOST:
                days.append((found.one, found.two))
        elif found.year < dates.FIRST_YEAR:
            self.early += 1
        if found.clock:
            self.hours.add(found.clock[0])


@dataclass(slots=True)
class Decided:
    """How the columns of one table are to be read. `None` for a style: not to be read at all."""

    styles: dict[int, numbers.Style | None] = field(default_factory=dict)
    orders: dict[int, DateOrder | None] = field(default_factory=dict)
    years: dict[int, list[int]] = field(default_factory=dict)


def decide(
    seen: Seen, answers: Answers, delimiter: str, warnings: Issues, questions: Issues
) -> Decided:
    """Decide for each column, telling what could not be decided."""
    result = Decided()
    table = seen.table
    for part in table.beside or [table]:
        for place in part.places:
            at = part.offset + place.position
            if place.column.unit in NUMERIC:
                result.styles[at] = _style(seen.numbers.get(at), place, delimiter, table, warnings)
            elif place.column.unit == MOMENT and at in seen.dates:
                _order(seen, at, place, answers, result, questions)
    return result


def _style(
    seen: numbers.Evidence | None, place: Place, delimiter: str, table: Table, warnings: Issues
) -> numbers.Style | None:
    if seen is None:
        return numbers.Style()
    unit, name = place.column.unit, place.name.strip()
    style = numbers.style_of(seen, whole=unit == COUNT, delimiter=delimiter)
    if style is None:
        warnings.note("numbers_mixed", table.line, name)
        return None
    if unit in (PERCENT, RATIO) and not percents.scale_is_clear(unit, seen, style):
        warnings.note("scale_unclear", table.line, name)
        return None
    if seen.rounded:
        warnings.note("numbers_rounded", table.line, name)
    return style


def _order(
    seen: Seen, at: int, place: Place, answers: Answers, result: Decided, questions: Issues
) -> None:
    evidence, name, line = seen.dates[at], place.name.strip(), seen.table.line
    said = answers.date_order.get(name)
    if evidence.numeric:
        result.orders[at] = said or evidence.order(seen.table.kind.date_order)
        examples = ", ".join(evidence.examples)
        if said is None and evidence.mixed:
            result.orders[at] = None
            questions.note("dates_mixed", line, name, examples=examples)
        elif result.orders[at] is None:
            questions.note("date_order", line, name, examples=examples)
    if days := seen.yearless.get(at):
        end = answers.period_end
        found = years.years_of(days, start=answers.period_start, end=end) if end else None
        if found is None:
            first, last = days[0], days[-1]
            shown = f"{first[0]}/{first[1]} – {last[0]}/{last[1]}"
            questions.note("year_ambiguous" if end else "year_missing", line, name, examples=shown)
        else:
            result.years[at] = found
