from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from production import demo
from production.models import Workspace


class Command(BaseCommand):
    help = "Make the demo workspace: an invented studio and ninety days of its work."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do nothing when it is there")
        parser.add_argument(
            "--print", action="store_true", help="keep login and token in the file `up` prints from"
        )
        parser.add_argument("--language", choices=["en", "fi"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        if Workspace.objects.filter(slug=demo.DEMO_SLUG).exists():
            if options["once"]:
                return
            raise CommandError(f"The workspace {demo.DEMO_SLUG} is there already.")
        now = timezone.now().replace(minute=0, second=0, microsecond=0)
        workspace, token = demo.make(options["language"], now=now)
        if options["print"]:
            self._keep({"email": demo.DEMO_EMAIL, "password": demo.DEMO_PASSWORD, "token": token})
        self.stdout.write(
            f"{workspace.name}: {workspace.items.count()} items, "
            f"{workspace.events.count()} events; "
            f"sign in as {demo.DEMO_EMAIL} with {demo.DEMO_PASSWORD}"
        )

    def _keep(self, found: dict[str, str]) -> None:
        path = settings.VAR_DIR / "demo.json"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(found, file)
