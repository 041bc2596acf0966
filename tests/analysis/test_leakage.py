"""Whether something tells the key: AUCs by hand, planted leaks, and clean sets at the stated level."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.analysis.leakage import leaks, negations, overlap, placed, words


class TestTheScoreOfAQuestion:
    @pytest.mark.parametrize(
        "values, right, score",
        [([3, 1], 0, 1.0), ([3, 1], 1, 0.0), ([2, 2], 0, 0.5), ([5, 9, 1, 5], 0, 0.5), ([5, 1, 1], 0, 1.0)],
    )
    def test_is_the_share_of_wrong_options_that_the_right_one_exceeds(self, values, right, score):
        assert placed(values, right) == score

    @given(st.lists(st.integers(0, 3), min_size=2, max_size=6))
    def test_is_a_half_on_average_over_the_options(self, values):
        assert sum(placed(values, i) for i in range(len(values))) / len(values) == pytest.approx(0.5)


class TestALeak:
    def test_that_is_planted_is_flagged_with_its_auc_and_interval(self):
        scores = [1.0] * 60 + [0.0] * 20
        [leak] = leaks({"length": scores}, [f"g{i}" for i in range(80)])
        assert leak.flagged
        assert leak.auc == 0.75
        assert leak.ci[0] < 0.75 < leak.ci[1]
        assert leak.ci[0] > 0.6

    def test_the_other_way_round_is_flagged_too(self):
        [leak] = leaks({"length": [0.0] * 30}, [f"g{i}" for i in range(30)])
        assert (leak.flagged, leak.auc) == (True, 0.0)

    def test_of_two_passages_alone_is_not_flagged_however_many_questions_they_have(self):
        [leak] = leaks({"length": [1.0] * 200}, ["a"] * 100 + ["b"] * 100)
        assert not leak.flagged
        assert leak.p > 0.4

    def test_is_undefined_where_no_question_has_the_feature(self):
        [leak, other] = leaks({"passage": [None, None], "length": [0.5, 0.5]}, ["a", "b"])
        assert (leak.auc, leak.ci, leak.p, leak.flagged, leak.status) == (None, None, None, False, "no_data")
        assert (other.auc, other.p) == (0.5, 1.0)

    def test_is_found_among_many_groups_too(self):
        chance = random.Random(3)
        n = 5000
        weak = [float(chance.random() < 0.55) for _ in range(n)]
        clean = [float(chance.random() < 0.5) for _ in range(n)]
        found = leaks({"weak": weak, "clean": clean}, [f"g{i}" for i in range(n)])
        assert [leak.flagged for leak in found] == [True, False]

    def test_is_the_same_whenever_it_is_looked_for(self):
        scores, groups = {"x": [1.0, 0.0, 1.0, 1.0, 0.5]}, list("abcde")
        assert leaks(scores, groups) == leaks(scores, groups)


@pytest.mark.parametrize("each", [1, 5])
def test_clean_sets_are_flagged_no_more_often_than_stated_though_seven_features_are_tested(each):
    """300 sets of 40 passages; the keys of a passage are drawn apart, the features of its questions are alike."""
    chance = random.Random(11)
    flagged = 0
    for _ in range(300):
        scores = {f"f{k}": [] for k in range(7)}
        for _ in range(40):
            for name in scores:
                scores[name] += [float(chance.random() < 0.5) for _ in range(each)]
        groups = [f"g{i // each}" for i in range(40 * each)]
        flagged += any(leak.flagged for leak in leaks(scores, groups, draws=999))
    assert flagged <= 27  # 15 are expected at the most, and more than 27 come by chance once in a thousand times


class TestTheWords:
    def test_are_in_small_letters_and_keep_their_apostrophes(self):
        assert words("It isn’t RED, is it?") == ["it", "isn’t", "red", "is", "it"]

    @pytest.mark.parametrize(
        "text, count", [("No, it does not.", 2), ("It isn't; it can’t", 2), ("Nothing knotted, a notable cannon", 1)]
    )
    def test_that_deny_are_counted(self, text, count):
        assert negations(text) == count

    def test_overlap_by_the_share_that_is_known(self):
        assert overlap("the red sea", frozenset({"red", "the"})) == pytest.approx(2 / 3)
        assert overlap("…", frozenset()) == 0.0
