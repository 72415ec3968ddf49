"""Every code that a parser can say has a sentence, and each sentence gets all it names."""

import ast
import re
from pathlib import Path

from production.imports import csvfile, trello
from production.imports.plan import ImportProblem
from production.imports.sentences import SENTENCES, sentence
from tests.production.imports.boards import DOING, NEW, as_bytes, card, document

FOLDER = Path(trello.__file__).parent
SAYING = {"ImportProblem": (), "Notice": ("where",), "note": ("where",),
          "count": ("where", "count"), "reject": ("where", "line")}  # fmt: skip


def said_in_code() -> list[tuple[str, set[str], str]]:
    """Every code said in the package: (code, parameters given, file)."""
    found = []
    for path in sorted(FOLDER.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if name in SAYING:
                given = {keyword.arg for keyword in node.keywords if keyword.arg} | set(
                    SAYING[name]
                )
                found.extend((code, given, path.name) for code in constants(node.args[0]))
    return found


def constants(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return constants(node.body) + constants(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "_" in node.value:
        return [node.value]
    return []


def test_each_code_said_has_a_sentence_with_all_it_names():
    said = said_in_code()

    assert len({code for code, _, _ in said}) > 30
    for code, given, path in said:
        assert code in SENTENCES, f"{path} says {code}"
        named = set(re.findall(r"%\((\w+)\)s", str(SENTENCES[code])))
        assert named <= given, f"{path} says {code} without {named - given}"


def test_a_problem_reads_as_a_sentence():
    try:
        trello.parse(b'{"name": "Test Dri')
    except ImportProblem as problem:
        said = sentence(problem)

    assert said.startswith("The file ends in the middle (line 1)")


def test_notices_and_errors_read_as_sentences():
    plan = trello.parse(as_bytes(document(cards=[card(NEW, "", DOING)], actions=[])))

    assert sentence(plan.errors[0]) == f"A card without a title was left out ({NEW})."
    assert [sentence(notice) for notice in plan.notices] == [
        "The file has no history. Its cards (0) come in where they stand, and get no lead time."
    ]
    assert csvfile.FIELDS[0] == "title"
