"""`manage.py import_experiments FILE --workspace SLUG`: bring experiments and results in."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from experiments import archives
from experiments.imports.sentences import sentence
from experiments.imports.values import Issue
from experiments.management.seats import owner_of
from experiments.models import ExperimentImport
from production import origin
from production.errors import Invalid, Refused
from production.models import KpiDefinition
from production.permissions import Seat
from production.sentences import say

COUNTS = ("new", "existing", "variants", "lines", "rejected_in_all")


class Command(BaseCommand):
    help = "Bring in experiments: a line for each variant and day, or the Upworthy archive."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="CSV, also packed as .gz")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--kpi", metavar="CODE", help="what the totals count")
        parser.add_argument("--dry-run", action="store_true", help="preview and stop")
        parser.add_argument("--undo", action="store_true", help="take this file back")

    def handle(self, *args: Any, **options: Any) -> None:
        seat = owner_of(options["workspace"])
        with origin.coming_from(origin.COMMAND):
            try:
                self._bring_in(options, seat)
            except Refused as refused:
                raise CommandError("\n".join(say(each) for each in refused.refusals)) from refused
            except Invalid as invalid:
                said = [text for errors in invalid.errors.values() for _, text in errors]
                raise CommandError("\n".join(map(str, said))) from invalid

    def _bring_in(self, options: dict[str, Any], seat: Seat) -> None:
        at, kpi = timezone.now(), _kpi(seat, options["kpi"])
        with options["file"].open("rb") as file:
            name = options["file"].name
            received = archives.receive(File(file), name, seat=seat, at=at, kpi=kpi)
        run = received.run
        if options["undo"]:
            undone = archives.take_back(archives.undo(run, seat=seat, at=at))
            told = undone.report["undone"]
            self.stdout.write(f"Taken back: {told['experiments']} experiments.")
            return
        if received.unchanged:
            self.stdout.write("This file is here already; nothing has changed.")
            return
        self._show(run)
        if run.report["asks"]:
            raise CommandError("Say --kpi: the file does not tell what its totals count.")
        if not options["dry_run"]:
            done = archives.apply(archives.begin(run, seat=seat, at=at)).report["result"]
            self.stdout.write(", ".join(f"{name} {count}" for name, count in done.items()))

    def _show(self, run: ExperimentImport) -> None:
        report = run.report
        if report["refusals"]:
            raise CommandError("\n".join(_said(each) for each in report["refusals"]))
        for name in COUNTS:
            self.stdout.write(f"{name}: {report[name]}")
        for issue in (*report["warnings"], *report["rejected"]):
            self.stdout.write(_said(issue))


def _kpi(seat: Seat, code: str | None) -> KpiDefinition | None:
    if not code:
        return None
    found = KpiDefinition.objects.filter(workspace=seat.workspace, code=code).first()
    if found is None:
        raise CommandError(f"No KPI of the workspace has the code {code}.")
    return found


def _said(issue: dict[str, Any]) -> str:
    return sentence(Issue(**issue))
