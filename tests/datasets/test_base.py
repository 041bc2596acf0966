"""What every dataset may lean on."""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from arena.datasets import PASSAGE_LIMIT, Dataset, checked, digest, item, whole_groups
from arena.errors import DataError, UsageError
from arena.question import AnswerKey, Item, Question


class Capitals(Dataset):
    """Capital cities, as a stranger would write a dataset. Source: made up here. Group: the country."""

    countries: int = 2

    def items(self, *, limit: int | None, seed: int) -> Iterator[Item]:
        found = (
            item(
                id=f"{country}-{n}",
                text=f"What is city {n} of country {country}?",
                right=f"right {n}",
                wrong=[f"wrong {n}", f"bad {n}"],
                group=f"country-{country}",
                seed=seed,
            )
            for country in range(self.countries)
            for n in range(3)
        )
        return whole_groups(found, limit, seed)


def question(name: str = "a", **changes: object) -> Question:
    return Question.model_validate({"id": name, "text": "Why?", "options": ("yes", "no"), **changes})


def one(name: str = "a", key: int = 0, **changes: object) -> Item:
    return Item(question(name, **changes), AnswerKey(question=name, option=key))


def grouped(*sizes: int) -> list[Item]:
    return [one(f"{group}.{n}", group=f"group {group}") for group, size in enumerate(sizes) for n in range(size)]


class TestADataset:
    def test_takes_its_settings_as_text(self):
        assert Capitals.model_validate({"countries": "3"}).countries == 3

    def test_refuses_a_setting_that_it_does_not_have(self):
        with pytest.raises(ValidationError, match="rivers"):
            Capitals.model_validate({"rivers": "3"})

    def test_cannot_be_changed_once_it_is_made(self):
        with pytest.raises(ValidationError, match="frozen"):
            Capitals().countries = 3

    def test_must_yield_items(self):
        with pytest.raises(TypeError, match="items"):
            Dataset()

    def test_plays_with_no_more_than_a_class_and_a_loop(self):
        assert [i.question.id for i in checked(Capitals().items(limit=None, seed=1))] == [
            "0-0", "0-1", "0-2", "1-0", "1-1", "1-2",
        ]  # fmt: skip


