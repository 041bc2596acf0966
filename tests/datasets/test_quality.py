"""QuALITY: the form of v1.0.1, and its two articles where they are at hand."""

import pytest

from arena.datasets.quality import Quality
from arena.datasets.readers import tempting

RIGHT, NAME = "The cat", "QuALITY.v1.0.1.htmlstripped.dev"


def reader(answer=2, best=3, answerable=1, context=2):
    return {
        "untimed_annotator_id": "1",
        "untimed_answer": answer,
        "untimed_eval1_answerability": answerable,
        "untimed_eval2_context": context,
        "untimed_best_distractor": best,
    }


def question(name, readers=None, hurried=(1, 3, 3), **changes):
    return {
        "question": f"Who sat\non {name}? ",
        "question_unique_id": f"9_W_{name}",
        "options": ["The dog ", RIGHT + "\n", "A bird", "Nobody"],
        "writer_label": 1,
        "gold_label": 2,
        "validation": readers or [reader(), reader(best=4), reader(best=3)],
        "speed_validation": [{"speed_annotator_id": "2", "speed_answer": one} for one in hurried],
        "difficult": 1,
        **changes,
    }


def article(*questions, writer="W", text="The cat sat.", **more):
    return {"article_id": "9", "set_unique_id": f"9_{writer}", "source": "Gutenberg", "article": text,
            "questions": list(questions), **more}  # fmt: skip


@pytest.fixture
def put(write):
    return lambda *articles, name=NAME: write(f"set/{name}", list(articles))


class TestTheForm:
    def test_is_read_with_labels_that_count_from_one_and_the_majority_s_key(self, load, put):
        [one] = load(Quality, put(article(question("1"))))
        assert one.question.options[one.key.option] == RIGHT
        assert (one.question.id, one.question.text, one.question.group) == ("9_W_1", "Who sat on 1?", "9")

    def test_has_the_distractor_that_most_readers_called_best(self, load, put):
        [one] = load(Quality, put(article(question("1"))))
        assert set(one.question.options) == {RIGHT, "A bird"}

    def test_takes_of_equals_the_one_that_hurried_readers_took(self):
        assert tempting(4, 1, best=[3, 4, 2], hurried=[4, 4, 3]) == [3, 2, 0]

    def test_makes_one_group_of_two_lines_on_one_article(self, load, put):
        items = load(Quality, put(article(question("1")), article(question("2"), writer="V")))
        assert {one.question.group for one in items} == {"9"}

    def test_is_found_in_a_folder_without_an_extension(self, load, put):
        assert len(load(Quality, put(article(question("1"))).parent)) == 1

    def test_is_found_by_its_split(self, load, put):
        put(article(question("1")), name="QuALITY.v1.0.1.htmlstripped.train")
        folder = put(article(question("2"))).parent
        assert [one.question.id for one in load(Quality, folder, split="train")] == ["9_W_1"]

    def test_with_html_is_read_as_text(self, load, put):
        page = "<html><body><p>The <i>cat</i> sat.</p><p>So.</p></body></html>"
        folder = put(article(question("1"), text=page), name="QuALITY.v1.0.1.dev").parent
        [one] = load(Quality, folder, html="true")
        assert one.question.passage == "The cat sat.\n\nSo."

    def test_loses_an_option_that_names_others_only_where_it_names_itself(self, load, put):
        options = ["Both A and C are correct.", RIGHT, "A bird", "Both A and B"]
        [one] = load(Quality, put(article(question("1", options=options))), distractors="all")
        assert set(one.question.options) == {RIGHT, "A bird", f"Both “{options[0]}” and “{RIGHT}”"}

    @pytest.mark.parametrize(
        "change, reason",
        [
            ({"gold_label": 0}, "gold_label is 0, and there are 4 options, counted from 1"),
            ({"gold_label": 5}, "gold_label is 5"),
            ({"gold_label": True}, "gold_label is True"),
            ({"options": "no list"}, "a list is needed"),
            ({"validation": [{}]}, "has a reader without untimed_"),
        ],
    )
    def test_is_refused_with_the_line_where_it_is_broken(self, refused, put, change, reason):
        path = put(article(question("1")), article(question("2", **change)))
        message = refused(Quality, path)
        assert message.startswith(f"{path}:2: ")
        assert reason in message

    def test_may_lack_what_readers_said(self, load, put):
        asked = question("1")
        for part in ("validation", "speed_validation", "difficult"):
            del asked[part]
        assert len(load(Quality, put(article(asked)))) == 1

    def test_may_call_the_best_distractor_as_its_own_readme_does(self, load, put):
        called = reader(best=1)
        called["untimed_eval3_distractor"] = called.pop("untimed_best_distractor")
        [one] = load(Quality, put(article(question("1", readers=[called]))))
        assert set(one.question.options) == {RIGHT, "The dog"}

    def test_without_answers_says_that_they_are_not_released(self, refused, put):
        asked = question("1")
        del asked["gold_label"]
        assert "do not release" in refused(Quality, put(article(asked)))


class TestTheSubsets:
    def test_hard_is_what_the_source_calls_difficult(self, load, put):
        path = put(article(question("1"), question("2", difficult=0)))
        assert [one.question.id for one in load(Quality, path, subset="hard")] == ["9_W_1"]

    @pytest.mark.parametrize(
        "change",
        [
            {"difficult": 0},
            {"readers": [reader(), reader(answer=3)]},
            {"readers": [reader(), reader(answerable=2)]},
            {"readers": [reader(context=1), reader(context=1)]},
            {"hurried": (2, 2, 1)},
        ],
    )
    def test_khan_leaves_out_what_one_filter_does(self, load, put, change):
        path = put(article(question("1"), question("2", **change)))
        assert [one.question.id for one in load(Quality, path, subset="khan")] == ["9_W_1"]

    def test_khan_leaves_out_other_sources(self, load, put):
        path = put(article(question("1")), article(question("2"), source="Slate"))
        assert [one.question.id for one in load(Quality, path, subset="khan")] == ["9_W_1"]

    def test_may_be_narrowed_by_a_filter(self, load, put):
        path = put(article(question("1"), question("2", readers=[reader(context=4)])))
        assert [one.question.id for one in load(Quality, path, subset="hard", filter="context>3")] == ["9_W_2"]


class TestTheRealData:
    def test_has_15_questions_on_two_articles(self, load, shared):
        items = load(Quality, shared("quality"))
        assert len(items) == 15
        assert {one.question.group for one in items} == {"52845", "30029"}

    def test_calls_difficult_what_fewer_than_half_of_the_hurried_got_right(self, load, shared):
        hard = {one.question.id for one in load(Quality, shared("quality"), subset="hard")}
        slow = {one.question.id for one in load(Quality, shared("quality"), filter="speed<0.5")}
        assert hard == slow

    def test_refuses_the_layout_before_the_release(self, refused, shared):
        path = shared("quality") / "quality_example_prerelease.jsonl"
        assert refused(Quality, path).startswith(f"{path}:1: ")

    def test_has_no_option_that_means_another_thing_after_a_shuffle(self, load, shared):
        shown = {
            option for one in load(Quality, shared("quality"), distractors="all") for option in one.question.options
        }
        assert "Both A and C are correct." not in shown
