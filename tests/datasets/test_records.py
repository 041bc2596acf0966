"""How a file of somebody's own questions becomes questions and keys."""

import csv
import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arena.datasets import checked
from arena.datasets.records import Records, open_path
from arena.errors import DataError, UsageError
from arena.question import Item, same

GOOD = {"question": "Which city?", "options": ["Rome", "Paris", "Bern"], "answer": 1}


def read(path: Path, **params: str) -> list[Item]:
    """Read all questions of a file, with all their options unless `params` say otherwise."""
    return list(checked(open_path(path, {"distractors": "all", **params}).items(limit=None, seed=1)))


def right(one: Item) -> str:
    return one.question.options[one.key.option]


def fault(path: Path, **params: str) -> str:
    with pytest.raises(DataError) as caught:
        read(path, **params)
    return str(caught.value)


class TestAPlainFile:
    def test_needs_no_settings(self, write):
        [one] = read(write("cities.jsonl", [GOOD]))
        assert (one.question.id, one.question.text, one.question.dataset) == ("cities-1", "Which city?", "cities.jsonl")
        assert sorted(one.question.options) == ["Bern", "Paris", "Rome"]
        assert right(one) == "Paris"

    def test_may_have_ids_passages_and_groups(self, write):
        [one] = read(write("q.jsonl", [{**GOOD, "id": "q-7", "passage": "  A story.\n", "group": "g"}]))
        assert (one.question.id, one.question.passage, one.question.group) == ("q-7", "  A story.\n", "g")

    def test_groups_questions_by_their_passage(self, write):
        first, second, third, fourth = read(
            write("q.jsonl", [{**GOOD, "passage": p} for p in ("A story.", "A story.", "Another.", None)])
        )
        assert first.question.group == second.question.group
        assert len({first.question.group, third.question.group, fourth.question.group}) == 3
        assert fourth.question.group == fourth.question.id

    def test_loses_the_white_space_around_questions_and_options(self, write):
        [one] = read(write("q.jsonl", [{"question": " Why?\n", "options": [" a ", "b\n"], "answer": "a"}]))
        assert (one.question.text, sorted(one.question.options)) == ("Why?", ["a", "b"])

    def test_shows_the_right_option_in_every_place(self, write):
        items = read(write("q.jsonl", [GOOD] * 300))
        places = [one.key.option for one in items]
        assert all(70 < places.count(place) < 130 for place in range(3))

    def test_is_limited_by_whole_passages(self, write):
        path = write("q.jsonl", [{**GOOD, "passage": f"story {n % 4}"} for n in range(20)])
        items = list(open_path(path, {}).items(limit=10, seed=3))
        assert len({one.question.group for one in items}) == 2


