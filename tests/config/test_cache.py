from django.core.cache.backends.redis import RedisCache

from config.cache import Cache


def test_without_its_server_the_cache_goes_on_in_memory(tmp_path) -> None:
    cache = Cache(f"unix://{tmp_path}/nobody?db=1", {})

    cache.set("wrong-passwords", 1)
    cache.incr("wrong-passwords")

    assert cache.get("wrong-passwords") == 2
    assert cache.add("wrong-passwords", 1) is False
    assert cache.get_many(["wrong-passwords", "nothing"]) == {"wrong-passwords": 2}


def test_with_its_server_the_cache_is_shared(valkey: str) -> None:
    address = valkey.replace("db=0", "db=1")
    cache = Cache(address, {"KEY_PREFIX": "putki"})

    cache.set("wrong-passwords", 3, 60)

    assert Cache(address, {"KEY_PREFIX": "putki"}).get("wrong-passwords") == 3
    assert RedisCache(address, {"KEY_PREFIX": "putki"}).get("wrong-passwords") == 3
