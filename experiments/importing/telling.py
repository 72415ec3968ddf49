"""From what a file says to what is written down: subjects matched, moments given their zone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from experiments import metrics, observations
from experiments.importing.matching import Matcher
from experiments.imports import reading, surveying
from experiments.imports.issues import Issues
from experiments.imports.reading import Rejected
from experiments.imports.surveying import Surveyed
from experiments.imports.values import Answers, Issue
from experiments.imports.values import Row as Said
from experiments.models import Grain, MetricImport, Traffic

TRAFFICS = {"all": Traffic.ALL, "organic": Traffic.ORGANIC, "paid": Traffic.PAID}
# The tool a file comes from; its zone is asked once.
TOOLS = {
    "youtube": "YouTube Studio",
    "instagram": "Meta Business Suite",
    "facebook": "Meta Business Suite",
    "meta": "Meta Business Suite",
    "tiktok": "TikTok",
    "linkedin": "LinkedIn",
    "ga4": "Google Analytics 4",
}
KEPT = 100  # examples of posts and rows that a report names


@dataclass(slots=True)
class Telling:
    """One walk over the file's rows, with what was met on the way."""

    run: MetricImport
    surveyed: Surveyed
    zone: ZoneInfo
    matcher: Matcher
    warnings: Issues = field(default_factory=Issues)
    taken: int = 0
    matched: int = 0
    unmatched: int = 0
    account: int = 0
    rejected: list[Issue] = field(default_factory=list)
    rejected_in_all: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)

    def rows(self) -> Iterator[observations.Row]:
        """Each row as it is written down; rows that cannot be taken are counted with reasons."""
        for said in reading.rows(self.surveyed, self.warnings):
            if isinstance(said, Rejected):
                self._reject(said.issue)
            elif (row := self._row(said)) is not None:
                self.taken += 1
                yield row

    def _row(self, said: Said) -> observations.Row | None:
        as_of, period = self._when(said)
        values = {code: said.metrics[code] for code in said.metrics if code in metrics.BY_CODE}
        curve = None
        if said.curve:
            curve = observations.Curve(said.curve.axis, said.curve.points)
        row = observations.Row(
            as_of=as_of,
            period=period,
            values=values,
            grain=Grain.DAY if said.grain == "day" else Grain.LIFETIME,
            traffic=TRAFFICS[said.traffic],
            curve=curve,
        )
        for name, _code in observations.faults(row):
            self.warnings.note("value_impossible", said.line, name)
            if name == "curve":
                row = replace(row, curve=None)
            else:
                row = replace(row, values={**row.values, name: None})
        if all(value is None for value in row.values.values()) and row.curve is None:
            return None
        return self._about(row, said)

    def _about(self, row: observations.Row, said: Said) -> observations.Row:
        channel = self.run.channel_id
        subject = said.subject
        if not (subject.external_id or subject.permalink or subject.title or subject.publication):
            self.account += 1
            return replace(row, channel=None if said.source == "ga4" else channel)
        if (found := self.matcher.find(subject, said.source, self.zone)) is not None:
            self.matched += 1
            return replace(row, publication=found)
        self.unmatched += 1
        if len(self.examples) < KEPT:
            shown = subject.title or subject.permalink or subject.external_id
            self.examples.append({"title": shown[:120], "permalink": subject.permalink})
        published = None
        if subject.published:
            published = subject.published.replace(tzinfo=self.zone).astimezone(UTC)
        unknown = observations.UnknownPost(
            said.source, subject.external_id, subject.permalink, subject.title, published
        )
        return replace(row, channel=channel, unknown=unknown)

    def _when(self, said: Said) -> tuple[datetime, date]:
        as_of = as_of_run(self.run, self.zone)
        if said.period_end is None:
            return as_of, as_of.astimezone(self.zone).date()
        end = datetime.combine(said.period_end + timedelta(days=1), time(), self.zone)
        # A day that was exported later is known later: the newer export stands.
        return max(as_of, end) if said.grain == "day" else end, said.period_end

    def _reject(self, issue: Issue) -> None:
        self.rejected_in_all += 1
        if len(self.rejected) < KEPT:
            self.rejected.append(issue)


def telling_of(run: MetricImport, surveyed: Surveyed) -> Telling:
    return Telling(run, surveyed, zone_of(run), Matcher(run.workspace))


def surveyed_of(run: MetricImport) -> Surveyed:
    """The run's file, looked at with what the person has answered."""
    said = run.answers
    start, end = said.get("period_start"), said.get("period_end")
    answers = Answers(
        date_order=said.get("date_order") or {},
        period_start=date.fromisoformat(start) if start else None,
        period_end=date.fromisoformat(end) if end else None,
    )
    return surveying.survey(Path(run.file.path), answers)


def zone_of(run: MetricImport) -> ZoneInfo:
    """That of the source once it was told, else the one proposed, else the workspace's."""
    told = run.answers.get("zone") or (run.source.time_zone if run.source else "")
    return ZoneInfo(told or run.report.get("zone_default") or run.workspace.time_zone)


def as_of_run(run: MetricImport, zone: ZoneInfo) -> datetime:
    """When the numbers were so: the end of the day told, else when the file came."""
    if told := run.answers.get("as_of"):
        end = datetime.combine(date.fromisoformat(told) + timedelta(days=1), time(), zone)
        return min(end.astimezone(UTC), run.created_at)
    return run.created_at


def plain(issue: Issue) -> dict[str, Any]:
    """The issue as a report keeps it."""
    return {
        "code": issue.code,
        "line": issue.line,
        "column": issue.column,
        "count": issue.count,
        "params": dict(issue.params),
    }
