from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from production import origin, tokens
from production.errors import Invalid, NotAllowed
from production.models import Membership, Role
from production.permissions import seat_of


class Command(BaseCommand):
    help = "Make an API token and print it, alone and only this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--scopes", required=True, help=f"by comma: {','.join(tokens.SCOPES)}")
        parser.add_argument("--user", metavar="EMAIL", help="default: the first owner")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, help="how long it works; default: until revoked")

    def handle(self, *args: Any, **options: Any) -> None:
        members = Membership.objects.filter(workspace__slug=options["workspace"], removed_at=None)
        if options["user"]:
            members = members.filter(user__email__iexact=options["user"])
        else:
            members = members.filter(role=Role.OWNER)
        membership = members.select_related("user", "workspace").order_by("id").first()
        if membership is None:
            raise CommandError("There is no such person in that workspace.")
        now = timezone.now()
        days = options["days"]
        try:
            with origin.coming_from(origin.COMMAND):
                _token, plain = tokens.create(
                    seat=seat_of(membership),
                    name=options["name"],
                    scopes=[scope.strip() for scope in options["scopes"].split(",")],
                    at=now,
                    expires_at=now + timedelta(days=days) if days is not None else None,
                )
        except Invalid as invalid:
            problems = [sentence for each in invalid.errors.values() for _code, sentence in each]
            raise CommandError(" ".join(problems)) from invalid
        except NotAllowed as error:
            raise CommandError(
                f"{membership.user} may not make such a token ({error.operation})."
            ) from error
        self.stdout.write(plain)
