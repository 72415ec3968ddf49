"""What Ben changed in the script, as Vera reads it."""

from __future__ import annotations

import random
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production import worddiff
from production.worddiff import ADDED, REMOVED, SAME, diff


def sides(pieces: list[worddiff.Piece]) -> tuple[str, str]:
    old = "".join(piece.text for piece in pieces if piece.op != ADDED)
    new = "".join(piece.text for piece in pieces if piece.op != REMOVED)
    return old, new


def test_a_changed_word_is_told_as_that_word():
    assert diff("The quick brown fox.", "The slow brown fox.") == [
        (SAME, "The "),
        (REMOVED, "quick"),
        (ADDED, "slow"),
        (SAME, " brown fox."),
    ]


def test_an_added_sentence_leaves_the_rest_alone():
    assert diff("One. Three.", "One. Two. Three.") == [
        (SAME, "One. "),
        (ADDED, "Two. "),
        (SAME, "Three."),
    ]


def test_a_removed_line_leaves_the_rest_alone():
    assert diff("Hook\nMiddle\nEnd\n", "Hook\nEnd\n") == [
        (SAME, "Hook\n"),
        (REMOVED, "Middle\n"),
        (SAME, "End\n"),
    ]


def test_two_changed_words_in_a_row_are_one_change():
    assert diff("a quick brown fox", "a slow red fox") == [
        (SAME, "a "),
        (REMOVED, "quick brown"),
        (ADDED, "slow red"),
        (SAME, " fox"),
    ]


def test_changes_on_two_lines_stay_two_changes():
    assert [piece.op for piece in diff("old\nold", "new\nfresh")] == [
        *(REMOVED, ADDED),
        SAME,
        *(REMOVED, ADDED),
    ]


def test_finnish_words_are_whole_words_however_their_dots_are_written():
    composed, decomposed = "sama h\u00e4ly", "sama ha\u0308ly"

    assert diff(composed, decomposed) == [
        (SAME, "sama "),
        (REMOVED, "h\u00e4ly"),
        (ADDED, "ha\u0308ly"),
    ]


@pytest.mark.parametrize("text", ["", "word", "two words\n", "\n\n", " \t ", "👩\u200d👧 ok"])
def test_equal_texts_have_no_change(text):
    assert diff(text, text) == ([(SAME, text)] if text else [])


def test_from_nothing_and_to_nothing():
    assert diff("", "all of it") == [(ADDED, "all of it")]
    assert diff("all of it", "") == [(REMOVED, "all of it")]


texts = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(["la", " ", "li", "\n", ".", "\r\n", "é"]), max_size=300).map("".join),
)


@settings(max_examples=300)
@given(texts, texts)
def test_the_pieces_give_back_both_texts_to_the_letter(old, new):
    pieces = diff(old, new)

    assert sides(pieces) == (old, new)
    assert all(piece.text for piece in pieces)
    assert all(a.op != b.op for a, b in pairwise(pieces))
    assert not any((a.op, b.op) == (ADDED, REMOVED) for a, b in pairwise(pieces))


@given(st.lists(st.sampled_from("ab"), max_size=12), st.lists(st.sampled_from("ab"), max_size=12))
def test_short_changes_are_the_shortest_there_are(old, new):
    """Against the textbook table of longest common subsequences."""
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, a in enumerate(old):
        for j, b in enumerate(new):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
            )

    pieces = diff("\n".join(old) + "\n", "\n".join(new) + "\n")

    kept = "".join(piece.text for piece in pieces if piece.op == SAME)
    letters, breaks = kept.replace("\n", ""), kept.count("\n")
    assert len(letters) + breaks >= 2 * table[-1][-1]


def script(words: int, vocabulary: int = 3_000) -> list[str]:
    rng = random.Random(72)
    return [f"w{rng.randrange(vocabulary)}" + "\n" * (rng.random() < 0.08) for _ in range(words)]


def test_a_long_script_with_changes_in_every_paragraph_keeps_its_unchanged_words():
    words = script(50_000)
    changed = [f"x{n}" if n % 7 == 0 else word for n, word in enumerate(words)]
    old, new = " ".join(words), " ".join(changed)

    pieces = diff(old, new)

    assert sides(pieces) == (old, new)
    kept = sum(len(piece.text) for piece in pieces if piece.op == SAME)
    assert kept > 0.8 * len(old)


NASTY = {
    "nothing in common": (" ".join(script(50_000)), "q ".join(script(50_000, 50_001))),
    "one word over and over": ("la " * 50_000, "la li " * 25_000),
    "one line over and over": ("la\n" * 50_000, "la\nli\n" * 25_000),
    "short lines of two letters": ("a\nb\nb\n" * 16_000, "b\na\n" * 25_000),
    "signs and spaces": (". " * 50_000, "! " * 50_000),
    "one endless word": ("a" * 200_000, "b" * 200_000),
    "line breaks": ("\n" * 200_000, "\r\n" * 100_000),
    "just below the limit for lines": ("a b " * 500, "b c " * 500),
}


@pytest.mark.parametrize("name", NASTY)
def test_no_pair_of_texts_takes_more_than_its_share_of_work(name):
    old, new = NASTY[name]

    started = time.perf_counter()
    pieces = diff(old, new)
    took = time.perf_counter() - started

    assert sides(pieces) == (old, new)
    assert took < 10  # about one second on a slow core; a quadratic comparison takes hours
