"""Who has judged or seen the answer of which question."""

from arena.exposure import Exposure


def test_what_was_judged_or_seen_is_known_for_good(tmp_path):
    Exposure(tmp_path, "ada").note("casefiles", "q1", "judged", "a-run")
    Exposure(tmp_path, "ada").note("casefiles", "q2", "answer", "a-run")
    known = Exposure(tmp_path, "ada")
    assert [known.knows("casefiles", q) for q in ("q1", "q2", "q3")] == [True, True, False]


def test_what_one_person_knows_another_does_not(tmp_path):
    Exposure(tmp_path, "ada").note("casefiles", "q1", "judged", "a-run")
    assert not Exposure(tmp_path, "bob").knows("casefiles", "q1")


def test_a_question_of_another_set_is_another_question(tmp_path):
    Exposure(tmp_path, "ada").note("casefiles", "q1", "judged", "a-run")
    assert not Exposure(tmp_path, "ada").knows("quality", "q1")


def test_a_line_that_was_cut_loses_only_itself(tmp_path):
    Exposure(tmp_path, "ada").note("casefiles", "q1", "judged", "a-run")
    with (tmp_path / "judges" / "ada.jsonl").open("a") as file:
        file.write('{"dataset": "casef')
    assert Exposure(tmp_path, "ada").knows("casefiles", "q1")


def test_what_was_begun_in_a_run_can_be_gone_on_with_there_and_nowhere_else(tmp_path):
    known = Exposure(tmp_path, "ada")
    known.note("casefiles", "q1", "begun", "a-run")
    assert [known.knows("casefiles", "q1", going_on=run) for run in ("a-run", "b-run", "")] == [False, True, True]
    known.note("casefiles", "q1", "judged", "a-run")
    assert known.knows("casefiles", "q1", going_on="a-run")


def test_a_thing_is_written_down_once(tmp_path):
    for _ in range(2):
        known = Exposure(tmp_path, "ada")
        known.note("casefiles", "q1", "judged", "a-run")
        known.note("casefiles", "q1", "judged", "a-run")
    assert len((tmp_path / "judges" / "ada.jsonl").read_text().splitlines()) == 1


def test_what_comes_after_a_line_that_was_cut_is_a_line_of_its_own(tmp_path):
    path = tmp_path / "judges" / "ada.jsonl"
    path.parent.mkdir()
    path.write_text('{"dataset": "casef')
    Exposure(tmp_path, "ada").note("casefiles", "q1", "judged", "a-run")
    assert Exposure(tmp_path, "ada").knows("casefiles", "q1")
