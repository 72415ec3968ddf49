from __future__ import annotations

from typing import Any

from django.utils import timezone

from playbook import evidence
from production.management.commands.rebuild import Command as Production
from production.models import Workspace


class Command(Production):
    help = "Rebuild everything derived, the playbook's evidence too, and say what was wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options["check"]:
            return
        workspaces = Workspace.objects.order_by("slug")
        if options["workspace"]:
            workspaces = workspaces.filter(slug=options["workspace"])
        for workspace in workspaces:
            levels = evidence.renew(workspace, at=timezone.now())
            self.stdout.write(f"{workspace.slug}: {levels} levels in the playbook")
