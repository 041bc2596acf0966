"""Golden playthroughs: a change of what is sent, said or logged shows as a difference of text."""

import pytest

from tests.playthroughs.render import COMMAND, FOLDER, path, playthrough, registered


@pytest.mark.parametrize("name", registered())
def test_a_protocol_plays_as_its_playthrough_says(name):
    golden = path(name)
    assert golden.exists(), f"the protocol {name} has no playthrough; `{COMMAND}` writes it"
    if playthrough(name) != golden.read_text(encoding="utf-8"):
        assert playthrough(name).splitlines() == golden.read_text(encoding="utf-8").splitlines(), (
            f"{name} plays otherwise than tests/playthroughs/{name}.txt says; `{COMMAND}` writes it anew"
        )


def test_the_arena_ships_the_five_protocols():
    assert set(registered()) >= {"amplification", "consultancy", "debate", "expert", "naive"}


def test_there_is_no_playthrough_of_a_protocol_that_is_gone():
    assert {golden.stem for golden in FOLDER.glob("*.txt")} <= set(registered())


@pytest.mark.parametrize("name", registered())
def test_a_playthrough_is_the_same_however_often_it_is_made(name):
    assert playthrough(name) == playthrough(name)
