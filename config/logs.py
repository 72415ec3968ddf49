"""How a log line is made: who asked, what happened, when (UTC), and never a secret."""

from collections.abc import MutableMapping
from typing import Any

import structlog

Line = MutableMapping[str, Any]

SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie", "sessionid", "api_key")


def hide_secrets(_logger: Any, _method: str, line: Line) -> Line:
    """Blank every value whose name says that it is nobody's business."""
    for name in line:
        if any(word in name.lower() for word in SECRET_WORDS):
            line[name] = "…"
    return line


SHARED_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    hide_secrets,
]


def renderers(*, as_json: bool) -> list[Any]:
    """The last steps: JSON for machines, aligned words for a person at a terminal."""
    strip = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if as_json:
        return [
            strip,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    return [strip, structlog.dev.ConsoleRenderer(colors=False)]
