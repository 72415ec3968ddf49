"""A CSV of posts becomes a plan: every row in its columns, plans kept apart from publications."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from production.imports import csvfile
from production.imports.csvfile import CsvChoices
from production.imports.plan import BoardPlan, ImportProblem, Limits
from tests.shared import shared

TODAY = date(2026, 8, 19)


def plan_of(text: str | bytes, **more) -> BoardPlan:
    data = text if isinstance(text, bytes) else text.encode()
    return csvfile.parse(data, today=TODAY, **more)


def codes(plan: BoardPlan) -> set[str]:
    return {notice.code for notice in plan.notices}


def list_of(plan: BoardPlan, title: str) -> str:
    made = next(card for card in plan.cards if card.title == title)
    return plan.list_by_id(made.list_id).name


CALENDAR = """Date,Title,Tags,Status,File
2026-01-05,Five tips,"tips, editing",Published,a.md
2026-12-24,Christmas cut,,Published,b.md
2026-12-31,New year,year,Draft,c.md
"""


def test_each_row_is_a_card_and_each_status_a_list():
    plan = plan_of(CALENDAR)

    assert [card.title for card in plan.cards] == ["New year", "Christmas cut", "Five tips"]
    assert list_of(plan, "Five tips") == "Published"
    assert list_of(plan, "New year") == "Draft"
    assert plan.labels == ("year", "tips", "editing")
    assert plan.cards[0].fields[0].name == "File"


def test_published_with_a_day_ahead_is_a_plan_and_said():
    plan = plan_of(CALENDAR)

    ahead = next(card for card in plan.cards if card.title == "Christmas cut")
    assert list_of(plan, "Christmas cut") == "Scheduled"
    assert ahead.published_on is None and ahead.due_on == date(2026, 12, 24)
    past = next(card for card in plan.cards if card.title == "Five tips")
    assert past.published_on == date(2026, 1, 5)
    said = next(notice for notice in plan.notices if notice.code == "published_in_the_future")
    assert said.params == {"count": 1, "date": "2026-08-19"}


def test_plans_go_to_the_list_for_plans_where_there_is_one():
    plan = plan_of("Title,Date,Status\nA,2026-12-24,Published\nB,2026-12-25,Ajastettu\n")

    assert list_of(plan, "A") == "Ajastettu"
    assert len(plan.lists) == 1


def test_a_row_without_title_is_rejected_with_its_line():
    plan = plan_of("Title,Status\nA,Draft\n,Draft\nB,Draft\n")

    assert [(error.code, error.line) for error in plan.errors] == [("title_missing", 3)]
    assert len(plan.cards) == 2


def test_a_row_with_too_many_cells_is_rejected_rather_than_shifted():
    plan = plan_of("Title,Status\nA,Draft\nB,with,comma\n")

    assert [(error.code, error.line) for error in plan.errors] == [("too_many_cells", 3)]


def test_a_short_row_is_taken_and_said():
    plan = plan_of("Title,Status,Date\nA,Draft\n")

    assert len(plan.cards) == 1
    assert "row_short" in codes(plan)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ('2,"Works on My Machine"" at Scale""",Draft', 'Works on My Machine" at Scale"'),
        ('2,"He said "hi" to us",Draft', 'He said "hi" to us'),
        ('2,"Never closed,Draft', '"Never closed'),
        ('2,Half" quoted,Draft', 'Half" quoted'),
    ],
)
def test_a_stray_quote_is_warned_about_and_shifts_no_column(line, title):
    plan = plan_of(f'Id,Title,Status\n1,"Before, fine",Idea\n{line}\n3,"After, fine",Done\n')

    assert {card.title for card in plan.cards} == {"Before, fine", title, "After, fine"}
    assert list_of(plan, title) == "Draft"
    strays = [notice.params["line"] for notice in plan.notices if notice.code == "stray_quote"]
    assert strays == [3]


def test_an_open_quote_does_not_swallow_the_rows_below():
    plan = plan_of('Title,Status\n"Open,Draft\n"Clean, cell",Draft\nC,Draft\n')

    assert {card.title for card in plan.cards} == {'"Open', "Clean, cell", "C"}


