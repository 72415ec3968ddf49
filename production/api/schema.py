"""The OpenAPI document, read off what every operation declares about itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from production.api.actions import Action
from production.api.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from production.api.door import Door

ID = {"type": "string", "pattern": "^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$", "maxLength": 30}
LONGEST_TEXT, MOST_ENTRIES, LARGEST = 200_000, 1_000, 2**63 - 1

PAGE_PARAMETERS = (
    OpenApiParameter(
        "cursor",
        {"type": "string", "maxLength": 1000},
        description="Where the page before ended: its `next_cursor`.",
    ),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
        description="How many rows at most.",
    ),
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "maxLength": 100},
    "header",
    description='The version you have seen, as its ETag: `"7"`. Another one now is a 412.',
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    {"type": "string", "maxLength": 1000},
    "header",
    description="The ETag you have. Unchanged since: 304, and it counts against no limit.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[ -~]+$"},
    "header",
    description="The same key again gets the same answer and has no second effect, for 72 hours.",
)
ETAG = OpenApiParameter(
    "ETag", {"type": "string", "maxLength": 100}, "header", response=[200, 201],
    description="The version, for If-Match and If-None-Match.",
)  # fmt: skip


class FieldError(serializers.Serializer):
    field = serializers.CharField(help_text="Where: `title`, `pieces[2].hook`.", max_length=300)
    code = serializers.CharField(help_text="For programs; never changes.", max_length=60)
    message = serializers.CharField(help_text="For people.", max_length=1000)


class RefusalAnswer(serializers.Serializer):
    code = serializers.CharField(help_text="For programs; never changes.", max_length=60)
    detail = serializers.CharField(
        help_text="What stands in the way and what to do, in the caller's language.",
        max_length=1000,
    )
    params = serializers.DictField(help_text="The names and numbers in the sentence.")
    overridable = serializers.BooleanField(help_text="An owner may overrule it with a reason.")


class ProblemDocument(serializers.Serializer):
    """RFC 9457: why not, for programs and for people."""

    type = serializers.CharField(help_text="urn:putki:problem:…", max_length=100)
    title = serializers.CharField(max_length=100)
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField(max_length=10_000)
    instance = serializers.CharField(help_text="urn:putki:request:…", max_length=100)
    code = serializers.CharField(help_text="For programs; never changes.", max_length=60)
    request_id = serializers.CharField(max_length=64)
    errors = FieldError(many=True, required=False, help_text="400: every field at fault.")
    refusals = RefusalAnswer(many=True, required=False, help_text="409 refused: every reason.")
    current_version = serializers.IntegerField(required=False, min_value=0, max_value=2**31)
    current = serializers.DictField(required=False, help_text="412: the values now.")
    yours = serializers.DictField(required=False, help_text="412: the values you sent.")


class DoorSchema(AutoSchema):
    """Every operation with its permission, scope, parameters, answers and problems."""

    view: Door

    @property
    def declared(self) -> Action:
        return getattr(self.view, self.view.action).action

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            operation["x-permission"] = self.declared.operation
            operation["x-scope"] = self.declared.scope
        return operation

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # lists come in an envelope, which is an object

    def get_operation_id(self) -> str:
        return f"{self.view.noun}_{self.view.action}".replace("-", "_")

    def get_tags(self) -> list[str]:
        return [self.view.noun]

    def get_summary(self) -> str:
        text = getattr(self.view, self.view.action).__doc__ or ""
        return text.strip().split("\n")[0].rstrip(".")

    def get_description(self) -> str:
        text = getattr(self.view, self.view.action).__doc__ or ""
        lines = [line.strip() for line in text.strip().split("\n")]
        asked = f"Permission `{self.declared.operation}`, scope `{self.declared.scope}`."
        return "\n".join([*lines, "", asked])

    def get_override_parameters(self) -> list[Any]:
        action = self.declared
        parameters = [each for each in action.parameters if not isinstance(each, str)]
        if action.is_page:
            parameters += PAGE_PARAMETERS
        if action.versioned and self.method == "GET":
            parameters.append(IF_NONE_MATCH)
        elif action.versioned:
            parameters.append(IF_MATCH)
        if action.versioned:
            parameters.append(ETAG)
        if self.method == "POST" and not action.is_file:
            parameters.append(IDEMPOTENCY_KEY)
        return parameters

    def _resolve_path_parameters(self, variables: list[str]) -> list[Any]:
        parameters = super()._resolve_path_parameters(variables)
        for parameter in parameters:
            if parameter["schema"].get("type") == "string":
                parameter["schema"] = dict(ID)
            else:
                parameter["schema"] |= {"minimum": 1, "maximum": 2**31 - 1}
        return parameters

    def get_request_serializer(self) -> Any:
        body = self.declared.body
        if body is None:
            return None
        types = ["multipart/form-data"] if self.declared.forms else []
        return dict.fromkeys(["application/json", *types], body)

    def get_response_serializers(self) -> Any:
        action = self.declared
        is_many = action.is_page or action.is_list
        answer = _page_of(action.answer) if is_many else action.answer
        answers: dict[Any, Any] = {}
        if answer is None:
            answers[action.status] = OpenApiResponse(description="Done.")
        else:
            answers[action.status, action.media_type] = answer
        for status in action.also:
            answers[status, action.media_type] = answer
        if action.csv:
            answers[action.status, "text/csv"] = OpenApiTypes.STR
        if action.versioned and self.method == "GET":
            answers[304] = OpenApiResponse(description="You have it already.")
        for status in self._problem_statuses():
            answers[status, MEDIA_TYPE] = ProblemDocument
        return answers

    def get_examples(self) -> list[OpenApiExample]:
        return list(self.declared.examples)

    def _problem_statuses(self) -> list[int]:
        statuses = {400, 401, 403, 404, 405, 406, 414, 429, 503}
        if self.method != "GET":
            statuses |= {409}
        if self.declared.body is not None or self.method == "POST":
            statuses |= {413, 415}
        if self.method == "POST":
            statuses |= {422}
        if self.declared.versioned:
            statuses |= {412}
        return sorted(statuses)


def _page_of(entry: Any) -> type[serializers.Serializer]:
    """The envelope of a list, named after what it holds; one class per kind of row."""
    if entry not in _pages:
        rows = entry(many=True, help_text="The rows of this page.")
        _pages[entry] = type(
            f"{entry.__name__}Page",
            (serializers.Serializer,),
            {
                "data": rows,
                "next_cursor": serializers.CharField(
                    allow_null=True,
                    max_length=1000,
                    help_text="For the next page; null at the end.",
                ),
                "server_time": serializers.DateTimeField(),
            },
        )
    return _pages[entry]


_pages: dict[Any, type[serializers.Serializer]] = {}


class BearerScheme(OpenApiAuthenticationExtension):
    target_class = "production.api.auth.Bearer"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token of one workspace: `Authorization: Bearer putki_…`",
        }


class SessionScheme(OpenApiAuthenticationExtension):
    target_class = "production.api.auth.Session"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "A signed-in browser, with Putki-Workspace; X-CSRFToken to change.",
        }


def bound(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """No text, list or number without a bound; no body with fields that are not named."""
    components = result.get("components", {}).get("schemas", {})
    for name, schema in components.items():
        if name.endswith("Request") and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
    _bound(result)
    return result


def _bound(node: Any) -> None:
    if isinstance(node, dict):
        _bound_one(node)
        node = [inner for key, inner in node.items() if key not in _NOT_SCHEMAS]
    if isinstance(node, list):
        for inner in node:
            _bound(inner)


def _bound_one(node: dict[str, Any]) -> None:
    kinds = node.get("type")
    is_open = not {"enum", "const", "format"} & node.keys()
    for kind in [kinds] if isinstance(kinds, str) else kinds if isinstance(kinds, list) else []:
        if is_open or kind == "array":
            for name, value in _BOUNDS.get(kind, {}).items():
                node.setdefault(name, value)


_NOT_SCHEMAS = ("example", "examples", "default", "enum")
_BOUNDS = {
    "string": {"maxLength": LONGEST_TEXT},
    "array": {"maxItems": MOST_ENTRIES},
    "integer": {"minimum": -LARGEST, "maximum": LARGEST},
}
