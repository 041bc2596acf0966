"""An episode as a file."""

import pytest

from arena.outline import page
from arena.tui import export

from .conftest import debate, gestures, header, opened, settled, write


@pytest.fixture
def read():
    return page(debate("q1", 0, 1).events)


def test_markdown_holds_the_question_the_speeches_and_the_decision(read):
    text = export.markdown(read, revealed=False)
    assert text.startswith("# When did the ship leave?")
    assert "“the ship left before dawn” (exact)" in text.replace("\\", "")
    assert "decision: (A)" in text


def test_the_truth_stands_in_it_only_where_it_was_revealed(read):
    assert "right answer: (A)" not in export.markdown(read, revealed=False)
    assert "right answer: (A)" in export.markdown(read, revealed=True)


def test_what_a_speaker_writes_is_no_markdown_and_no_html():
    text = "# A heading\n[a link](http://x) <script>alert(1)</script> `code` ![p](q)\n\n---\n| a | b |"
    made = export.markdown(page(debate("q1", 0, 0, rounds=1, text=text).events), revealed=False)
    assert "<script" not in made
    assert "[a link]" not in made
    assert "\n# A heading" not in made
    assert "> \\# A heading" in made


def test_an_svg_is_a_picture_with_the_speeches_in_it(read):
    picture = export.svg(read, revealed=False)
    assert picture.startswith("<svg")
    assert "harbour" not in picture
    assert "dawn" in picture


def test_what_a_speaker_writes_is_no_svg():
    made = export.svg(page(debate("q1", 0, 0, rounds=1, text="<script>alert(1)</script>").events), revealed=False)
    assert "<script" not in made


def test_a_file_is_named_after_the_episode_and_never_written_over(read, tmp_path):
    first = export.save(read, "md", revealed=False, folder=tmp_path)
    second = export.save(read, "md", revealed=False, folder=tmp_path)
    assert (first.name, second.name) == ("debate~q1~0.md", "debate~q1~0-2.md")


def test_no_name_of_an_episode_leads_out_of_the_folder(tmp_path):
    script = debate("q1", 0, 0)
    hostile = page([event.model_copy(update={"episode": "../../../x/y"}) for event in script.events])
    assert export.save(hostile, "md", revealed=False, folder=tmp_path).parent == tmp_path


@pytest.mark.parametrize("key, name", [("s", "debate~q1~0.md"), ("S", "debate~q1~0.svg")])
def test_s_saves_as_markdown_and_S_as_svg_in_the_current_folder(tmp_path, monkeypatch, key, name):  # noqa: N802
    run = write(tmp_path / "run", header(debate=1), debate("q1", 0, 0))
    monkeypatch.chdir(tmp_path)

    async def nothing(_pilot):
        return None

    gestures(opened(run, episode="debate~q1~0"), nothing, "9", key)
    assert (tmp_path / name).exists()


def test_episodes_of_questions_that_are_not_for_publication_are_not_saved_and_the_reason_is_told(tmp_path, monkeypatch):
    head = header(debate=1)
    head["dataset"] |= {"private": True, "name": "secret[red]"}
    run = write(tmp_path / "run", head, debate("q1", 0, 0))
    monkeypatch.chdir(tmp_path)

    async def act(pilot):
        await pilot.press("s", "S")
        await settled(pilot)
        return [note.message for note in pilot.app._notifications]

    notes = gestures(opened(run, episode="debate~q1~0"), act)
    assert notes == ["not saved: the questions of secret[red] are not for publication"] * 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


@pytest.mark.parametrize("about", [None, 3, {}, {"private": False}])
def test_every_other_run_may_be_saved(about):
    assert export.refused({"dataset": about}) is None