def test_cells_may_span_lines_and_lines_are_counted_as_in_the_file():
    plan = plan_of('Title,Notes\nA,"one\ntwo, three"\n,x\n')

    assert plan.cards[0].description == "one\ntwo, three"
    assert [error.line for error in plan.errors] == [4]


def test_inches_and_pairs_of_quotes_are_no_stray_quotes():
    plan = plan_of('Title,Status\n"The 27"" display",Draft\n"Say ""yes"" twice",Draft\n')

    assert "stray_quote" not in codes(plan)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_encodings_with_a_mark_are_read(encoding):
    text = "Otsikko,Tila\nHyvää yötä,Käsikirjoitus\n"
    data = {
        "utf-16-le-bom": b"\xff\xfe" + text.encode("utf-16-le"),
        "utf-16-be-bom": b"\xfe\xff" + text.encode("utf-16-be"),
    }.get(encoding) or text.encode(encoding)

    plan = plan_of(data)

    assert plan.cards[0].title == "Hyvää yötä"
    assert plan.lists[0].name == "Käsikirjoitus"
    assert plan.notices == ()


def test_windows_text_is_read_with_a_warning():
    plan = plan_of("Title;Status\nPäivä – ilta;Draft\n".encode("cp1252"))

    assert plan.cards[0].title == "Päivä – ilta"
    assert "encoding_guessed" in codes(plan)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(mark):
    rows = [["Title", "Status", "Tags"], ["One", "Draft", "a"], ["Two", "Done", "b"]]

    plan = plan_of("\n".join(mark.join(row) for row in rows))

    assert {card.title for card in plan.cards} == {"One", "Two"}
    assert plan.labels == ("a", "b")


def test_a_delimiter_announced_in_the_first_line_is_believed():
    plan = plan_of("sep=;\nTitle;Status\nOne, two;Draft\n")

    assert plan.cards[0].title == "One, two"


def test_columns_are_chosen_by_a_person_over_the_guess():
    text = "Name,Real name,Status\nx,The title,Draft\n"

    plan = plan_of(text, choices=CsvChoices(columns={"title": 1}))

    assert plan.cards[0].title == "The title"
    assert [entry.name for entry in plan.cards[0].fields] == ["Name", "Status"]


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"title": 9}, "column_unknown"),
        ({"title": -1}, "column_unknown"),
        ({"colour": 0, "title": 1}, "column_unknown"),
        ({"status": 0}, "title_column_missing"),
    ],
)
def test_a_choice_that_fits_no_column_is_refused(columns, code):
    with pytest.raises(ImportProblem) as refused:
        plan_of("Title,Status\nA,Draft\n", choices=CsvChoices(columns=columns))

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-10-09", date(2026, 10, 9)),
        ("2026-10-09T12:00:00Z", date(2026, 10, 9)),
        ("2026/10/09", date(2026, 10, 9)),
        ("9.10.2026", date(2026, 10, 9)),
        ("9. 10. 2026", date(2026, 10, 9)),
        ("25/10/2026", date(2026, 10, 25)),
        ("10/25/2026", date(2026, 10, 25)),
        ("Oct 9, 2026", date(2026, 10, 9)),
        ("9 October 2026", date(2026, 10, 9)),
        ("9. lokakuuta 2026", date(2026, 10, 9)),
        ("9. kesäkuuta 2027", date(2027, 6, 9)),
    ],
)
def test_days_are_read_as_they_are_written(written, day):
    plan = plan_of(f'Title,Date\nA,"{written}"\n')

    assert plan.cards[0].due_on == day
    assert plan.questions == ()


def test_an_order_of_day_and_month_that_nothing_settles_is_asked():
    text = "Title,Date\nA,03/04/2026\nB,05/06/2026\n"

    asked = plan_of(text)
    answered = plan_of(text, choices=CsvChoices(day_first=True))

    assert asked.questions == ("date_order",)
    assert [card.due_on for card in asked.cards] == [None, None]
    assert answered.questions == ()
    assert answered.cards[0].due_on == date(2026, 4, 3)


