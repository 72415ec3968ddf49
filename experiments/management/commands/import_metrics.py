"""`manage.py import_metrics FILE --workspace SLUG`: bring numbers in from a platform's export."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from experiments import importing
from experiments.imports.sentences import sentence
from experiments.imports.values import Issue
from experiments.management.seats import owner_of
from experiments.models import MetricImport
from production import origin
from production.errors import Invalid, Refused
from production.models import Channel
from production.permissions import Seat
from production.sentences import say

ANSWERS = ("zone", "as_of", "period_start", "period_end")


class Command(BaseCommand):
    help = "Bring in numbers from an export of YouTube, Meta, TikTok, LinkedIn or GA4."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--channel", metavar="NAME", help="for numbers of a whole account")
        parser.add_argument("--zone", metavar="ZONE", help="of the file's times; kept per source")
        parser.add_argument("--as-of", metavar="DAY", help="when it was exported; today otherwise")
        parser.add_argument("--period-start", metavar="DAY")
        parser.add_argument("--period-end", metavar="DAY", help="for days without a year")
        parser.add_argument("--date-order", choices=["mdy", "dmy"])
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
        at = timezone.now()
        with options["file"].open("rb") as file:
            received = importing.receive(File(file), options["file"].name, seat=seat, at=at)
        run = received.run
        if options["undo"]:
            undone = importing.undo(run, seat=seat, at=at)
            if undone.state == MetricImport.State.UNDOING:
                undone = importing.take_back(undone)
            self.stdout.write(f"Taken back: {undone.report['undone']} numbers.")
            return
        if received.unchanged:
            self.stdout.write("This file is here already; nothing has changed.")
            return
        if run.report["refusals"]:
            raise CommandError("\n".join(_said(each) for each in run.report["refusals"]))
        run = self._settled(run, options, seat)
        self._show(run)
        if not options["dry_run"]:
            done = importing.apply(importing.begin(run, seat=seat, at=at)).report["result"]
            self.stdout.write(", ".join(f"{name} {count}" for name, count in done.items()))

    def _settled(self, run: MetricImport, options: dict[str, Any], seat: Seat) -> MetricImport:
        said: dict[str, Any] = {name: options[name] for name in ANSWERS if options[name]}
        if options["date_order"]:
            columns = [each["column"] for each in run.report["questions"]]
            said["date_order"] = dict.fromkeys(columns, options["date_order"])
        if name := options["channel"]:
            rows = Channel.objects.filter(workspace=seat.workspace, name=name).order_by("id")
            said["channel"] = rows.first()
            if said["channel"] is None:
                raise CommandError(f"No channel is called {name}.")
        return importing.settle(run, said, seat=seat, at=timezone.now()) if said else run

    def _show(self, run: MetricImport) -> None:
        report = run.report
        for table in report["tables"]:
            self.stdout.write(f"{table['source']} {table['kind']}: {table['rows']} rows")
        for name in ("matched", "unmatched", "account", "rejected_in_all"):
            self.stdout.write(f"{name}: {report[name]}")
        for issue in (*report["questions"], *report["warnings"], *report["rejected"]):
            self.stdout.write(_said(issue))
        for name in report["asks"]:
            self.stdout.write(f"Say --{name}.")


def _said(issue: dict[str, Any]) -> str:
    return sentence(Issue(**issue))
