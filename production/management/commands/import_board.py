"""`manage.py import_board FILE --workspace SLUG`: bring a Trello board or a CSV calendar in."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from production import imports, origin
from production.errors import Invalid, NotAllowed, Refused
from production.imports.plan import ERRORS_KEPT, ImportProblem, Limits, Notice, RowError
from production.imports.preview import sentences_of
from production.imports.sentences import sentence
from production.models import Board, ImportRun, Membership, Role
from production.permissions import Seat, seat_of
from production.sentences import say


class Command(BaseCommand):
    help = "Bring a Trello board (JSON) or a calendar (CSV) into a workspace, or take it back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--by", metavar="EMAIL", help="who does it; the first owner otherwise")
        parser.add_argument(
            "--board", metavar="NAME", help="an existing board; a new one otherwise"
        )
        parser.add_argument(
            "--by-kind", action="store_true", help="lists of one kind share a stage"
        )
        parser.add_argument(
            "--map", type=Path, metavar="FILE", help="JSON with lists, members, columns, day_first"
        )
        parser.add_argument("--show-map", action="store_true", help="print the mapping and stop")
        parser.add_argument("--dry-run", action="store_true", help="preview and stop")
        parser.add_argument(
            "--override", action="store_true", help="past limits and gates, as the owner"
        )
        parser.add_argument("--undo", action="store_true", help="take this file back")

    def handle(self, *args: Any, **options: Any) -> None:
        seat = self._seat(options["workspace"], options["by"])
        with origin.coming_from(origin.COMMAND):
            try:
                if options["undo"]:
                    self._undo(options["file"], seat)
                else:
                    self._bring_in(options, seat)
            except ImportProblem as problem:
                raise CommandError(sentence(problem)) from problem
            except Refused as refused:
                raise CommandError("\n".join(say(each) for each in refused.refusals)) from refused
            except Invalid as invalid:
                said = [f"{name}: {text}" for name, errors in invalid.errors.items()
                        for _, text in errors]  # fmt: skip
                raise CommandError("\n".join(said)) from invalid
            except NotAllowed as no:
                raise CommandError(f"{seat.user.email} may not do that.") from no

    def _bring_in(self, options: dict[str, Any], seat: Seat) -> None:
        path: Path = options["file"]
        board = self._board(seat, options["board"]) if options["board"] else None
        data = self._bytes(path, Limits().bytes)
        received = imports.receive(data, path.name, seat=seat, at=timezone.now(), board=board)
        run = received.run
        if received.unchanged:
            self.stdout.write(f"{path.name} is in the workspace already; nothing has changed.")
            return
        said = self._said(options)
        if said:
            run = imports.settle(run, said, seat=seat, at=timezone.now())
        if options["show_map"]:
            self.stdout.write(json.dumps(run.mapping, indent=2, ensure_ascii=False))
            return
        self._tell_preview(run)
        if options["dry_run"]:
            return
        run = imports.begin(run, seat=seat, at=timezone.now(), override=options["override"])
        run = imports.apply(run)
        self._tell_result(run)

    def _said(self, options: dict[str, Any]) -> dict[str, Any]:
        said: dict[str, Any] = {}
        if options["by_kind"]:
            said["by_kind"] = True
        if options["map"]:
            try:
                chosen = json.loads(self._bytes(options["map"], 1_000_000))
            except (ValueError, RecursionError) as error:
                raise CommandError(f"{options['map']} is not JSON: {error}") from error
            if not isinstance(chosen, dict):
                raise CommandError(f"{options['map']} must hold an object.")
            said |= chosen
        return said

    def _undo(self, path: Path, seat: Seat) -> None:
        digest = imports.digest_of(self._bytes(path, Limits().bytes))
        run = ImportRun.objects.filter(
            workspace=seat.workspace, digest=digest, state=ImportRun.State.APPLIED
        ).first()
        if run is None:
            raise CommandError(f"{path.name} is not in the workspace.")
        items = run.items.count()
        imports.undo(run, seat=seat, at=timezone.now())
        self.stdout.write(f"Taken back: {items} cards and all that came with them.")

    def _tell_preview(self, run: ImportRun) -> None:
        report = run.report
        for notice in report["notices"]:
            self.stdout.write(f"- {sentence(Notice(**notice))}")
        for error in report["errors"]:
            self.stdout.write(self.style.WARNING(f"! {sentence(RowError(**error))}"))
        if report["errors_in_all"] > ERRORS_KEPT:
            self.stdout.write(f"! {report['errors_in_all'] - ERRORS_KEPT} more were left out.")
        for question in report["questions"]:
            self.stdout.write(f"? {sentence(Notice(question))}")
        for refused in sentences_of(report):
            self.stdout.write(self.style.WARNING(f"! {refused}"))
        if report["moves_merged"]:
            self.stdout.write(
                f"- {report['merged_lists']} lists share a stage with another: "
                f"{report['moves_merged']} moves between them are no moves here."
            )
        if report["cards_already_here"]:
            self.stdout.write(f"- {report['cards_already_here']} cards are here already.")

    def _tell_result(self, run: ImportRun) -> None:
        made = run.report["result"]
        said = ", ".join(f"{count} {name}" for name, count in made.items())
        self.stdout.write(self.style.SUCCESS(f"{run.board}: {said}."))

    def _seat(self, slug: str, email: str | None) -> Seat:
        seats = Membership.objects.filter(workspace__slug=slug, removed_at=None)
        seats = seats.filter(user__email__iexact=email) if email else seats.filter(role=Role.OWNER)
        membership = seats.select_related("user", "workspace").order_by("id").first()
        if membership is None:
            raise CommandError(f"Nobody like that sits in a workspace {slug!r}.")
        return seat_of(membership)

    def _board(self, seat: Seat, name: str) -> Board:
        board = Board.objects.filter(workspace=seat.workspace, name=name, archived_at=None).first()
        if board is None:
            raise CommandError(f"There is no board {name!r}.")
        return board

    def _bytes(self, path: Path, limit: int) -> bytes:
        try:
            with path.open("rb") as file:
                data = file.read(limit + 1)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        return data
