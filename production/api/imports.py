from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import imports, rules
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Linked, Moment, Strict, Text, Truth, Whole
from production.api.problems import Problem, invalid, spoken
from production.api.schema import RefusalAnswer
from production.imports import progress
from production.imports.csvfile import FIELDS
from production.imports.plan import ImportProblem, Limits, Notice, RowError
from production.imports.sentences import sentence
from production.models import Board, ImportRun

ORDERS = {"created": "created_at"}
_BOARD = Board.objects.filter(archived_at=None)


class NewImport(Strict):
    """A file, as multipart/form-data."""

    file = serializers.FileField(
        max_length=255, help_text=_("A Trello board (JSON) or a table of posts (CSV).")
    )
    board = Linked(
        queryset=_BOARD,
        required=False,
        help_text=_("Without one: the board of an earlier file with the same cards, or a new one."),
    )


class ListTarget(Strict):
    """What becomes of a list of the file."""

    how = serializers.ChoiceField(
        ["new", "stage", "merge", "skip"],
        help_text=_("A new stage, an existing one, part of another list's, or nothing."),
    )
    kind = Text(required=False, max_length=10, help_text=", ".join(rules.KINDS))
    name = Text(required=False, allow_blank=True, max_length=60)
    waiting = Truth(required=False)
    stage = Text(required=False, allow_blank=True, max_length=30, help_text=_("For `stage`."))
    into = Text(
        required=False, allow_blank=True, max_length=64, help_text=_("For `merge`: a list's id.")
    )


class MappingIn(Strict):
    """What is sent is taken over, what is not sent stays."""

    board = Text(required=False, allow_blank=True, max_length=30, help_text=_("Empty: a new one."))
    board_name = Text(required=False, max_length=100)
    by_kind = Truth(
        required=False,
        help_text=_("Propose anew: true for a stage per kind, false for a stage per list."),
    )
    lists = serializers.DictField(child=ListTarget(), required=False, help_text=_("By list id."))
    members = serializers.DictField(
        child=Text(allow_blank=True, max_length=30),
        required=False,
        help_text=_("Person's id by member id; empty keeps the name only."),
    )
    columns = serializers.DictField(
        child=Whole(min_value=0, max_value=1000),
        required=False,
        allow_null=True,
        help_text=_("CSV: number of the column by field: ") + ", ".join(FIELDS),
    )
    day_first = Truth(
        required=False, allow_null=True, help_text=_("CSV: whether 3/4 is the 3rd of April.")
    )


class Commit(Strict):
    override = Truth(
        required=False, default=False, help_text=_("An owner sets limits and gates aside.")
    )


class RemarkAnswer(serializers.Serializer):
    code = serializers.CharField(max_length=60, help_text=_("For programs; never changes."))
    detail = serializers.CharField(max_length=1000)
    line = serializers.IntegerField(min_value=0, help_text=_("Of the file; 0: unknown."))
    where = serializers.CharField(max_length=500)


class ImportAnswer(serializers.Serializer):
    """A file on its way in: what it holds, what would come of it or has."""

    id = serializers.CharField(max_length=30)
    state = serializers.ChoiceField([state.value for state in ImportRun.State])
    kind = serializers.CharField(max_length=10, help_text="trello, csv")
    file_name = serializers.CharField(max_length=255)
    digest = serializers.CharField(max_length=64, help_text=_("SHA-256 of the file."))
    unchanged = serializers.BooleanField(
        help_text=_("This very file was here already; nothing has changed.")
    )
    board = serializers.CharField(max_length=30, allow_null=True)
    mapping = serializers.DictField()
    counts = serializers.DictField(
        child=serializers.IntegerField(min_value=0), help_text=_("What the file holds.")
    )
    will_make = serializers.DictField(help_text=_("What a commit makes, by kind of thing."))
    made = serializers.DictField(help_text=_("What the commit made; empty before."))
    moves_merged = serializers.IntegerField(
        min_value=0, help_text=_("Moves between lists that share a stage: no moves here.")
    )
    cards_already_here = serializers.IntegerField(min_value=0)
    history_from = serializers.CharField(
        max_length=40, allow_null=True, help_text=_("What happened before is not in the file.")
    )
    remarks = RemarkAnswer(many=True)
    rejected = RemarkAnswer(many=True, help_text=_("Rows left out; the first hundred."))
    rejected_in_all = serializers.IntegerField(min_value=0)
    questions = RemarkAnswer(many=True, help_text=_("To be answered before a commit."))
    refusals = RefusalAnswer(many=True, help_text=_("What an owner would have to override."))
    progress_done = serializers.IntegerField(min_value=0)
    progress_total = serializers.IntegerField(min_value=0)
    created_at = Moment()
    applied_at = Moment(allow_null=True)
    undone_at = Moment(allow_null=True)


