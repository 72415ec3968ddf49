from __future__ import annotations

from typing import Any

from django.utils import timezone

from experiments import demo as numbers
from experiments.register import demo as tried
from playbook import demo as learnt
from production import demo
from production.management.commands.demo import Command as Production
from production.models import Workspace


class Command(Production):
    help = "Make the demo workspace: an invented studio, ninety days of its work, its numbers."

    def handle(self, *args: Any, **options: Any) -> None:
        was_there = Workspace.objects.filter(slug=demo.DEMO_SLUG).exists()
        super().handle(*args, **options)
        if not was_there:
            now = timezone.now().replace(minute=0, second=0, microsecond=0)
            workspace = Workspace.objects.get(slug=demo.DEMO_SLUG)
            numbers.fill(workspace, now=now)
            tried.fill(workspace, now=now)
            learnt.fill(workspace, now=now)
