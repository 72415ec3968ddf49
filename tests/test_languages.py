"""Both languages are complete: every sentence of the sources stands in the Finnish catalogue."""

from __future__ import annotations

import re

from babel.messages.pofile import read_po

from tests.shared import ROOT

CATALOGUE = ROOT / "config" / "locale" / "fi" / "LC_MESSAGES" / "django.po"
NAMED = re.compile(r"%\((\w+)\)")


def entries() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """(English forms, Finnish forms) of each message."""
    found = []
    with CATALOGUE.open("rb") as file:
        for message in read_po(file, locale="fi"):
            if message.id:
                ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
                texts = (
                    message.string
                    if isinstance(message.string, tuple | list)
                    else (message.string,)
                )
                found.append((tuple(ids), tuple(texts)))
    return found


def test_nothing_is_left_untranslated() -> None:
    empty = [ids[0] for ids, texts in entries() if not all(texts)]

    assert empty == []
    assert len(entries()) > 1000


def test_no_translation_asks_for_a_value_that_is_not_given() -> None:
    wrong = [
        ids[0]
        for ids, texts in entries()
        if set(NAMED.findall(" ".join(texts))) - set(NAMED.findall(" ".join(ids)))
    ]

    assert wrong == []


def test_every_marked_string_of_the_sources_is_in_the_catalogue() -> None:
    known = {form for ids, _ in entries() for form in ids}
    marked = re.compile(r"""(?:\b_|gettext|gettext_lazy)\(\s*"((?:[^"\\]|\\.)*)"\s*\)""")
    missing = {
        text
        for app in ("config", "production", "experiments", "playbook")
        for path in (ROOT / app).rglob("*.py")
        for text in marked.findall(path.read_text())
        if text.replace('\\"', '"').replace("\\n", "\n") not in known
    }
    shown = re.compile(r"""\{% (?:translate|trans) "([^"]+)\"""")
    missing |= {
        text
        for app in ("config", "production", "experiments", "playbook")
        for path in (ROOT / app).rglob("*.html")
        for text in shown.findall(path.read_text())
        if text.replace("%", "%%") not in known
    }

    assert missing == set()
