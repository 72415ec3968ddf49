"""What a door keeps of an answer for the second time somebody asks, and what it compares."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from rest_framework.response import Response

from production import idempotency
from production.api.reading import canonical, dumps, loads


def canonical_body(data: Any) -> bytes:
    """The body, the same for every way of writing it; files by their content."""
    if hasattr(data, "lists"):
        return canonical(
            {name: [_fingerprint(each) for each in data.getlist(name)] for name in data}
        )
    return canonical(data)


def as_answer(response: Response, secrets: Sequence[str]) -> idempotency.Answer:
    """What is kept of an answer: no secret, which is shown only once."""
    kept = {name: response[name] for name in ("Location", "ETag") if name in response}
    if response.content_type:
        kept["Content-Type"] = response.content_type
    data = response.data
    if secrets and isinstance(data, dict):
        data = data | dict.fromkeys(name for name in secrets if name in data)
    body = "" if data is None else dumps(data).decode()
    return idempotency.Answer(response.status_code, kept, body)


def replayed_answer(answer: idempotency.Answer) -> Response:
    headers = dict(answer.headers) | {"Idempotent-Replayed": "true"}
    content_type = headers.pop("Content-Type", None)
    data = loads(answer.body) if answer.body else None
    return Response(data, answer.status, headers=headers, content_type=content_type)


def _fingerprint(value: Any) -> Any:
    if not hasattr(value, "chunks"):
        return value
    content = hashlib.sha256()
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return [value.name, content.hexdigest()]
