"""What the published sets have in common, by a set of a few lines."""

import pytest
from pydantic import ValidationError

from arena.datasets.published import Draft, Published
from arena.errors import UsageError


class Tiny(Published):
    name = "tiny"
    patterns = ("*.jsonl",)

    def drafts(self, row):
        tempting = row.fields.get("best", ())
        yield Draft(
            row,
            row.text("q"),
            row.get("o"),
            row.fields.get("key", 0),
            row.fields.get("id", ""),
            row.fields.get("story"),
            best=tempting,
            tags={"long": len(row.text("q")) > 9},
        )


class Secret(Tiny):
    private = True


def record(q="Why?", *options, **more):
    return {"q": q, "o": list(options or ("yes", "no", "perhaps")), **more}


def options(items):
    return [set(one.question.options) for one in items]


class TestTheOptions:
    def test_are_two_the_right_one_and_the_best_distractor(self, load, write):
        path = write("a.jsonl", [record(best=[2, 1], q=f"q{i}") for i in range(20)])
        assert options(load(Tiny, path)) == [{"yes", "perhaps"}] * 20

    def test_are_the_right_one_and_one_drawn_where_none_is_called_best(self, load, write):
        path = write("a.jsonl", [record(q=f"q{i}") for i in range(40)])
        drawn = options(load(Tiny, path))
        assert {"yes", "no"} in drawn
        assert {"yes", "perhaps"} in drawn

    def test_are_all_where_all_are_asked_for(self, load, write):
        assert options(load(Tiny, write("a.jsonl", [record()]), distractors="all")) == [{"yes", "no", "perhaps"}]

    def test_are_those_there_are_where_more_are_asked_for(self, load, write):
        assert options(load(Tiny, write("a.jsonl", [record()]), distractors="9")) == [{"yes", "no", "perhaps"}]

    def test_stand_in_an_order_that_the_seed_draws(self, load, write):
        path = write("a.jsonl", [record(q=f"q{i}") for i in range(200)])
        first = sum(one.key.option == 0 for one in load(Tiny, path))
        assert 70 <= first <= 130
        assert [one.key.option for one in load(Tiny, path)] != [one.key.option for one in load(Tiny, path, seed=2)]

    def test_are_none_that_equal_the_right_one_or_another(self, load, write):
        path = write("a.jsonl", [record("q", "Yes", "yes ", "no", "No.", "", "perhaps")])
        assert options(load(Tiny, path, distractors="all")) == [{"Yes", "no", "perhaps"}]

    def test_leave_a_question_out_only_where_none_is_wrong(self, load, write):
        path = write("a.jsonl", [record("q", "Yes", "yes"), record("r")])
        assert [one.question.text for one in load(Tiny, path)] == ["r"]

    def test_that_name_others_by_letter_are_written_out(self, load, write):
        path = write("a.jsonl", [record("q", "red", "blue", "both A and B", key=2)])
        [one] = load(Tiny, path)
        assert one.question.options[one.key.option] == "both “red” and “blue”"

    def test_are_refused_with_the_line_where_the_key_is_none_of_them(self, refused, write):
        path = write("a.jsonl", [record(), record(key=3)])
        assert refused(Tiny, path) == f"{path}:2: the key is option 4, and there are 3 options"


class TestTheIds:
    def test_are_the_source_s_and_may_not_stand_twice(self, refused, write):
        path = write("a.jsonl", [record(id="x"), record(id="x")])
        assert f"{path}:2: the id 'x' stands twice" in refused(Tiny, path)

    def test_without_one_come_from_the_words_and_not_from_the_line(self, load, write):
        one, two = record("one"), record("two")
        first = load(Tiny, write("a/x.jsonl", [one, two]))
        again = load(Tiny, write("b/x.jsonl", [two, one]))
        assert {i.question.id for i in first} == {i.question.id for i in again}

    def test_of_a_record_that_stands_twice_differ_and_its_group_does_not(self, load, write):
        one, two = load(Tiny, write("a.jsonl", [record(), record()]))
        assert two.question.id == f"{one.question.id}-2"
        assert one.question.group == two.question.group

    def test_of_one_text_with_other_options_differ(self, load, write):
        one, two = load(Tiny, write("a.jsonl", [record(), record("Why?", "a", "b")]))
        assert not two.question.id.startswith(one.question.id)


class TestTheSample:
    def test_takes_whole_passages_in_an_order_of_the_seed(self, load, write):
        path = write("a.jsonl", [record(f"q{i}", story=f"story {i // 4}") for i in range(80)])
        taken = [one.question.passage for one in load(Tiny, path, limit=8)]
        assert taken == [taken[0]] * 4 + [taken[4]] * 4
        assert taken[0] != taken[4]
        assert taken != [one.question.passage for one in load(Tiny, path, limit=8, seed=3)]

    def test_keeps_what_the_filter_holds_of(self, load, write):
        path = write(
            "a.jsonl", [record("short", level=1), record("a longer one", level=2), record("b longer", level=2)]
        )
        assert [one.question.text for one in load(Tiny, path, filter="level=2")] == ["a longer one", "b longer"]
        assert [one.question.text for one in load(Tiny, path, filter="long=true")] == ["a longer one"]

    def test_says_which_fields_there_are_to_filter_by(self, load, write):
        with pytest.raises(UsageError, match="level"):
            load(Tiny, write("a.jsonl", [record(level=1)]), filter="levl=1")

    def test_and_the_reserve_share_no_passage_and_are_the_whole(self, load, write):
        path = write("a.jsonl", [record(f"q{i}", story=f"story {i // 4}") for i in range(400)])
        test = load(Tiny, path, reserve="0.2")
        kept = load(Tiny, path, reserve="0.2", part="reserve", seed=9)
        assert len(test) + len(kept) == 400
        assert not {one.question.group for one in test} & {one.question.group for one in kept}
        assert 20 <= len(kept) <= 160

    def test_has_no_reserve_that_nobody_set_apart(self):
        with pytest.raises(ValidationError, match="needs the share"):
            Tiny(part="reserve")


class TestTheFiles:
    def test_of_a_folder_are_read_in_the_order_of_their_names(self, load, write):
        write("d/b.jsonl", [record("b")])
        folder = write("d/a.jsonl", [record("a")]).parent
        assert [one.question.text for one in load(Tiny, folder)] == ["a", "b"]

    def test_that_are_not_there_are_asked_for(self, load, tmp_path):
        with pytest.raises(UsageError, match=r"tiny needs a file, or a folder with \*\.jsonl"):
            load(Tiny, tmp_path / "none")

    @pytest.mark.parametrize(
        "content, reason",
        [
            (b"\x1f\x8b\x08\x00", "gzip"),
            (b"\xff\xfea\x00", "UTF-16"),
            (b'{"q": "\xe9"}', "not UTF-8"),
            (b'{"q": ', "JSON"),
        ],
    )
    def test_that_are_broken_are_refused_with_file_and_line(self, refused, write, content, reason):
        path = write("a.jsonl", content)
        assert refused(Tiny, path).startswith(f"{path}:1: ")
        assert reason in refused(Tiny, path)


def test_a_private_set_shows_none_of_its_words_in_a_message(refused, write):
    path = write("a.jsonl", [record("", "hidden words", "others")])
    message = refused(Secret, path)
    assert message.startswith(f"{path}:1: ")
    assert "its words are not to be shown" in message
    assert "hidden" not in message