class TestTheMapping:
    @pytest.mark.parametrize(
        "record, params",
        [
            ({"q": "?", "choices": ["w", "r"], "label": 1}, {"options": "choices", "answer": "label"}),
            ({"q": "?", "a": "w", "b": "r", "key": "B"}, {"options": "a,b", "answer": "key"}),
            ({"q": "?", "a": "w", "b": "r", "key": "B"}, {"options": "a, b", "answer": "key"}),
            ({"q": "?", "o": {"A": "w", "B": "r"}, "k": "b"}, {"options": "o.A,o.B", "answer": "k"}),
            ({"q": "?", "o": {"text": ["w", "r"]}, "k": "r"}, {"options": "o.text", "answer": "k"}),
            ({"q": "?", "o": [{"t": "w"}, {"t": "r"}], "k": {"i": 1}}, {"options": "o.t", "answer": "k.i"}),
            ({"q": "?", "yes": "r", "no": "w"}, {"right": "yes", "wrong": "no"}),
            ({"q": "?", "yes": "r", "no": ["w", "v"]}, {"right": "yes", "wrong": "no"}),
            ({"q": "?", "yes": "r", "n1": "w", "n2": "v", "n3": ""}, {"right": "yes", "wrong": "n1,n2,n3"}),
        ],
    )
    def test_finds_the_right_option_wherever_it_is_said(self, write, record, params):
        [one] = read(write("q.jsonl", [record]), question="q", **params)
        assert right(one) == "r"

    def test_reads_the_same_from_a_table(self, write):
        path = write("q.tsv", 'nr\tq\ta\tb\tc\tkey\n1\t"Who\n""won""?"\tx\ty\t\tB\n')
        [one] = read(path, id="nr", question="q", options="a,b,c", answer="key")
        assert (one.question.id, one.question.text) == ("1", 'Who\n"won"?')
        assert (right(one), len(one.question.options)) == ("y", 2)

    def test_takes_a_list_that_stands_in_one_cell_as_json(self, write):
        path = write("q.csv", 'question,options,answer\nWho?,"[""x"", ""y""]",y\n')
        assert right(read(path)[0]) == "y"

    @pytest.mark.parametrize("params, count", [({}, 2), ({"distractors": "1"}, 2), ({"distractors": "2"}, 3)])
    def test_keeps_one_wrong_option_or_as_many_as_it_is_told(self, write, params, count):
        [one] = open_path(write("q.jsonl", [GOOD]), params).items(limit=None, seed=1)
        assert (len(one.question.options), right(one)) == (count, "Paris")

    def test_draws_the_wrong_option_that_stays(self, write):
        items = open_path(write("q.jsonl", [GOOD] * 40), {}).items(limit=None, seed=1)
        assert {option for one in items for option in one.question.options} == {"Rome", "Paris", "Bern"}

    def test_cannot_keep_more_wrong_options_than_a_record_has(self, write):
        path = write("q.jsonl", [GOOD])
        assert fault(path, distractors="3") == f"{path}:1: 3 distractors were asked for, and it has 2 wrong options"

    @pytest.mark.parametrize(
        "params, reason",
        [
            ({"qestion": "q"}, "no setting of a file of questions is called 'qestion'. Did you mean question"),
            ({"answer_base": "2"}, "answer_base: Input should be less than or equal to 1"),
            ({"answer_base": "one"}, "answer_base: "),
            ({"answer_as": "number"}, "answer_as: "),
            ({"distractors": "0"}, "distractors"),
            ({"distractors": "most"}, "distractors"),
            ({"path": "other.csv"}, "'path'"),
            ({"right": "a"}, "right and wrong go together"),
            ({"right": "a", "wrong": "b", "answer": "c"}, "give the one pair or the other"),
        ],
    )
    def test_refuses_settings_that_say_nothing(self, params, reason):
        with pytest.raises(UsageError) as caught:
            open_path("q.jsonl", params)
        assert reason in str(caught.value)


