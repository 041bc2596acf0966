"""A list of episodes: the rows that a log gives, which of them are wanted, and in what order."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import OUTCOMES
from arena.listing import KINDS, ORDERS, Row, Wanted, is_kind, listed, opened, scored, seconds
from tests.listed import begun, row


def line(**changes):
    scores = [{"slot": 0, "correct": 1.0, "p_correct": 0.8}, {"slot": 1, "correct": 0.0, "p_correct": 0.4}]
    found = {
        "type": "Scored",
        "episode": "debate~q~0",
        "arm": "debate",
        "question": "q",
        "group": "g",
        "scores": scores,
        "usage": {"input": 10, "output": 5},
        "calls": 3,
        "t": 7.5,
        **changes,
    }
    return json.dumps(found).encode()


class TestARow:
    def test_is_the_mean_over_the_verdicts(self):
        assert scored(line()).correct == 0.5

    def test_counts_a_missing_verdict_as_wrong_and_as_missing(self):
        found = scored(line(scores=[{"slot": 0, "correct": 1.0}, {"slot": 1, "outcome": "refused"}]))
        assert (found.correct, found.missing, found.flipped) == (0.5, 1, False)

    def test_is_flipped_where_the_orders_came_out_differently(self):
        assert scored(line()).flipped
        assert not scored(line(scores=[{"slot": 0, "correct": 1.0}, {"slot": 1, "correct": 1.0}])).flipped

    def test_adds_up_the_tokens(self):
        assert scored(line()).tokens == 15

    def test_has_no_cost_where_the_price_is_unknown(self):
        assert scored(line()).cost is None
        assert scored(line(cost=0.25)).cost == 0.25

    def test_of_an_episode_that_began_is_playing(self):
        assert opened(b'{"type":"Opened","episode":"e","arm":"a","question":"q"}').outcome == "playing"

    @pytest.mark.parametrize(
        "changes",
        [{"scores": None}, {"scores": [{"correct": 2}]}, {"outcome": "won"}, {"arm": None}, {"episode": 3}, {"t": "x"}],
    )
    def test_is_refused_where_the_line_is_damaged(self, changes):
        with pytest.raises((ValueError, TypeError, KeyError)):
            scored(line(**changes))

    @given(st.binary(max_size=60))
    def test_of_any_bytes_is_a_row_or_an_error_that_is_expected(self, data):
        with pytest.raises((ValueError, TypeError, KeyError)):
            scored(data)


class TestAFilter:
    rows = (
        row("right"),
        row("wrong", correct=0.0),
        row("half", correct=0.5)._replace(flipped=True),
        row("refused", correct=0.0, outcome="refused", missing=2),
        row("partly", correct=0.5, missing=1),
        begun("playing"),
    )

    @pytest.mark.parametrize(
        "kind, names",
        [
            ("all", ["right", "wrong", "half", "refused", "partly", "playing"]),
            ("right", ["right"]),
            ("wrong", ["wrong", "half"]),
            ("failed", ["refused", "partly"]),
            ("flipped", ["half"]),
            ("playing", ["playing"]),
        ],
    )
    def test_keeps_what_is_of_its_kind(self, kind, names):
        assert [one.question for one in self.rows if is_kind(one, kind)] == names

    @pytest.mark.parametrize("outcome", [outcome for outcome in OUTCOMES if outcome != "ok"])
    def test_never_takes_a_failure_for_a_wrong_answer(self, outcome):
        assert not is_kind(row(outcome=outcome, correct=0.0, missing=2), "wrong")

    def test_keeps_one_arm_and_one_data_set(self):
        rows = [row("a"), row("b", arm="naive"), row("c")._replace(dataset="harbour")]
        assert listed(rows, Wanted(arm="naive")) == [1]
        assert listed(rows, Wanted(dataset="harbour")) == [2]

    def test_keeps_names_with_these_words_and_episodes_found_otherwise(self):
        assert Wanted(words="case-7").fits(row("Case-7"))
        assert not Wanted(words="pelican").fits(row("q"))
        assert Wanted(words="pelican", also=frozenset({"debate~q~0"})).fits(row("q"))

    def test_of_everything_keeps_everything(self):
        assert Wanted().everything
        assert list(listed(self.rows, Wanted())) == list(range(len(self.rows)))


ANY = st.builds(
    Row,
    episode=st.text(max_size=3),
    arm=st.sampled_from(["debate", "naive"]),
    question=st.sampled_from(["q1", "q2"]),
    outcome=st.sampled_from(["playing", *OUTCOMES]),
    correct=st.none() | st.sampled_from([0.0, 0.5, 1.0]),
    missing=st.integers(0, 2),
    cost=st.none() | st.floats(0, 9),
    tokens=st.integers(0, 9),
    t=st.floats(0, 9),
    belief=st.none() | st.floats(0, 1),
    began=st.none() | st.floats(0, 9),
)


class TestAnOrder:
    rows = (
        row("b", correct=1.0)._replace(belief=0.9, tokens=5, t=9.0, began=1.0),
        row("a", correct=0.0)._replace(belief=0.1, tokens=7, t=4.0, began=2.0),
        row("c", outcome="refused", missing=2)._replace(tokens=1, t=3.0, began=3.0),
        begun("d"),
    )

    @pytest.mark.parametrize(
        "order, names",
        [
            ("begun", "bacd"),
            ("question", "abcd"),
            ("result", "cabd"),
            ("belief", "abcd"),
            ("tokens", "dcba"),
            ("seconds", "cabd"),
        ],
    )
    def test_puts_the_smallest_first(self, order, names):
        assert "".join(self.rows[n].question for n in listed(self.rows, Wanted(order=order))) == names

    def test_puts_the_largest_first_where_it_is_turned(self):
        assert [self.rows[n].question for n in listed(self.rows, Wanted(order="belief", turned=True))] == [*"bacd"]
        assert list(listed(self.rows, Wanted(turned=True))) == [3, 2, 1, 0]

    @given(st.lists(ANY, max_size=12), st.sampled_from(ORDERS), st.sampled_from(KINDS), st.booleans())
    def test_shows_each_wanted_row_once(self, rows, order, kind, turned):
        shown = listed(rows, Wanted(kind=kind, order=order, turned=turned))
        assert sorted(shown) == [n for n, one in enumerate(rows) if is_kind(one, kind)]

    def test_by_time_does_not_know_that_of_an_episode_which_is_played(self):
        assert seconds(begun("d")) is None
        assert seconds(self.rows[0]) == 8.0
