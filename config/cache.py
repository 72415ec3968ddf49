"""The cache, which may go away without taking anybody's request along."""

from time import monotonic
from typing import Any

import structlog
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis import RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = structlog.get_logger("putki.cache")

SECONDS_AWAY = 5.0


class Cache(BaseCache):
    """The shared cache while it answers; this process's own memory while it does not.

    So limits on wrong passwords and on calls still hold, per process, when the server is away.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {
            "socket_timeout": 0.5,
            "socket_connect_timeout": 0.25,
            "retry": Retry(NoBackoff(), 0),
        }
        self._shared = RedisCache(server, {**params, "OPTIONS": options})
        self._own = LocMemCache("putki", params)
        self._away_until = 0.0

    def _call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        if monotonic() >= self._away_until:
            try:
                return getattr(self._shared, name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                self._away_until = monotonic() + SECONDS_AWAY
                log.warning("cache is away", error=str(error))
        return getattr(self._own, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("touch", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("delete", *args, **kwargs)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("has_key", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("incr", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("get_many", *args, **kwargs)

    def set_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("set_many", *args, **kwargs)

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return self._call("delete_many", *args, **kwargs)

    def clear(self) -> None:
        self._call("clear")
