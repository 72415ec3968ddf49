"""What is automated in a workspace (R80): read from its keys, webhooks and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Q

from production.models import (
    ApiToken,
    CalendarFeed,
    Channel,
    GuestReviewer,
    Membership,
    WebhookEndpoint,
    Workspace,
)

CLAIMS = "publications:lease"
REPORTS = "publications:report"


@dataclass(frozen=True, slots=True)
class Program:
    """A key that opens something now: whose, what it may, on which channels (none: all)."""

    token: ApiToken
    channels: tuple[str, ...]

    @property
    def may_publish(self) -> bool:
        """It may claim what is ready, or say what became of it."""
        return bool({CLAIMS, REPORTS} & set(self.token.scopes))


@dataclass(frozen=True, slots=True)
class Receiver:
    """An address that is told of events; only its host, the rest may be a secret."""

    host: str
    description: str
    types: tuple[str, ...]  # none: everything
    is_stopped: bool


@dataclass(frozen=True, slots=True)
class Policy:
    programs: Sequence[Program]
    receivers: Sequence[Receiver]
    guests: int  # links of reviewers that are open now
    feeds: int  # secret addresses of calendars
    digests: int  # members to whom the daily e-mail goes


def policy_of(workspace: Workspace, at: datetime) -> Policy:
    """Everything that acts, or is told, without somebody of the team pressing a button."""
    names = dict(Channel.objects.filter(workspace=workspace).values_list("public_id", "name"))
    members = Membership.objects.filter(workspace=workspace, removed_at=None)
    live = Q(expires_at=None) | Q(expires_at__gt=at)
    tokens = ApiToken.objects.filter(
        live, workspace=workspace, revoked_at=None, user__in=members.values("user")
    )
    endpoints = WebhookEndpoint.objects.filter(workspace=workspace, removed_at=None)
    open_links = GuestReviewer.objects.filter(
        request__workspace=workspace, revoked_at=None, expires_at__gt=at
    )
    feeds = CalendarFeed.objects.filter(workspace=workspace, revoked_at=None)
    return Policy(
        [_program(each, names) for each in tokens.select_related("user").order_by("name", "id")],
        [_receiver(each) for each in endpoints.order_by("created_at", "id")],
        open_links.count(),
        feeds.count(),
        members.exclude(digest=Membership.Digest.OFF).count(),
    )


def _program(token: ApiToken, names: dict[str, str]) -> Program:
    return Program(token, tuple(names.get(each, each) for each in token.channels))


def _receiver(endpoint: Any) -> Receiver:
    return Receiver(
        urlsplit(endpoint.url).hostname or "",
        endpoint.description,
        tuple(endpoint.types),
        endpoint.disabled_at is not None,
    )
