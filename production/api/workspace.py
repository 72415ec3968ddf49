from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from production import calendars, workspaces
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, Day, PublicId, StrictModel, Whole
from production.models import Workspace

CHANGEABLE = workspaces.CHANGEABLE


def _weekdays(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=Whole(min_value=1, max_value=7),
        min_length=1,
        max_length=7,
        help_text=_("ISO weekdays: 1 is Monday. They count in the mode `working`."),
        **kwargs,
    )


def _days_off(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(
        child=Day(),
        max_length=calendars.MOST_DAYS_OFF,
        help_text=_("Single days off, in order. They count in the mode `working`."),
        **kwargs,
    )


class WorkspaceAnswer(Answer):
    """One team's own room. Nothing crosses its border."""

    id = PublicId()
    working_weekdays = _weekdays(read_only=True)
    holidays = _days_off(read_only=True)

    class Meta:
        model = Workspace
        fields = ("id", "slug", "item_prefix", *CHANGEABLE, "created_at")
        read_only_fields = fields


class WorkspaceBody(StrictModel):
    working_weekdays = _weekdays(required=False)
    holidays = _days_off(required=False)

    class Meta:
        model = Workspace
        fields = CHANGEABLE


class TheWorkspace(Door):
    noun: ClassVar[str] = "workspace"

    @does("workspace.see", answer=WorkspaceAnswer)
    def retrieve(self, request: Request) -> Response:
        """The workspace of the token, or the one named in Putki-Workspace."""
        return Response(WorkspaceAnswer(self.seat.workspace).data)

    @does("workspace.change", body=WorkspaceBody, answer=WorkspaceAnswer)
    def partial_update(self, request: Request) -> Response:
        """Change the fields that are sent, and no others."""
        changes = self.read(WorkspaceBody, instance=self.seat.workspace, partial=True)
        changed = workspaces.change(changes, seat=self.seat, at=self.at)
        return Response(WorkspaceAnswer(changed).data)