class Imports(Door):
    noun: ClassVar[str] = "imports"

    @does("import.run", answer=ImportAnswer, is_page=True)
    def list(self, request: Request) -> Response:
        """Files brought in, oldest first."""
        return self.page(self._rows(), _write, ORDERS)

    @does("import.run", body=NewImport, answer=ImportAnswer, status=201, also=(200,), forms=True)
    def create(self, request: Request) -> Response:
        """Send a file: it is read, and the answer says what would come of it.

        Nothing is made before the commit. The same file again answers 200 with the first import.
        """
        said = self.read(NewImport)
        limits = Limits(bytes=settings.UPLOAD_LIMIT)
        if said["file"].size > limits.bytes:
            raise Problem(413, "too_large")
        try:
            received = imports.receive(
                said["file"].read(),
                said["file"].name,
                seat=self.seat,
                at=self.at,
                board=said.get("board"),
                limits=limits,
            )
        except ImportProblem as problem:
            raise _bad("file", problem) from None
        run = received.run
        place = request.build_absolute_uri(f"{request.path}{run.public_id}/")
        answer = _write(run, unchanged=received.unchanged)
        return Response(answer, 200 if received.unchanged else 201, headers={"Location": place})

    @does("import.run", answer=ImportAnswer)
    def retrieve(self, request: Request, id: str) -> Response:
        """One import, and how far it is."""
        return Response(_write(self._run(id)))

    @does("import.run", body=MappingIn, answer=ImportAnswer, refuses=True)
    def mapping(self, request: Request, id: str) -> Response:
        """Say where lists and people go; the answer is the preview made anew."""
        run = self._run(id)
        said = self.read(MappingIn)
        try:
            return Response(_write(imports.settle(run, said, seat=self.seat, at=self.at)))
        except ImportProblem as problem:
            raise _bad("columns", problem) from None

    @does("import.run", body=Commit, answer=ImportAnswer, status=202, refuses=True)
    def commit(self, request: Request, id: str) -> Response:
        """Bring the file in, as one unit; a worker does it, ask again for the progress."""
        run, override = self._run(id), self.read(Commit)["override"]
        run = imports.begin(run, seat=self.seat, at=self.at, override=override, in_background=True)
        return Response(_write(run), 202)

    @does("import.undo", answer=ImportAnswer, refuses=True)
    def undo(self, request: Request, id: str) -> Response:
        """Take back everything the import made, as one unit."""
        return Response(_write(imports.undo(self._run(id), seat=self.seat, at=self.at)))

    def _run(self, id: str) -> ImportRun:
        return self.found(self._rows(), id)

    def _rows(self) -> QuerySet[ImportRun]:
        rows = ImportRun.objects.filter(workspace=self.seat.workspace)
        return rows.select_related("workspace", "board")


def _bad(field: str, problem: ImportProblem) -> Problem:
    return invalid([{"field": field, "code": problem.code, "message": sentence(problem)}])


def _write(run: ImportRun, *, unchanged: bool = False) -> dict[str, Any]:
    report = run.report
    refusals = [rules.Refusal(each["code"], each["params"]) for each in report.get("refusals", ())]
    return {
        "id": run.public_id,
        "state": run.state,
        "kind": run.kind,
        "file_name": run.file_name,
        "digest": run.digest,
        "unchanged": unchanged,
        "board": run.board.public_id if run.board else None,
        "mapping": run.mapping,
        "counts": report.get("counts", {}),
        "will_make": report.get("will_make", {}),
        "made": report.get("result", {}),
        "moves_merged": report.get("moves_merged", 0),
        "cards_already_here": report.get("cards_already_here", 0),
        "history_from": report.get("history_from"),
        "remarks": [_remark(Notice(**each)) for each in report.get("notices", ())],
        "rejected": [_remark(RowError(**each)) for each in report.get("errors", ())],
        "rejected_in_all": report.get("errors_in_all", 0),
        "questions": [_remark(Notice(code)) for code in report.get("questions", ())],
        "refusals": [spoken(each) for each in refusals],
        "progress_done": progress.read(run),
        "progress_total": run.progress_total,
        "created_at": run.created_at,
        "applied_at": run.applied_at,
        "undone_at": run.undone_at,
    }


def _remark(said: Notice | RowError) -> dict[str, Any]:
    line = said.line if isinstance(said, RowError) else said.params.get("line", 0)
    return {"code": said.code, "detail": sentence(said), "line": line, "where": said.where}
