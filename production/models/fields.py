from __future__ import annotations

from typing import Any

from django.db import models

from production.ids import new_id


class PublicIdField(models.CharField):  # type: ignore[type-arg]
    """The id that the outside world sees; given once, never changed."""

    def __init__(self, prefix: str = "", **kwargs: Any) -> None:
        self.prefix = prefix
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("unique", True)
        kwargs.setdefault("editable", False)
        super().__init__(**kwargs)

    def deconstruct(self) -> tuple[str, str, Any, dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        kwargs["prefix"] = self.prefix
        return name, path, args, kwargs

    def get_default(self) -> str:
        return new_id(self.prefix)
