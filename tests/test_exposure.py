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
