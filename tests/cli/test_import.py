"""`arena import` and `arena reproduce`, as somebody at the command line meets them."""

import json

from click.testing import CliRunner

from arena.cli import verbs
from tests.published.conftest import published  # a fixture

__all__ = ["published"]


def arena(*words):
    return CliRunner().invoke(verbs, list(map(str, words)))


def test_importing_writes_a_run_that_can_be_reported(published, tmp_path):
    result = arena("import", "michael2023", published, "--out", tmp_path / "run")
    assert result.stdout.strip().endswith(str(tmp_path / "run"))
    report = json.loads(arena("report", tmp_path / "run", "--json").stdout)
    assert [arm["n_rows"] for arm in report["arms"]] == [2, 1, 1]


def test_an_unknown_format_is_answered_with_the_known_ones(tmp_path):
    assert "michael2023" in arena("import", "michael", tmp_path).stderr


def test_a_path_that_is_not_there_is_one_message(tmp_path):
    result = arena("import", "khan", tmp_path / "nowhere")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_a_folder_that_holds_a_run_is_left_alone(published, tmp_path):
    arena("import", "michael2023", published, "--out", tmp_path / "run")
    before = sorted(path.name for path in (tmp_path / "run").iterdir())
    result = arena("import", "michael2023", published, "--out", tmp_path / "run")
    assert "holds something else" in result.stderr
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == before


def test_reproducing_prints_the_papers_number_beside_ours(published):
    text = arena("reproduce", "michael2023", published).stdout
    assert "0.844" in text
    assert "cluster Wilson" in text


def test_a_folder_without_the_paper_s_data_is_answered_with_how_to_name_one(tmp_path):
    result = arena("reproduce", "michael2023", tmp_path)
    assert result.exit_code == 2
    assert "Give one as PATH, or put it at $ARENA_DATA/michael2023" in result.stderr


def test_reproducing_for_programs_holds_every_figure(published):
    found = json.loads(arena("reproduce", "michael2023", published, "--json").stdout)
    assert {arm["name"] for arm in found["arms"]} == {"human debate", "AI debate", "AI consultancy"}
