"""Smaller answers: zstd, brotli or gzip, at the level where time and size are both small."""

import gzip
from collections.abc import Callable

import brotli
import zstandard
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

WORTH_IT = 860  # bytes: below one packet, packing only costs
KINDS = ("text/", "application/json", "application/problem+json", "image/svg+xml")

CODERS: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdCompressor(level=5).compress(body),
    "br": lambda body: brotli.compress(body, quality=1),
    "gzip": lambda body: gzip.compress(body, compresslevel=1, mtime=0),
}


class Compression:
    """Packs what the client can unpack.

    Left alone: streams; answers marked `no-store`, because those carry secrets and the length
    of a packed secret gives it away; answers with a strong ETag, which promises these bytes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not is_packable(response):
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        name = best_coder(request.headers.get("Accept-Encoding", ""))
        if name:
            response.content = CODERS[name](response.content)
            response["Content-Encoding"] = name
            response["Content-Length"] = str(len(response.content))
        return response


def is_packable(response: HttpResponse) -> bool:
    return (
        not response.streaming
        and not hasattr(response, "tail")
        and len(response.content) >= WORTH_IT
        and not response.has_header("Content-Encoding")
        and response.get("Content-Type", "").startswith(KINDS)
        and response.get("ETag", "W/").startswith("W/")
        and "no-store" not in response.get("Cache-Control", "")
    )


def best_coder(accepted: str) -> str | None:
    """The best coding that the header accepts; a quality of 0 means no."""
    offers = {}
    for offer in accepted.lower().split(","):
        name, _, parameters = offer.partition(";")
        offers[name.strip()] = parameters.replace(" ", "")
    return next((name for name in CODERS if name in offers and offers[name] not in NEVER), None)


NEVER = ("q=0", "q=0.0", "q=0.00", "q=0.000")
