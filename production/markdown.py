"""Markdown that people write, as safe HTML. The one place that calls text safe."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from production.mentions import spans

TAGS = {
    "p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a",
    "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "b",
}  # fmt: skip
SCHEMES = {"http", "https", "mailto"}
LONGEST = 200_000

# No raw HTML, no pictures from elsewhere; bounded nesting, so that no text exhausts the parser.
_PARSER = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable(
    ["strikethrough", "table"]
).disable("image")  # fmt: skip
_BREAKING = MarkdownIt("commonmark", {"html": False, "maxNesting": 20, "breaks": True}).enable(
    ["strikethrough", "table"]
).disable("image")  # fmt: skip


def render(
    text: str, *, breaks: bool = False, names: Iterable[str] = (), below: int = 2
) -> SafeString:
    """The text as HTML that is safe to show.

    `breaks`: every line break counts, as in comments. `names` that are mentioned stand out.
    Headings start at the level after `below`, so that they fit under the page's own.
    """
    parser = _BREAKING if breaks else _PARSER
    tokens = parser.parse(text[:LONGEST])
    _lower_headings(tokens, below)
    people = list(names)
    if people:
        _mark_mentions(tokens, people)
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href", "title"}, "b": {"class"}, "ol": {"start"}},
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
    )
    return mark_safe(clean)  # noqa: S308  cleaned by an allow-list in the line above


def _lower_headings(tokens: Sequence[Token], below: int) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + below, 6)}"


def _mark_mentions(tokens: Sequence[Token], names: list[str]) -> None:
    for token in tokens:
        if token.children:
            token.children = [part for each in token.children for part in _split(each, names)]


def _split(token: Token, names: list[str]) -> list[Token]:
    """A text token cut into what mentions somebody and what does not."""
    if token.type != "text" or not (places := spans(token.content, names)):
        return [token]
    found, done = [], 0
    for start, end in places:
        opening = Token("mention_open", "b", 1, attrs={"class": "mention"})
        inside = [_text(token.content[start:end])]
        found += [
            _text(token.content[done:start]),
            opening,
            *inside,
            Token("mention_close", "b", -1),
        ]
        done = end
    return [*found, _text(token.content[done:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