class TestAnAnswer:
    @pytest.mark.parametrize(
        "answer, options, expected",
        [
            (1, ["x", "y", "z"], "y"),
            ("1", ["x", "y", "z"], "y"),
            ("1.0", ["x", "y", "z"], "y"),
            (1.0, ["x", "y", "z"], "y"),
            ("B", ["x", "y", "z"], "y"),
            ("b", ["x", "y", "z"], "y"),
            ("(B)", ["x", "y", "z"], "y"),
            ("B.", ["x", "y", "z"], "y"),
            (" Y. ", ["x", "y", "z"], "y"),
            ("A", ["A", "B"], "A"),
            (1066, [1065, 1066], "1066"),
            ("1066", ["1065", "1066"], "1066"),
            (True, ["False", "True"], "True"),
            (False, ["No", "Yes"], "No"),
            ("TRUE", ["yes", "no"], "yes"),
            ("No", ["TRUE", "FALSE"], "FALSE"),
            (True, [False, True], "true"),
        ],
    )
    def test_is_an_index_a_letter_or_the_text_of_an_option(self, write, answer, options, expected):
        [one] = read(write("q.jsonl", [{**GOOD, "options": options, "answer": answer}]))
        assert right(one) == expected

    @pytest.mark.parametrize("answer, expected", [(1, "x"), ("3", "z"), ("C", "z")])
    def test_may_count_from_one(self, write, answer, expected):
        [one] = read(write("q.jsonl", [{**GOOD, "options": ["x", "y", "z"], "answer": answer}]), answer_base="1")
        assert right(one) == expected

    @pytest.mark.parametrize(
        "answer, options",
        [(1, ["3", "2", "1"]), ("1", ["1", "2"]), ("A", ["B", "A"])],
    )
    def test_that_may_mean_two_options_is_refused_until_it_is_said_which(self, write, answer, options):
        path = write("q.jsonl", [{**GOOD, "options": options, "answer": answer}])
        assert "answer_as=index, answer_as=letter or answer_as=text" in fault(path)
        assert right(read(path, answer_as="text")[0]) == str(answer)

    @pytest.mark.parametrize("way, expected", [("index", "2"), ("text", "1")])
    def test_is_read_the_way_it_is_told(self, write, way, expected):
        path = write("q.jsonl", [{**GOOD, "options": ["1", "2"], "answer": "1"}])
        assert right(read(path, answer_as=way)[0]) == expected

    @pytest.mark.parametrize("answer", [3, -1, "D", "E", "Madrid", "", None, [1], {"a": 1}, True, 0.5, "²"])
    def test_that_names_no_option_is_refused_with_what_would(self, write, answer):
        path = write("q.jsonl", [GOOD, {**GOOD, "answer": answer}])
        assert fault(path).startswith(f"{path}:2: the answer {answer!r} in 'answer' names no option. There are 3")
        assert "an answer is 0 to 2, or A to C, or the text of one." in fault(path)

    @pytest.mark.parametrize("way, wanted", [("index", "0 to 2."), ("letter", "A to C."), ("text", "the text of one.")])
    def test_that_names_no_option_is_refused_with_the_one_way_that_was_set(self, write, way, wanted):
        path = write("q.jsonl", [{**GOOD, "answer": "7"}])
        assert fault(path, answer_as=way).endswith(f"There are 3; an answer is {wanted}")

    @pytest.mark.parametrize("answer, told", [(2, False), (3, True), (4, False), ("D", False)])
    def test_one_beyond_the_last_makes_the_message_say_how_to_count_from_one(self, write, answer, told):
        path = write("q.jsonl", [{**GOOD, "answer": answer}, {**GOOD, "answer": "none"}])
        assert ("set answer_base=1" in fault(path)) == told

    def test_of_zero_is_nothing_where_the_file_counts_from_one(self, write):
        path = write("q.jsonl", [{**GOOD, "answer": 0}])
        assert "an answer is 1 to 3" in fault(path, answer_base="1")

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(options=st.lists(st.text(max_size=6), max_size=4), answer=st.integers(-2, 5) | st.text(max_size=6))
    def test_of_any_kind_is_read_or_refused_with_its_line(self, write, options, answer):
        path = write("q.jsonl", [{"question": "?", "options": options, "answer": answer}])
        try:
            [one] = read(path)
        except DataError as error:
            assert str(error).startswith(f"{path}:1: ")  # noqa: PT017 - most of these are good records
        else:
            place = [option.strip() for option in options].index(right(one))
            said = same(str(answer))
            letter = "abcd"[place]
            ways = (str(place), f"{place}.0", letter, letter.upper(), f"({letter}", same(options[place]))
            assert said in ways