def test_one_day_past_the_twelfth_settles_the_order_of_the_column():
    plan = plan_of("Title,Date\nA,03/04/2026\nB,25/06/2026\n")

    assert plan.questions == ()
    assert plan.cards[0].due_on == date(2026, 4, 3)


def test_a_day_that_cannot_be_read_is_said_with_its_line():
    plan = plan_of("Title,Date\nA,2026-02-30\nB,soon\n")

    said = [notice.params for notice in plan.notices if notice.code == "day_unreadable"]
    assert said == [{"line": 2, "value": "2026-02-30"}, {"line": 3, "value": "soon"}]
    assert len(plan.cards) == 2


def test_formulas_are_taken_as_text_and_said():
    plan = plan_of('Title,Status\n"=HYPERLINK(""http://x"")",Draft\n')

    assert plan.cards[0].title == '=HYPERLINK("http://x")'
    assert "formula_taken_as_text" in codes(plan)


def test_a_row_keeps_its_id_when_others_come_and_go():
    one = plan_of("Title,Date\nA,2026-01-01\nB,2026-01-02\n")
    two = plan_of("Title,Date\nNew,2026-01-03\nB,2026-01-02\nA,2026-01-01\nA,2026-01-01\n")

    before = {card.title: card.id for card in one.cards}
    after = [card.id for card in two.cards]

    assert set(before.values()) <= set(after)
    assert len(set(after)) == 4


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\n\n\n", "no_rows"),
        (b"PK\x03\x04rest of a spreadsheet", "spreadsheet_file"),
        (b"Title,Status\nA\x00,Draft\n", "not_text"),
        (b"\xff\xfeA", "not_text"),
        (b"a," * 5000, "too_many_columns"),
        (b"Title\n" + b"x\n" * 50, "too_many_rows"),
        (b"\n" * 500, "too_many_rows"),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(data, code):
    with pytest.raises(ImportProblem) as refused:
        plan_of(data, limits=Limits(rows=20))

    assert refused.value.code == code


def test_a_cell_beyond_the_limit_costs_its_row_only():
    plan = plan_of(f"Title,Notes\nA,{'x' * 200}\nB,y\n", limits=Limits(cell=100))

    assert [error.code for error in plan.errors] == ["cell_too_long"]
    assert [card.title for card in plan.cards] == ["B"]


def test_the_real_calendar_comes_out_whole():
    plan = plan_of(shared("boards/editorial_calendar_157_posts.csv").read_bytes())

    sizes = {
        column.name: sum(card.list_id == column.id for card in plan.cards) for column in plan.lists
    }
    assert len(plan.cards) == 157 and plan.errors_in_all == 0
    assert sizes == {"Draft": 96, "Scheduled": 25, "Published": 36}
    strays = [notice.params["line"] for notice in plan.notices if notice.code == "stray_quote"]
    assert strays == [52]
    row = next(card for card in plan.cards if card.line == 52)
    assert row.title.startswith("GitHub Codespaces") and row.due_on == date(2026, 10, 9)
    assert row.labels[-1] == "onboarding"
    assert row.fields[0].value == "2026-10-09-github-codespaces-team-onboarding.md"


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet='ab",;\n\r\t =|é\x00\u202e1/.-', max_size=120))
def test_any_text_gives_a_plan_or_a_clear_problem(text):
    try:
        plan = plan_of("Title,Date,Status\n" + text)
    except ImportProblem as problem:
        assert problem.code
    else:
        known = {column.id for column in plan.lists}
        assert all(card.title and card.list_id in known for card in plan.cards)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_plan_or_a_clear_problem(data):
    try:
        plan_of(data)
    except ImportProblem as problem:
        assert problem.code


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(alphabet='abc", ;\n', min_size=1, max_size=12).filter(str.strip),
                  st.sampled_from(["Draft", "Done"])),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_properly_quoted_rows_come_back_as_they_were(rows):
    quoted = "".join(f'"{t.replace(chr(34), chr(34) * 2)}",{s}\n' for t, s in rows)

    plan = plan_of("Title,Status\n" + quoted)

    told = sorted(" ".join(title.split()) for title, _ in rows)
    assert sorted(card.title for card in plan.cards) == told
