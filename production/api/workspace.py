from __future__ import annotations

from typing import ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from production import workspaces
from production.api.actions import does
from production.api.door import Door
from production.api.fields import Answer, PublicId, StrictModel
from production.models import Workspace

CHANGEABLE = workspaces.CHANGEABLE


class WorkspaceAnswer(Answer):
    """One team's own room. Nothing crosses its border."""

    id = PublicId()

    class Meta:
        model = Workspace
        fields = ("id", "slug", "item_prefix", *CHANGEABLE, "created_at")
        read_only_fields = fields


class WorkspaceBody(StrictModel):
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