class TestABadRecord:
    @pytest.mark.parametrize(
        "record, reason",
        [
            ({**GOOD, "options": ["Rome", "“ROME”."]}, "two options are equal after normalisation"),
            ({**GOOD, "options": ["Rome"], "answer": 0}, "at least two options, and 'options' holds 1"),
            ({**GOOD, "options": []}, "at least two options, and 'options' holds 0"),
            ({**GOOD, "options": ["Rome", " "]}, "an option is empty"),
            ({**GOOD, "options": ["Rome", None]}, "field 'options' is nothing (null); a text is needed"),
            ({**GOOD, "options": "Rome"}, "field 'options' is a text; a list is needed there, or several fields"),
            ({**GOOD, "options": "[Rome"}, "begins like a JSON list and is none"),
            ({**GOOD, "options": {"A": "Rome"}}, "field 'options' is an object; a list is needed"),
            ({**GOOD, "question": ""}, "text: String should have at least 1 character"),
            ({**GOOD, "question": None}, "field 'question' is nothing (null)"),
            ({**GOOD, "question": ["a"]}, "field 'question' is a list"),
            ({**GOOD, "question": "\ud800"}, "half of a character"),
            ({**GOOD, "passage": "\ud800"}, "half of a character"),
            ({**GOOD, "passage": 20_000_001 * "x"}, "cut it to the part that the question is about"),
            ({**GOOD, "id": ""}, "field 'id' is empty"),
            ({**GOOD, "id": None}, "field 'id' is empty"),
            ({**GOOD, "id": "same"}, "the id 'same' stands at "),
            ({"question": "?", "option": [], "answer": 0}, "no field 'options'; the fields are"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_is_refused_with_its_line_and_the_reason(self, write, record, reason):
        path = write("q.jsonl", [{**GOOD, "id": "same"}, record])
        assert fault(path).startswith(f"{path}:2: ")
        assert reason in fault(path)

    def test_is_found_before_a_limited_run_begins(self, write):
        """With a limit everything is read before the first question is given out."""
        path = write("q.jsonl", [*[GOOD] * 9, {"question": "?"}])
        with pytest.raises(DataError, match=re.escape(f"{path}:10: ")):
            next(open_path(path, {}).items(limit=1, seed=1))

    def test_without_a_field_that_was_asked_for_is_refused(self, write):
        path = write("q.jsonl", [{**GOOD, "story": "x"}])
        assert "no field 'storey'" in fault(path, passage="storey")
        assert "Did you mean 'story'?" in fault(path, passage="storey")

    def test_in_a_table_is_refused_with_the_line_on_which_it_begins(self, write):
        path = write("q.csv", 'question,a,b,key\n"two\nlines",x,y,A\nWho?,x,y,C\n')
        assert fault(path, options="a,b", answer="key").startswith(f"{path}:4: the answer 'C' in 'key' names no option")

    def test_with_wrong_options_missing_is_refused(self, write):
        path = write("q.jsonl", [{"question": "?", "r": "x", "w": []}])
        assert "at least two options" in fault(path, right="r", wrong="w")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    records=st.lists(
        st.tuples(st.text("ab\n\r,\"'; é", min_size=1).filter(str.strip), st.integers(0, 2)), min_size=1, max_size=6
    )
)
def test_the_two_formats_say_the_same(write, records):
    """The same questions, written as JSON lines and as a table, have the same texts, options and keys."""
    lines = [
        {"question": text, "options": ["x", "y", "z"], "answer": key, "id": str(n)}
        for n, (text, key) in enumerate(records)
    ]
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerows([["id", "question", "options", "answer"]])
    writer.writerows([one["id"], one["question"], json.dumps(one["options"]), one["answer"]] for one in lines)
    from_lines = read(write("q.jsonl", lines))
    from_table = read(write("q.csv", table.getvalue()))
    assert [right(one) for one in from_lines] == [right(one) for one in from_table]
    assert [one.question.options for one in from_lines] == [one.question.options for one in from_table]
    assert [one.question.text.replace("\r\n", "\n") for one in from_lines] == [one.question.text for one in from_table]


def test_settings_are_part_of_what_a_run_says_about_itself():
    dataset = open_path("q.jsonl", {"question": "q", "distractors": "all"})
    settings = dataset.model_dump(mode="json", exclude_defaults=True)
    assert settings == {"path": "q.jsonl", "question": "q", "distractors": "all"}
    assert Records.model_validate(settings).question == "q"
