"""A report of an import in sentences, for the page and the API alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from production.imports.plan import ImportProblem, Notice, RowError
from production.imports.sentences import sentence
from production.models import ImportRun

# Remarks that a person should act on; the others only inform.
_SERIOUS = frozenset(
    {
        "history_truncated",
        "no_history",
        "cards_without_creation",
        "history_gap",
        "comments_missing",
        "encoding_guessed",
        "stray_quote",
        "day_unreadable",
        "published_in_the_future",
    }
)


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence about the file; `tone` is "warn" for what somebody should look at."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything a report says, in sentences."""

    makes: tuple[str, ...]
    remarks: tuple[Remark, ...]
    rejected: tuple[str, ...]
    rejected_in_all: int
    questions: tuple[str, ...]
    problem: str = ""


def told(run: ImportRun) -> Told:
    """The run's report in the language of the moment."""
    report = run.report
    problem = report.get("problem")
    return Told(
        makes=tuple(_makes(report.get("result") or report.get("will_make") or {})),
        remarks=tuple(
            [
                Remark(sentence(Notice(**notice)), "warn" if notice["code"] in _SERIOUS else "")
                for notice in report.get("notices", ())
            ]
            + [Remark(text) for text in _choices(report)]
        ),
        rejected=tuple(sentence(RowError(**error)) for error in report.get("errors", ())),
        rejected_in_all=report.get("errors_in_all", 0),
        questions=tuple(sentence(Notice(code)) for code in report.get("questions", ())),
        problem=sentence(ImportProblem(problem["code"], **problem["params"])) if problem else "",
    )


def _makes(counts: dict[str, int]) -> list[str]:
    words = {
        "stages": lambda n: ngettext("%(n)s stage", "%(n)s stages", n),
        "items": lambda n: ngettext("%(n)s card", "%(n)s cards", n),
        "moves": lambda n: ngettext("%(n)s move", "%(n)s moves", n),
        "archived": lambda n: ngettext("%(n)s card archived", "%(n)s cards archived", n),
        "comments": lambda n: ngettext("%(n)s comment", "%(n)s comments", n),
        "checklists": lambda n: ngettext("%(n)s checklist", "%(n)s checklists", n),
        "links": lambda n: ngettext("%(n)s link", "%(n)s links", n),
        "publications": lambda n: ngettext("%(n)s publication", "%(n)s publications", n),
    }
    return [
        say(counts[name]) % {"n": counts[name]} for name, say in words.items() if counts.get(name)
    ]


def _choices(report: dict) -> list[str]:  # type: ignore[type-arg]
    """What follows from the choices rather than from the file."""
    said = []
    if report.get("moves_merged"):
        said.append(
            _(
                "Lists that share a stage with another: %(lists)s. Moves between them, which are"
                " no moves here: %(moves)s."
            )
            % {"lists": report["merged_lists"], "moves": report["moves_merged"]}
        )
    if report.get("cards_skipped"):
        said.append(
            _("Cards that stay away with their lists: %(n)s.") % {"n": report["cards_skipped"]}
        )
    if report.get("cards_already_here"):
        said.append(
            _("Cards that are here already, from an earlier file, and stay as they are: %(n)s.")
            % {"n": report["cards_already_here"]}
        )
    if report.get("people_unmatched"):
        said.append(
            _("Not in this workspace, kept by name: %(names)s.")
            % {"names": ", ".join(report["people_unmatched"])}
        )
    return said
