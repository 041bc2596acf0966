"""MMLU: both layouts, and the real files where they are at hand."""

import pytest

from arena.datasets.mmlu import Mmlu

ROW = "Which is red?,a rose,the sea,grass,snow,A\n"
NAMED = "question,choice0,choice1,choice2,choice3,answer\nWhich is red?,a rose,the sea,grass,snow,0\n"
COUNTS = {
    "abstract_algebra": 100,
    "high_school_biology": 310,
    "high_school_chemistry": 203,
    "high_school_us_history": 204,
    "logical_fallacies": 163,
    "moral_disputes": 346,
    "professional_medicine": 272,
}


def right(one):
    return one.question.options[one.key.option]


class TestTheForm:
    @pytest.mark.parametrize("content", [ROW, NAMED, ROW.replace("\n", "\r\n"), ROW.strip()])
    def test_is_read_with_a_first_line_of_names_or_without(self, load, write, content):
        [one] = load(Mmlu, write("tea_test.csv", content))
        assert right(one) == "a rose"

    def test_gives_a_question_one_id_in_both(self, load, write):
        [one], [two] = (load(Mmlu, write(f"{d}/tea_test.csv", text)) for d, text in (("a", ROW), ("b", NAMED)))
        assert one.question.id == two.question.id

    def test_has_cells_of_several_lines_with_quotes(self, load, write):
        cell = '"This question refers to the following information.\n""So,"" he said.\nWho spoke?"'
        [one] = load(Mmlu, write("tea_test.csv", f"{cell},a,b,c,d,B\n"))
        assert one.question.text.endswith('"So," he said.\nWho spoke?')
        assert right(one) == "b"

    def test_makes_one_group_of_questions_on_one_source_text(self, load, write):
        shared = "This question refers to the following information.\nSo, he said."
        text = "".join(f'"{shared}\n{q}",a,b,c,d,B\n' for q in ("Who?", "When?")) + ROW
        groups = [one.question.group for one in load(Mmlu, write("tea_test.csv", text))]
        assert groups[0] == groups[1] != groups[2]

    def test_tells_questions_of_the_same_words_apart_by_their_options(self, load, write):
        items = load(Mmlu, write("tea_test.csv", ROW + ROW.replace("grass", "moss")))
        assert len({one.question.id for one in items}) == 2
        assert len({one.question.group for one in items}) == 1

    def test_drops_spaces_at_the_ends(self, load, write):
        [one] = load(Mmlu, write("tea_test.csv", " " + ROW))
        assert one.question.text == "Which is red?"

    def test_is_found_by_split_and_subject(self, load, write):
        write("dev/tea_dev.csv", ROW)
        write("test/ale_test.csv", ROW + ROW.replace("red", "wet"))
        folder = write("test/tea_test.csv", ROW).parent.parent
        assert len(load(Mmlu, folder)) == 3
        assert len(load(Mmlu, folder, subject="ale")) == 2
        assert len(load(Mmlu, folder, split="dev")) == 1

    def test_has_a_training_split_whose_files_are_called_otherwise(self, load, write):
        folder = write("data/auxiliary_train/race.csv", ROW).parent.parent
        assert len(load(Mmlu, folder, split="auxiliary_train")) == 1

    def test_keeps_options_that_differ_as_genotypes_do(self, load, write):
        [one] = load(Mmlu, write("tea_test.csv", "Which?,BB,Bb,bb,none,B\n"), distractors="all")
        assert set(one.question.options) == {"BB", "Bb", "bb", "none"}

    @pytest.mark.parametrize("row", ["q,a,b,c,d,E\n", "q,a,b,c,d,4\n", "q,a,b,c,d,\n", "q,a,b,c,A\n"])
    def test_is_refused_with_the_line_where_it_is_broken(self, refused, write, row):
        path = write("tea_test.csv", ROW + row)
        assert refused(Mmlu, path).startswith(f"{path}:2: ")


class TestTheRealData:
    @pytest.mark.parametrize("subject", COUNTS)
    def test_has_as_many_questions_as_it_should(self, load, shared, subject):
        assert len(load(Mmlu, shared("mmlu"), subject=subject)) == COUNTS[subject]

    def test_has_five_examples_a_subject_which_are_not_in_the_test(self, load, shared):
        examples, test = load(Mmlu, shared("mmlu"), split="dev"), load(Mmlu, shared("mmlu"))
        assert (len(examples), len(test)) == (35, 1598)
        assert not {one.question.text for one in examples} & {one.question.text for one in test}

    def test_is_the_same_in_the_layout_with_a_first_line(self, load, shared):
        named = load(Mmlu, shared("mmlu") / "with_header")
        plain = load(Mmlu, shared("mmlu"), subject="abstract_algebra")
        assert len(named) == 100
        assert {(i.question.id, right(i)) for i in named} == {(i.question.id, right(i)) for i in plain}

    def test_has_a_question_twice_with_other_options_in_logical_fallacies(self, load, shared):
        items = load(Mmlu, shared("mmlu"), subject="logical_fallacies")
        assert len({one.question.text for one in items}) == 162
        assert len({one.question.id for one in items}) == 163

    def test_has_no_option_that_names_another_by_its_letter(self, load, shared):
        items = load(Mmlu, shared("mmlu"), subject="moral_disputes", distractors="all")
        options = [option.casefold() for one in items for option in one.question.options]
        assert not {"both a and b", "neither a nor b", "all of the above", "none of the above"} & set(options)

    def test_has_clusters_in_history(self, load, shared):
        items = load(Mmlu, shared("mmlu"), subject="high_school_us_history")
        assert len({one.question.group for one in items}) < 100
