"""JSON in and out: read with limits, so that no body can surprise what comes after it."""

from __future__ import annotations

from decimal import Decimal
from typing import IO, Any

import orjson
from django.conf import settings
from django.utils.encoding import force_str
from django.utils.functional import Promise
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.renderers import BaseRenderer
from rest_framework.utils.mediatypes import _MediaType

from production.api.problems import Problem

DEEPEST = 16
LARGEST = 2**63 - 1


class JsonIn(BaseParser):
    """UTF-8 JSON: no NUL, no number beyond 64 bits, not nested deeper than 16."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str = "", parser_context: Any = None) -> Any:
        _require_plain_utf8(media_type, parser_context)
        body = stream.read(settings.API_BODY_LIMIT + 1)
        if len(body) > settings.API_BODY_LIMIT:
            raise Problem(413, "too_large")
        if not body.strip():
            return {}
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise Problem(400, "malformed", f"Not JSON: {error}.") from None
        _check(value)
        return value


class FormIn(MultiPartParser):
    """multipart/form-data, for files."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        _require_plain_utf8(media_type or "", parser_context)
        parsed = super().parse(stream, media_type, parser_context)
        for name, values in parsed.data.lists():
            _check([name, values])
        return parsed


class JsonOut(BaseRenderer):
    """JSON, with moments in UTC."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        return b"" if data is None else dumps(data)


def dumps(data: Any) -> bytes:
    return orjson.dumps(data, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS)


def loads(text: str | bytes) -> Any:
    return orjson.loads(text)


def canonical(data: Any) -> bytes:
    """The same for every way of writing the same value."""
    return orjson.dumps(data, default=_plain, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Promise):
        return force_str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, dict):
        return dict(value)
    raise TypeError(type(value).__name__)


def _require_plain_utf8(media_type: str, context: Any) -> None:
    charset = _MediaType(media_type).params.get("charset", "utf-8")
    encoding = context["request"].META.get("HTTP_CONTENT_ENCODING", "identity") if context else ""
    if charset.lower().replace("_", "-") not in ("utf-8", "utf8") or encoding not in (
        "",
        "identity",
    ):
        raise UnsupportedMediaType(media_type)


def _check(value: Any) -> None:
    """Walk the value without recursion: one that is nested deep must not end this process."""
    level, depth = [value], 0
    while level:
        if depth > DEEPEST:
            raise Problem(400, "malformed", f"Nested deeper than {DEEPEST} levels.")
        for node in level:
            _check_plain(node)
        level = [inner for node in level for inner in _inside(node)]
        depth += 1


def _check_plain(node: Any) -> None:
    if isinstance(node, str) and "\0" in node:
        raise Problem(400, "malformed", "Text must not hold NUL.")
    if isinstance(node, int | float) and not -LARGEST - 1 <= node <= LARGEST:
        raise Problem(400, "malformed", "Numbers must fit into 64 bits.")


def _inside(node: Any) -> list[Any]:
    if isinstance(node, dict):
        return [*node, *node.values()]
    return node if isinstance(node, list) else []