class TestAnItem:
    @given(st.integers(), st.text(min_size=1).filter(str.strip), st.integers(1, 5))
    def test_has_its_key_at_the_right_option(self, seed, name, wrong):
        built = item(id=name, text="?", right="right", wrong=[f"wrong {n}" for n in range(wrong)], seed=seed)
        assert built.question.options[built.key.option] == "right"
        assert sorted(built.question.options) == ["right", *(f"wrong {n}" for n in range(wrong))]
        assert built.key.question == built.question.id == name

    def test_puts_the_right_option_at_every_place_equally_often(self):
        places = Counter(
            item(id=f"q{n}", text="?", right="r", wrong=["x", "y"], seed=7).key.option for n in range(3000)
        )
        assert set(places) == {0, 1, 2}
        assert all(900 < count < 1100 for count in places.values())

    def test_is_ordered_without_regard_to_which_option_is_right(self):
        """With right and wrong exchanged, the key moves with the words: the draw knows places, not truth."""
        for n in range(50):
            one, other = (item(id=f"q{n}", text="?", right=r, wrong=w, seed=7) for r, w in ("xy", "yx"))
            assert one.key.option == other.key.option
            assert one.question.options == other.question.options[::-1]

    def test_is_ordered_anew_by_another_seed(self):
        orders = {item(id="q", text="?", right="r", wrong="w", seed=n).key.option for n in range(20)}
        assert orders == {0, 1}

    def test_keeps_its_order_from_one_process_to_the_next(self):
        """The order is drawn from a hash that no interpreter salts."""
        keys = [item(id=f"q{n}", text="?", right="r", wrong=["x", "y"], seed=1).key.option for n in range(8)]
        assert keys == [2, 0, 1, 1, 2, 2, 1, 1]

    def test_takes_a_single_wrong_option_as_one_and_not_as_its_letters(self):
        assert len(item(id="q", text="?", right="yes", wrong="no", seed=1).question.options) == 2

    def test_keeps_as_many_wrong_options_as_it_is_told(self):
        kept = [item(id=f"q{n}", text="?", right="r", wrong=["x", "y", "z"], distractors=1, seed=1) for n in range(60)]
        assert all(len(i.question.options) == 2 and "r" in i.question.options for i in kept)
        assert {o for i in kept for o in i.question.options} == {"r", "x", "y", "z"}

    def test_cannot_keep_more_than_there_are(self):
        with pytest.raises(DataError, match="2 distractors were asked for, and it has 1 wrong option"):
            item(id="q", text="?", right="r", wrong="w", distractors=2, seed=1)

    def test_moves_a_posterior_with_the_options(self):
        for n in range(20):
            built = item(id=f"q{n}", text="?", right="r", wrong=["x", "y"], posterior=(0.7, 0.2, 0.1), seed=1)
            assert dict(zip(built.question.options, built.key.posterior, strict=True)) == {"r": 0.7, "x": 0.2, "y": 0.1}

    def test_cannot_have_a_posterior_over_other_options(self):
        with pytest.raises(DataError, match="2 values for 3 options"):
            item(id="q", text="?", right="r", wrong=["x", "y"], posterior=(0.7, 0.3), seed=1)

    @pytest.mark.parametrize(
        "parts, reason",
        [
            ({"right": "Paris", "wrong": ["“paris”. "]}, "equal after normalisation"),
            ({"wrong": [f"w{n}" for n in range(9)] + ["w0."], "distractors": 1}, "equal after normalisation"),
            ({"wrong": []}, "at least two options"),
            ({"wrong": [" "]}, "an option is empty"),
            ({"text": ""}, "text: "),
            ({"id": ""}, "id: "),
            ({"text": "\ud800"}, "text: "),
            ({"id": "\ud800"}, "id: "),
        ],
    )
    def test_that_cannot_be_a_question_is_refused_with_the_reason(self, parts, reason):
        given_parts = {"id": "q9", "text": "?", "right": "Paris", "wrong": ["Rome"], "seed": 1, **parts}
        with pytest.raises(DataError, match=reason):
            item(**given_parts)

    def test_is_refused_under_its_place_in_the_file_where_that_is_known(self):
        with pytest.raises(DataError, match=r"^q.csv:7: "):
            item(id="q", text="?", right="r", wrong=[], seed=1, where="q.csv:7")


class TestWholeGroups:
    @given(st.lists(st.integers(1, 6), max_size=8), st.integers(1, 30), st.integers(0, 5))
    def test_are_as_many_questions_as_asked_for_or_as_there_are(self, sizes, limit, seed):
        assert len(list(whole_groups(grouped(*sizes), limit, seed))) == min(limit, sum(sizes))

    @given(st.lists(st.integers(1, 6), max_size=8), st.integers(1, 30), st.integers(0, 5))
    def test_are_whole_but_for_the_last(self, sizes, limit, seed):
        there = Counter(i.question.group for i in grouped(*sizes))
        taken = Counter(i.question.group for i in whole_groups(grouped(*sizes), limit, seed))
        *whole, _last = [*taken, None]
        assert all(taken[group] == there[group] for group in whole[:-1])

    @given(st.lists(st.integers(1, 6), max_size=8), st.integers(1, 30), st.integers(0, 5))
    def test_stand_together_in_the_order_of_the_data(self, sizes, limit, seed):
        ids = [i.question.id for i in whole_groups(grouped(*sizes), limit, seed)]
        changes = sum(a.split(".")[0] != b.split(".")[0] for a, b in pairwise(ids))
        assert changes == max(len({name.split(".")[0] for name in ids}) - 1, 0)
        assert all(int(b.split(".")[1]) == int(a.split(".")[1]) + 1 or b.endswith(".0") for a, b in pairwise(ids))

    @given(st.lists(st.integers(1, 6), max_size=8), st.integers(1, 20), st.integers(0, 5), st.randoms())
    def test_of_a_smaller_limit_begin_those_of_a_larger_one(self, sizes, limit, seed, chance):
        items = grouped(*sizes)
        chance.shuffle(items)
        fewer = [i.question.id for i in whole_groups(items, limit, seed)]
        more = [i.question.id for i in whole_groups(items, limit + 5, seed)]
        assert more[: len(fewer)] == fewer

    def test_are_others_with_another_seed(self):
        firsts = {next(whole_groups(grouped(1, 1, 1, 1), 1, seed)).question.id for seed in range(40)}
        assert firsts == {"0.0", "1.0", "2.0", "3.0"}

    def test_are_found_where_the_questions_of_a_group_are_scattered(self):
        items = grouped(3, 3)
        mixed = [items[i] for i in (0, 3, 1, 4, 2, 5)]
        assert len({i.question.group for i in whole_groups(mixed, 3, 1)}) == 1

    def test_pass_through_as_they_are_read_without_a_limit(self):
        def endless() -> Iterator[Item]:
            yield one("first")
            raise AssertionError("read on before it was asked for more")

        assert next(whole_groups(endless(), None, 1)).question.id == "first"

    @pytest.mark.parametrize("limit", [0, -3])
    def test_of_no_questions_are_refused(self, limit):
        with pytest.raises(UsageError, match="give 1 or more"):
            list(whole_groups(grouped(2), limit, 1))


