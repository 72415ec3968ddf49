"""What may be written on a publication, checked and in the form in which it is stored."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from production import parts
from production.assets.store import address
from production.errors import Invalid

MOST_TAGS = 30
_LIMITS = {
    "title": 200, "caption": 10_000, "first_comment": 2_200, "link_url": 500, "permalink": 500,
    "variant": 20,
}  # fmt: skip
LONGEST_SETTINGS = 4_000
LONGEST_DELAY = 24 * 3600

# What the public will see, and so what a signature covers.
CONTENT = (
    "title", "caption", "hashtags", "mentions", "first_comment", "first_comment_delay",
    "first_comment_required", "link_url", "platform_settings", "variant",
)  # fmt: skip
WRITABLE = (*CONTENT, "allow_duplicate", "priority")


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are stored. Raises Invalid with every field that cannot be."""
    found: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for name, value in values.items():
        try:
            found[name] = _READERS[name](name, value)
        except Invalid as refused:
            wrong |= refused.errors
    if wrong:
        raise Invalid(wrong)
    return found


def _line(name: str, value: str) -> str:
    return parts.line_of(name, value, limit=_LIMITS[name])


def _text(name: str, value: str) -> str:
    return parts.text_of(name, value, limit=_LIMITS[name])


def _address(name: str, value: str) -> str:
    return address(name, value, limit=_LIMITS[name], required=False)


def _tags(sign: str) -> Callable[[str, Any], list[str]]:
    def read(name: str, value: Any) -> list[str]:
        if len(value) > MOST_TAGS:
            sentence = _("At most %(limit)s fit here.") % {"limit": MOST_TAGS}
            raise Invalid({name: [("too_many", sentence)]})
        tags = [sign + str(each).strip().lstrip(sign) for each in value]
        for tag in tags:
            parts.text_of(name, tag, limit=100)
            if len(tag) < 2 or len(tag.split()) != 1:
                sentence = _("“%(tag)s” is not one word.") % {"tag": tag}
                raise Invalid({name: [("invalid", sentence)]})
        return list(dict.fromkeys(tags))

    return read


def _settings(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Invalid({name: [("not_an_object", _("Write names and values."))]})
    parts.text_of(name, json.dumps(value, ensure_ascii=False), limit=LONGEST_SETTINGS)
    return value


def _delay(name: str, value: int) -> int:
    if not 0 <= value <= LONGEST_DELAY:
        sentence = _("Between 0 and %(limit)s.") % {"limit": LONGEST_DELAY}
        raise Invalid({name: [("out_of_range", sentence)]})
    return value


def _priority(name: str, value: int) -> int:
    if not 0 <= value <= 100:
        raise Invalid({name: [("out_of_range", _("Between 0 and 100."))]})
    return value


def _truth(name: str, value: bool) -> bool:
    return bool(value)


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "title": _line,
    "variant": _line,
    "caption": _text,
    "first_comment": _text,
    "link_url": _address,
    "permalink": _address,
    "hashtags": _tags("#"),
    "mentions": _tags("@"),
    "platform_settings": _settings,
    "first_comment_delay": _delay,
    "first_comment_required": _truth,
    "allow_duplicate": _truth,
    "priority": _priority,
}
