from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from production.models import Workspace
from production.rebuild import differences, rebuild


class Command(BaseCommand):
    help = "Rebuild everything derived from the log and say what was wrong."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", help="only this one")
        parser.add_argument(
            "--check", action="store_true", help="change nothing; exit 1 when something differs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        workspaces = Workspace.objects.order_by("slug")
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
            if not workspaces:
                raise CommandError(f"There is no workspace {options['workspace']}.")
        wrong = 0
        for workspace in workspaces:
            found = differences(workspace) if options["check"] else rebuild(workspace)
            wrong += len(found)
            for each in found:
                self.stdout.write(
                    f"{workspace.slug} {each.item} {each.field}: {each.row} in the row, "
                    f"{each.log} in the log"
                )
            self.stdout.write(f"{workspace.slug}: {len(found)} differences")
        if options["check"] and wrong:
            raise CommandError("The rows are not what the log says.")
