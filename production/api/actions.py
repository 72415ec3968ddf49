"""What an operation of the API declares about itself; the door acts on it, the schema shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

ANY = "any"
# operation of the table of permissions → scope a token needs for it
SCOPES = {
    "log.see": "events:read",
    "publication.see": "publications:read",
    "publication.publish": "publications:report",
    "publication.schedule": "publications:report",
    "publication.report": "publications:report",
    "publication.resolve": "publications:report",
    "channel.reconnect": "publications:report",
    "publication.lease": "publications:lease",
    "metric.write": "metrics:write",
    "import.run": "imports:run",
    "import.undo": "imports:run",
    "workspace.change": "workspace:admin",
    "workspace.delete": "workspace:admin",
    "flow.change": "workspace:admin",
    "board.change": "workspace:admin",
    "plan.change": "workspace:admin",
    "people.change": "workspace:admin",
    "token.own": "workspace:admin",
    "token.all": "workspace:admin",
    "export.make": "workspace:admin",
    "webhook.manage": "webhooks:manage",
}


@dataclass(frozen=True, slots=True)
class Action:
    operation: str  # in permissions.TABLE
    scope: str  # that a token needs; ANY: whatever it may do
    body: Any = None
    answer: Any = None
    is_page: bool = False
    is_list: bool = False  # a list that is short by nature: the envelope of a page, without pages
    status: int = 200
    also: Sequence[int] = ()  # other statuses with the same answer
    parameters: Sequence[OpenApiParameter | str] = ()
    refuses: bool = False  # the rules may say no: 409 with refusals
    versioned: bool = False  # takes If-Match
    examples: Sequence[OpenApiExample] = ()
    forms: bool = False  # takes multipart/form-data too
    media_type: str = "application/json"  # of the answer
    csv: bool = False  # answers `Accept: text/csv` with a table
    secrets: Sequence[str] = ()  # fields of the answer that are shown once and never kept

    @property
    def is_file(self) -> bool:
        """The answer is a file: it is sent and not kept, so a key would keep no promise."""
        return self.media_type == "application/octet-stream"

    @property
    def known_parameters(self) -> frozenset[str]:
        names = {each if isinstance(each, str) else each.name for each in self.parameters}
        return frozenset(names | ({"cursor", "limit", "order"} if self.is_page else set()))


def does(operation: str, *, scope: str = "", **declared: Any) -> Callable[[Any], Any]:
    """Declare a method of a `Door` as an operation of the API."""

    def decorate(method: Any) -> Any:
        method.action = Action(operation, scope or _scope_of(operation), **declared)
        return method

    return decorate


def _scope_of(operation: str) -> str:
    if operation in SCOPES:
        return SCOPES[operation]
    return (
        "content:read" if operation.endswith(".see") or operation == "search" else "content:write"
    )
