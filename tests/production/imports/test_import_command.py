"""`manage.py import_board`: the same import, from a shell."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from production.models import Board, ContentItem, Event, Gate
from tests.production.imports.boards import DOING, as_bytes, document


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "board.json"
    path.write_bytes(as_bytes(document()))
    return path


def run(*args, **options) -> str:
    out = StringIO()
    call_command("import_board", *map(str, args), workspace="studio-aalto", stdout=out, **options)
    return out.getvalue()


def test_a_board_comes_in_and_the_result_is_told(world, file):
    said = run(file)

    assert "Test Drive: 3 items, 2 moves" in said
    assert ContentItem.objects.count() == 3
    assert Event.objects.latest("seq").actor == world.ann


def test_again_nothing_changes_and_undo_takes_it_back(world, file):
    run(file)

    assert "nothing has changed" in run(file)
    assert "3 cards" in run(file, undo=True)
    assert list(Board.objects.all()) == [world.board]
    with pytest.raises(CommandError, match="not in the workspace"):
        run(file, undo=True)


def test_a_dry_run_tells_and_makes_nothing(world, file):
    assert "Cards without a creation action (1)" in run(file, dry_run=True)
    assert not ContentItem.objects.exists()


def test_the_map_is_printed_changed_and_given_back(world, file, tmp_path):
    shown = json.loads(run(file, show_map=True))
    shown["lists"][DOING]["how"] = "skip"
    (tmp_path / "map.json").write_text(json.dumps(shown))

    run(file, map=tmp_path / "map.json")

    assert ContentItem.objects.count() == 1


def test_an_existing_board_says_what_stands_against_it(world, file):
    Gate.objects.create(workspace=world.workspace, stage=world.stages["script"], label="Brief read")

    with pytest.raises(CommandError, match="still needs: Brief read"):
        run(file, board="Board")
    run(file, board="Board", override=True)

    assert ContentItem.objects.filter(board=world.board).count() == 3


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"board": "Nowhere"}, "no board 'Nowhere'"),
        ({"by": "eve@rival.example"}, "Nobody like that"),
        ({"by": "vera@aalto.example"}, "may not do that"),
    ],
)
def test_what_cannot_be_done_is_said(world, file, options, message):
    with pytest.raises(CommandError, match=message):
        run(file, **options)

    assert not ContentItem.objects.exists()


def test_a_broken_file_or_map_is_said(world, file, tmp_path):
    (tmp_path / "half.json").write_bytes(file.read_bytes()[:150])
    (tmp_path / "map.json").write_text("[1")

    with pytest.raises(CommandError, match="was cut off"):
        run(tmp_path / "half.json")
    with pytest.raises(CommandError, match="is not JSON"):
        run(file, map=tmp_path / "map.json")
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "absent.json")


def test_choices_in_the_map_that_fit_nothing_are_named(world, file, tmp_path):
    (tmp_path / "map.json").write_text(json.dumps({"lists": {"x": {"how": "skip"}}}))

    with pytest.raises(CommandError, match=r"lists\.x: The file has no such list"):
        run(file, map=tmp_path / "map.json")
