from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import automation
from production.api.actions import does
from production.api.door import Door


def _words(most: int, longest: int, help_text: str = "") -> serializers.ListField:
    child = serializers.CharField(max_length=longest)
    return serializers.ListField(child=child, max_length=most, help_text=help_text)


class ProgramAnswer(serializers.Serializer):
    id = serializers.CharField(source="token.public_id", max_length=30)
    name = serializers.CharField(source="token.name", max_length=100)
    person = serializers.CharField(source="token.user.public_id", max_length=30)
    scopes = serializers.ListField(
        source="token.scopes", child=serializers.CharField(max_length=40), max_length=40
    )
    channels = serializers.ListField(
        source="token.channels",
        child=serializers.CharField(max_length=30),
        max_length=100,
        help_text="Those it may claim on; none: all of them.",
    )
    publishes = serializers.BooleanField(
        source="may_publish", help_text="It may claim what is ready, or report on it."
    )
    last_used_at = serializers.DateTimeField(source="token.last_used_at", allow_null=True)
    expires_at = serializers.DateTimeField(source="token.expires_at", allow_null=True)


class ReceiverAnswer(serializers.Serializer):
    host = serializers.CharField(max_length=255)
    description = serializers.CharField(max_length=200, allow_blank=True)
    types = _words(200, 60, "Empty: everything.")
    stopped = serializers.BooleanField(source="is_stopped")


class AutomationAnswer(serializers.Serializer):
    """What happens without anybody pressing a button, and who must press one."""

    programs = ProgramAnswer(many=True)
    receivers = ReceiverAnswer(many=True)
    min_reviewers = serializers.IntegerField(
        min_value=1, max_value=10, help_text="People who sign each version before it is ready."
    )
    guests_count = serializers.BooleanField(help_text="Signatures of guests count as well.")
    open_guest_links = serializers.IntegerField(min_value=0)
    grace_minutes = serializers.IntegerField(
        min_value=0, help_text="After its time a publication without a report is overdue."
    )
    calendar_feeds = serializers.IntegerField(min_value=0)
    daily_digests = serializers.IntegerField(min_value=0, help_text="Members who get one.")


class AutomationPolicy(Door):
    noun: ClassVar[str] = "automation"

    @does("people.see", answer=AutomationAnswer)
    def retrieve(self, request: Request) -> Response:
        """What is automated here, read from the keys, webhooks and settings as they are (R80)."""
        workspace = self.seat.workspace
        policy = automation.policy_of(workspace, self.at)
        told: dict[str, Any] = {
            "programs": policy.programs,
            "receivers": policy.receivers,
            "min_reviewers": workspace.min_reviewers,
            "guests_count": workspace.guests_count,
            "open_guest_links": policy.guests,
            "grace_minutes": workspace.grace_minutes,
            "calendar_feeds": policy.feeds,
            "daily_digests": policy.digests,
        }
        return Response(AutomationAnswer(told).data)
