"""Ids as they survive exports and spreadsheets, or do not."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

_EXPONENT = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE | re.ASCII)
_ERROR = re.compile(r"#(NAME|VALUE|REF|NULL|NUM|DIV/0|N/A|NIMI|ARVO)[?!]*", re.IGNORECASE)
_TIKTOK = re.compile(r"/(?:video|photo)/(\d{6,25})")
_SHORTCODE = re.compile(r"/(?:p|reel|reels|tv)/([A-Za-z0-9_-]{5,40})")
_LINKEDIN = re.compile(r"urn:li:(?:activity|share|ugcPost):(\d{6,25})")
_YOUTUBE = re.compile(r"[A-Za-z0-9_-]{11}", re.ASCII)


def clean(written: str) -> str:
    """The id without the space that keeps a spreadsheet from reading a leading `-`, and quotes."""
    return written.strip().lstrip("'").strip()


def broken(ident: str) -> str:
    """The code of what a spreadsheet did to it: `id_lost_name`, `id_lost_digits`, or ""."""
    if _ERROR.fullmatch(ident):
        return "id_lost_name"
    if _EXPONENT.fullmatch(ident):
        return "id_lost_digits"
    return ""


def looks_like_youtube(ident: str) -> bool:
    """Whether it has the shape of a video's id."""
    return bool(_YOUTUBE.fullmatch(ident))


def of_link(link: str, source: str) -> str:
    """The post's id that an address of the platform carries, or ""."""
    if source == "tiktok" and (found := _TIKTOK.search(link)):
        return found[1]
    if source == "linkedin" and (found := _LINKEDIN.search(link)):
        return found[1]
    if source == "instagram" and (found := _SHORTCODE.search(link)):
        return found[1]
    if source == "youtube":
        return (parse_qs(urlsplit(link).query).get("v") or [""])[0]
    return ""


def same_address(link: str) -> str:
    """The address for comparison: without scheme, www, query, fragment and closing slash."""
    parts = urlsplit(link.strip())
    host = parts.netloc.casefold().removeprefix("www.").removeprefix("m.")
    query = f"?v={v[0]}" if (v := parse_qs(parts.query).get("v")) else ""
    return f"{host}{parts.path.rstrip('/')}{query}" if host else ""
