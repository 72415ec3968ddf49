"""Files of numbers over the API: sent, previewed, answered, committed, taken back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from experiments import importing
from experiments.importing import progress
from experiments.imports.sentences import sentence
from experiments.imports.values import Issue
from experiments.models import MetricImport
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Linked, Moment, Strict, Text
from production.api.problems import Problem
from production.models import Channel


class NewFile(Strict):
    """A file, as multipart/form-data."""

    file = serializers.FileField(max_length=255, help_text=_("An export as it was downloaded."))
    channel = Linked(
        queryset=Channel.objects.all(),
        required=False,
        help_text=_("Whose account it is from; needed for numbers of the account."),
    )


class Answers(Strict):
    """What the file leaves open; what is not sent stays."""

    channel = Linked(queryset=Channel.objects.all(), required=False)
    zone = Text(required=False, max_length=64, help_text=_("Of the file's times, as in Europe/…"))
    as_of = serializers.DateField(required=False, help_text=_("The day it was exported."))
    period_start = serializers.DateField(required=False)
    period_end = serializers.DateField(required=False, help_text=_("For days without a year."))
    date_order = serializers.DictField(
        child=serializers.ChoiceField(["mdy", "dmy"]),
        required=False,
        help_text=_("By column: month first or day first."),
    )


class IssueAnswer(serializers.Serializer):
    code = serializers.CharField(max_length=60, help_text=_("For programs; never changes."))
    detail = serializers.CharField(max_length=1000)
    line = serializers.IntegerField(min_value=0, help_text=_("Of the file; 0: unknown."))
    column = serializers.CharField(max_length=500, allow_blank=True)
    count = serializers.IntegerField(min_value=1)


class FileAnswer(serializers.Serializer):
    """A file of numbers: what was understood, what is asked, what would come of it or has."""

    id = serializers.CharField(max_length=30)
    state = serializers.ChoiceField([state.value for state in MetricImport.State])
    recognised = serializers.CharField(max_length=40, allow_blank=True)
    file_name = serializers.CharField(max_length=255)
    unchanged = serializers.BooleanField(help_text=_("This very file was here already."))
    channel = serializers.CharField(max_length=30, allow_null=True)
    asks = serializers.ListField(child=serializers.CharField(max_length=20), max_length=4)
    tables = serializers.ListField(child=serializers.DictField(), max_length=1000)
    matched = serializers.IntegerField(min_value=0)
    unmatched = serializers.IntegerField(min_value=0)
    account = serializers.IntegerField(min_value=0)
    rejected_in_all = serializers.IntegerField(min_value=0)
    refusals = IssueAnswer(many=True)
    questions = IssueAnswer(many=True)
    warnings = IssueAnswer(many=True)
    rejected = IssueAnswer(many=True)
    result = serializers.DictField(child=serializers.IntegerField(min_value=0))
    progress_done = serializers.IntegerField(min_value=0)
    progress_total = serializers.IntegerField(min_value=0)
    created_at = Moment()
    applied_at = Moment(allow_null=True)
    undone_at = Moment(allow_null=True)


class MetricFiles(Door):
    noun: ClassVar[str] = "metric-files"

    @does("metric.write", body=NewFile, answer=FileAnswer, status=201, also=(200,), forms=True)
    def create(self, request: Request) -> Response:
        """Send an export: it is read, and the answer says what would come of it.

        Nothing is written before the commit. The same file again answers 200 with the first.
        """
        said = self.read(NewFile)
        if said["file"].size > settings.METRIC_FILE_LIMIT:
            raise Problem(413, "too_large")
        received = importing.receive(
            said["file"], said["file"].name, seat=self.seat, at=self.at, channel=said.get("channel")
        )
        run = received.run
        place = request.build_absolute_uri(f"{request.path}{run.public_id}/")
        answer = _write(run, unchanged=received.unchanged)
        return Response(answer, 200 if received.unchanged else 201, headers={"Location": place})

    @does("metric.write", answer=FileAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One file, and how far it is."""
        return Response(_write(self._run(id)))

    @does("metric.write", body=Answers, answer=FileAnswer, refuses=True)
    def answers(self, request: Request, id: str) -> Response:
        """Say what the file leaves open; the answer is the preview made anew."""
        run = self._run(id)
        said: dict[str, Any] = dict(self.read(Answers))
        for name in ("as_of", "period_start", "period_end"):
            if name in said:
                said[name] = said[name].isoformat()
        return Response(_write(importing.settle(run, said, seat=self.seat, at=self.at)))

    @does("metric.write", answer=FileAnswer, status=202, refuses=True)
    def commit(self, request: Request, id: str) -> Response:
        """Write the numbers down, as one unit; a worker does it, ask again for the progress."""
        return Response(_write(importing.begin(self._run(id), seat=self.seat, at=self.at)), 202)

    @does("import.undo", answer=FileAnswer, refuses=True)
    def undo(self, request: Request, id: str) -> Response:
        """Bring back what stood before the file."""
        return Response(_write(importing.undo(self._run(id), seat=self.seat, at=self.at)))

    def _run(self, id: str) -> MetricImport:
        return self.found(self._rows(), id)

    def _rows(self) -> QuerySet[MetricImport]:
        rows = MetricImport.objects.filter(workspace=self.seat.workspace)
        return rows.select_related("workspace", "source", "channel")


def _write(run: MetricImport, *, unchanged: bool = False) -> dict[str, Any]:
    report = run.report
    issues = {
        name: [_issue(each) for each in report.get(name, ())]
        for name in ("refusals", "questions", "warnings", "rejected")
    }
    counts = ("matched", "unmatched", "account", "rejected_in_all")
    return {
        "id": run.public_id,
        "state": run.state,
        "recognised": run.recognised,
        "file_name": run.file_name,
        "unchanged": unchanged,
        "channel": run.channel.public_id if run.channel else None,
        "asks": report.get("asks", []),
        "tables": report.get("tables", []),
        **{name: report.get(name, 0) for name in counts},
        **issues,
        "result": report.get("result", {}),
        "progress_done": progress.read(run),
        "progress_total": run.progress_total,
        "created_at": run.created_at,
        "applied_at": run.applied_at,
        "undone_at": run.undone_at,
    }


def _issue(said: dict[str, Any]) -> dict[str, Any]:
    return {
        "code": said["code"],
        "detail": sentence(Issue(**said)),
        "line": said["line"],
        "column": said["column"],
        "count": said["count"],
    }
