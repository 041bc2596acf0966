"""GPQA: the form of a copy of one's own; nothing of the set is here."""

import pytest

from arena.datasets.gpqa import Gpqa
from arena.errors import UsageError

HEAD = "Question,Correct Answer,Incorrect Answer 1,Incorrect Answer 2,Incorrect Answer 3,Record ID,Subdomain\n"
LINE = '"Which sea\nis red?",the Red Sea,the North Sea,the Dead Sea,the Black Sea,rec1,Seas\n'


class TestTheForm:
    def test_is_read_by_its_columns(self, load, write):
        folder = write("set/gpqa_diamond.csv", HEAD + LINE).parent
        [one] = load(Gpqa, folder, distractors="all")
        assert one.question.id == "rec1"
        assert one.question.options[one.key.option] == "the Red Sea"
        assert len(one.question.options) == 4

    def test_is_found_by_its_subset(self, load, write):
        write("set/gpqa_main.csv", HEAD + LINE + LINE.replace("rec1", "rec2"))
        folder = write("set/gpqa_diamond.csv", HEAD + LINE).parent
        assert len(load(Gpqa, folder, subset="main")) == 2

    @pytest.mark.parametrize(
        "line",
        [LINE.replace("the Red Sea", "\udcff".encode("utf-8", "surrogatepass").decode("latin-1")), "a,b\n", LINE],
    )
    def test_shows_none_of_its_words_where_it_is_broken(self, refused, write, line):
        path = write("gpqa_diamond.csv", HEAD + LINE + line.replace("Which sea\nis red?", ""))
        message = refused(Gpqa, path)
        assert message.startswith(f"{path}:4: ")
        assert "Sea" not in message

    def test_that_is_not_there_says_where_a_copy_may_be_put(self, load, tmp_path):
        with pytest.raises(UsageError, match=r"gpqa_diamond\.csv.*ARENA_DATA/gpqa"):
            load(Gpqa, tmp_path / "none")