class TestChecked:
    def test_lets_good_items_through_and_names_the_dataset_in_each(self):
        through = list(checked([one("a"), one("b", dataset="own")], dataset="set"))
        assert [(i.question.id, i.question.dataset) for i in through] == [("a", "set"), ("b", "own")]

    @pytest.mark.parametrize(
        "items, reason",
        [
            ([one("a"), one("b"), one("a")], "question 'a': two questions have this id"),
            ([one("a", key=2)], "question 'a': its key names option 2, counted from 0, and it has 2 options"),
            ([Item(question("a"), AnswerKey(question="b", option=0))], "question 'a': its key is that of question 'b'"),
            ([Item(question("a"), AnswerKey(question="a", option=0, posterior=(0.5, 0.6)))], "'a': its posterior"),
            ([Item(question("a"), AnswerKey(question="a", option=0, posterior=(1.5, -0.5)))], "'a': its posterior"),
            ([Item(question("a"), AnswerKey(question="a", option=0, posterior=(1.0,)))], "'a': its posterior"),
            ([one("a", passage="x" * (PASSAGE_LIMIT + 1))], "'a': a text of 20,000,001 characters is more than"),
            ([], "the dataset holds no questions"),
        ],
    )
    def test_refuses_what_cannot_be_played(self, items, reason):
        with pytest.raises(DataError) as caught:
            list(checked(items))
        assert reason in str(caught.value)

    def test_takes_a_passage_that_is_just_short_enough(self):
        assert list(checked([one("a", passage="x" * PASSAGE_LIMIT)]))

    def test_reads_no_further_than_it_is_asked(self):
        assert next(checked(one(str(n)) for n in iter(int, 1))).question.id == "0"


class TestTheDigest:
    def test_is_the_same_for_the_same_data(self):
        assert digest(grouped(2, 3)) == digest(grouped(2, 3))

    def test_does_not_depend_on_what_the_dataset_is_called(self):
        assert digest([one(dataset="a")]) == digest([one(dataset="b")])

    @pytest.mark.parametrize(
        "other",
        [
            one("b"),
            one(key=1),
            one(text="How?"),
            one(options=("no", "yes")),
            one(group="g"),
            one(passage=""),
            one(passage="p"),
            Item(question(), AnswerKey(question="a", option=0, posterior=(0.5, 0.5))),
        ],
        ids=str,
    )
    def test_changes_with_any_part_of_a_question_or_its_key(self, other):
        assert digest([other]) != digest([one()])

    def test_tells_apart_questions_that_share_a_passage_from_those_that_do_not(self):
        shared = [one("a", passage="p"), one("b", passage="p")]
        assert digest(shared) != digest([one("a", passage="p"), one("b")])
        assert digest(shared) != digest(shared[:1])
