"""What a file is, told by its first bytes, not by its name. Only what stands here is let in."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO

HEAD = 4_096
_ZIP = b"PK\x03\x04"
_OPEN_XML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class FileKind:
    """`inline`: a browser may show it within the page; everything else is downloaded."""

    name: str
    extension: str
    mime: str
    inline: bool = False


_LIST = (
    FileKind("png", ".png", "image/png", inline=True),
    FileKind("jpeg", ".jpg", "image/jpeg", inline=True),
    FileKind("webp", ".webp", "image/webp", inline=True),
    FileKind("gif", ".gif", "image/gif", inline=True),
    FileKind("mp4", ".mp4", "video/mp4", inline=True),
    FileKind("mov", ".mov", "video/quicktime"),
    FileKind("webm", ".webm", "video/webm", inline=True),
    FileKind("mp3", ".mp3", "audio/mpeg", inline=True),
    FileKind("m4a", ".m4a", "audio/mp4", inline=True),
    FileKind("wav", ".wav", "audio/wav", inline=True),
    FileKind("pdf", ".pdf", "application/pdf"),
    FileKind("docx", ".docx", f"{_OPEN_XML}.wordprocessingml.document"),
    FileKind("pptx", ".pptx", f"{_OPEN_XML}.presentationml.presentation"),
    FileKind("xlsx", ".xlsx", f"{_OPEN_XML}.spreadsheetml.sheet"),
    FileKind("srt", ".srt", "application/x-subrip"),
    FileKind("vtt", ".vtt", "text/vtt"),
    FileKind("csv", ".csv", "text/csv"),
    FileKind("txt", ".txt", "text/plain"),
)  # fmt: skip
KINDS = {kind.name: kind for kind in _LIST}
PICTURES = ("png", "jpeg", "webp", "gif")
_TEXTS = {".srt": "srt", ".vtt": "vtt", ".csv": "csv", ".txt": "txt"}
_OFFICE = {"word/": "docx", "ppt/": "pptx", "xl/": "xlsx"}
# What a browser would run or follow although it calls itself text.
_MARKUP = (b"<!doctype", b"<html", b"<svg", b"<script", b"<?xml", b"<head", b"<body", b"<iframe")


def kind_of(file: IO[bytes], name: str) -> FileKind | None:
    """The kind of the file, None for one that is not let in. The name decides among texts alone."""
    file.seek(0)
    head = file.read(HEAD)
    found = _by_signature(head)
    if found is None and head.startswith(_ZIP):
        found = _office(file)
    if found is None:
        found = _text(file, head, name)
    file.seek(0)
    return KINDS[found] if found else None


def _by_signature(head: bytes) -> str | None:
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head[:4] == b"RIFF" and head[8:12] in (b"WEBP", b"WAVE"):
        return "webp" if head[8:12] == b"WEBP" else "wav"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "gif"
    if head[4:8] == b"ftyp":
        return _mpeg4(head[8:12])
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm" if b"webm" in head[:64] else None
    if head.startswith(b"ID3") or (len(head) > 2 and head[0] == 0xFF and head[1] in _MP3_FRAMES):
        return "mp3"
    return "pdf" if head.startswith(b"%PDF-") else None


_MP3_FRAMES = (0xFB, 0xF3, 0xF2, 0xFA)


def _mpeg4(brand: bytes) -> str:
    if brand in (b"M4A ", b"M4B "):
        return "m4a"
    return "mov" if brand == b"qt  " else "mp4"


def _office(file: IO[bytes]) -> str | None:
    """An Office document is a zip with its own folder; only the list of names is read."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()[:2_000]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names or any("vbaProject" in name for name in names):
        return None
    return next((kind for folder, kind in _OFFICE.items() if _has(names, folder)), None)


def _has(names: list[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


def _text(file: IO[bytes], head: bytes, name: str) -> str | None:
    if not head or b"\x00" in head:
        return None
    if any(mark in head.lower() for mark in _MARKUP):
        return None
    if not (_is_utf8(head) or _is_latin(head)):
        return None
    if head.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT"):
        return "vtt"
    suffix = name[name.rfind(".") :].lower() if "." in name else ""
    return _TEXTS.get(suffix)


def _is_utf8(head: bytes) -> bool:
    """Whether it reads as UTF-8; the end of the head may cut a character in two."""
    try:
        head[: len(head) - 4 if len(head) == HEAD else len(head)].decode()
    except UnicodeDecodeError as error:
        return len(head) == HEAD and error.start >= HEAD - 8
    return True


def _is_latin(head: bytes) -> bool:
    """Captions and tables in a Windows encoding: no control characters but breaks and tabs."""
    return not any(byte < 32 and byte not in (9, 10, 13) for byte in head)
