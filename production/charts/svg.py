"""The few elements of SVG that the charts are made of. Text is escaped, numbers are short."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

Value = str | float | int | None

_ESCAPES = {
    ord(a): b for a, b in zip("&<>\"'", ("&amp;", "&lt;", "&gt;", "&quot;", "&#x27;"), strict=True)
}
# What XML 1.0 (section 2.2) has no way to write: a title pasted from elsewhere may hold it.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(f"[&<>\"']|{_NOT_XML.pattern}")


class Drawn(str):
    """Markup that is well formed and escaped; templates put it into a page as it is."""

    __slots__ = ()

    def __html__(self) -> Drawn:
        return self


def text(value: object) -> Drawn:
    """The words of anything, escaped; what is Drawn stays as it is."""
    if isinstance(value, Drawn):
        return value
    plain = str(value)
    if not _SPECIAL.search(plain):
        return Drawn(plain)
    return Drawn(_NOT_XML.sub("", plain).translate(_ESCAPES))


def tag(name: str, *inside: object, **attributes: Value) -> Drawn:
    """One element. `class_` is class, `stroke_width` is stroke-width; None leaves one out."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_value(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(text(each) for each in inside if each is not None)
    return Drawn(f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>")


def joined(marks: Iterable[object]) -> Drawn:
    """The marks one after another."""
    return Drawn("".join(text(each) for each in marks))


def words(x: float, y: float, value: object, kind: str = "t", anchor: str | None = None) -> Drawn:
    """A line of text at its baseline; `kind` is its class: t soft, lab ink, strong."""
    return tag("text", value, class_=kind, x=x, y=y, text_anchor=anchor)


def rule(x1: float, y1: float, x2: float, y2: float, kind: str) -> Drawn:
    """A straight line."""
    return tag("line", class_=kind, x1=x1, y1=y1, x2=x2, y2=y2)


def box(x: float, y: float, width: float, height: float, kind: str | None, **more: Value) -> Drawn:
    """A rectangle, never of negative size."""
    return tag("rect", class_=kind, x=x, y=y, width=max(width, 0), height=max(height, 0), **more)


def path(points: Iterable[tuple[float, float]], kind: str, *, closed: bool = False) -> Drawn:
    """A line through the points; nothing for none."""
    steps = "L".join(f"{number(x)} {number(y)}" for x, y in points)
    return tag("path", class_=kind, d=f"M{steps}{'Z' if closed else ''}") if steps else Drawn("")


def mark(x: float, y: float, shape: str, kind: str, radius: float = 3.6) -> Drawn:
    """A point: a dot, a diamond, or an arrow that says "beyond this edge"."""
    if shape == "diamond":
        return path([(x, y - 5), (x + 5, y), (x, y + 5), (x - 5, y)], kind, closed=True)
    if shape == "arrow":
        return path([(x, y - 5), (x + 5, y + 4), (x - 5, y + 4)], kind, closed=True)
    place = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
    return Drawn(f'<circle class="{text(kind)}" {place}/>')


def hit(say: str, *inside: object, href: str | None = None) -> Drawn:
    """What can be pointed at and stepped to: a link when there is a page behind it.

    `say` is its tooltip, its name and what is said aloud.
    """
    said, marks = text(say), joined(each for each in inside if each is not None)
    content = f"<title>{said}</title>{marks}"
    if href:
        where = f'href="{text(href)}" aria-label="{said}"'
        return Drawn(f'<a class="hit" {where}>{content}</a>')
    return Drawn(f'<g class="hit">{content}</g>')


def drawing(
    key: str,
    title: str,
    desc: str,
    width: float,
    height: float,
    *marks: object,
    links: bool = False,
) -> Drawn:
    """The whole picture with its name and description. With links inside it is a group."""
    return tag(
        "svg",
        tag("title", title, id=f"{key}-t"),
        tag("desc", desc, id=f"{key}-d"),
        *marks,
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        role="group" if links else "img",
        aria_labelledby=f"{key}-t",
        aria_describedby=f"{key}-d",
    )


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel; raises ValueError for what is no finite number."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a place")
    return f"{value:.1f}".removesuffix(".0")


def _value(value: str | float | int | None) -> str:
    return number(value) if isinstance(value, int | float) else text(value)
