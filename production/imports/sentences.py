"""The sentence for each code of a plan: what is wrong with the file, or worth knowing about it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from production.imports.plan import ImportProblem, Notice, RowError

SENTENCES: Mapping[str, str | Promise] = {
    # The file as a whole.
    "file_empty": _("The file is empty."),
    "file_too_large": _("The file is larger than %(megabytes)s MB."),
    "file_cut_off": _(
        "The file ends in the middle (line %(line)s): it was cut off. Export the board again."
    ),
    "not_json": _("This is not a JSON file (line %(line)s, column %(column)s)."),
    "not_utf8": _("The file is not in UTF-8 (byte %(position)s)."),
    "not_text": _("This is not a text file (byte %(position)s). Save the table as CSV."),
    "not_trello": _(
        "This is not a Trello board. In Trello: Menu → Print, export and share → Export as JSON."
    ),
    "putki_file": _(
        "This is a whole workspace. It goes into an empty one, with the command import_workspace."
    ),
    "not_putki": _("This is not an export of a workspace."),
    "putki_format": _("The export is of format %(format)s; this version reads %(known)s."),
    "slug_taken": _("There is a workspace with the address “%(slug)s” already."),
    "export_broken": _("The export cannot be read at %(where)s: %(reason)s."),
    "import_failed": _(
        "Something went wrong on our side. Nothing was changed; the operator finds it in the log."
    ),
    "too_deep": _("The file is nested deeper than %(limit)s levels; no board is."),
    "too_many_cards": _("The file has %(count)s cards; at most %(limit)s can be brought in."),
    "too_many_actions": _("The file has %(count)s actions; at most %(limit)s can be read."),
    "too_many_rows": _("The table has more than %(limit)s rows."),
    "too_many_columns": _("The table has more than %(limit)s columns."),
    "no_rows": _("The table has no rows."),
    "spreadsheet_file": _("This is a spreadsheet file. Save the table as CSV and choose that."),
    "quoting_broken": _(
        "More than %(rows)s rows have quote marks that do not match. Export the table again."
    ),
    "column_unknown": _("There is no column for “%(field)s”."),
    "title_column_missing": _("Say which column is the title."),
    # Rows and cards left out.
    "list_without_id": _("A list without an id was left out."),
    "card_without_id": _("A card without an id was left out: %(title)s"),
    "card_without_title": _("A card without a title was left out (%(id)s)."),
    "card_without_list": _("The card “%(title)s” is on no list of the file."),
    "duplicate_id": _("The id %(id)s occurs twice; the first is taken."),
    "title_missing": _("Line %(line)s has nothing in the column “%(column)s”."),
    "too_many_cells": _("Line %(line)s has %(found)s cells; the header has %(expected)s."),
    "cell_too_long": _("A cell of line %(line)s is longer than %(limit)s characters."),
    # What is worth knowing.
    "history_truncated": _(
        "History before %(date)s is not in the file: Trello exports at most 1,000 actions. Cards"
        " without a creation action (%(cards)s) keep the moves that are there, and get no lead"
        " time."
    ),
    "cards_without_creation": _(
        "History before %(date)s is not in the file. Cards without a creation action (%(cards)s)"
        " keep the moves that are there, and get no lead time."
    ),
    "no_history": _(
        "The file has no history. Its cards (%(cards)s) come in where they stand, and get no lead"
        " time."
    ),
    "comments_missing": _(
        "Comments that are not in the file: %(missing)s. Those that are there come in: %(found)s."
    ),
    "history_gap": _(
        "The moves of a card do not join up (%(count)s times, for example %(where)s). The gaps are"
        " closed and those cards get no lead time."
    ),
    "list_only_in_history": _(
        "The list “%(name)s” is no longer on the board; only the history names it."
    ),
    "card_deleted": _("Cards deleted before the export, which cannot come back: %(count)s."),
    "card_from_another_board": _(
        "Cards that came from another board, with their earlier history elsewhere: %(count)s."
    ),
    "comment_without_card": _("Comments on cards that are not in the file: %(count)s, left out."),
    "creation_unknown": _("Cards of which nothing says when they were made: %(count)s."),
    "action_unreadable": _("Actions that cannot be read: %(count)s, left out."),
    "date_unreadable": _("Dates that cannot be read: %(count)s (for example %(where)s)."),
    "odd_value": _("Values of an unexpected kind, left empty: %(count)s (for example %(where)s)."),
    "field_unknown": _("Values of fields that the file does not define: %(count)s, left out."),
    "link_unusable": _(
        "Links that are no web address: %(count)s (for example %(where)s), not made into links."
    ),
    "control_characters_removed": _("Control characters were removed from %(count)s texts."),
    "broken_characters_replaced": _("Broken characters were replaced in %(count)s texts."),
    "encoding_guessed": _(
        "The file is not in UTF-8; it was read as %(encoding)s. Look at the accented letters."
    ),
    "stray_quote": _(
        "Line %(line)s has a quote mark that does not match; the text is kept as it stands."
    ),
    "row_short": _("Rows with fewer cells than the header: %(count)s (for example %(where)s)."),
    "day_unreadable": _("Line %(line)s: “%(value)s” is no date that can be read; left empty."),
    "formula_taken_as_text": _("Cells with a formula were taken as text: %(count)s rows."),
    "published_in_the_future": _(
        "Rows called published but dated after %(date)s: %(count)s. They come in as scheduled."
    ),
    "more_notices": _("Further remarks, not listed: %(count)s."),
    # Questions to answer before the import.
    "date_order": _("Is 3/4 the 3rd of April or the 4th of March?"),
}


def sentence(said: ImportProblem | Notice | RowError) -> str:
    """What a person reads, in the language of the moment."""
    params = dict(said.params)
    if not isinstance(said, ImportProblem):
        params.setdefault("where", said.where)
    if isinstance(said, RowError):
        params.setdefault("line", said.line)
    return str(SENTENCES[said.code]) % params
