"""The table of Michael et al. 2023 from its own data."""

import pytest

from arena.published import michael2023
from arena.published.reproduce import PRINTED, reproduce
from tests.datasets.conftest import SHARED

ROOMS = SHARED / "michael2023"
shared = pytest.mark.skipif(not ROOMS.is_dir(), reason="the published rooms are not on this machine")


@pytest.fixture(scope="module")
def found():
    return reproduce(michael2023.read(ROOMS)[0])


@shared
def test_the_accuracies_are_the_printed_ones_to_the_decimal(found):
    assert {arm.name: (round(arm.paper, 3), arm.n) for arm in found.arms} == PRINTED


@shared
def test_the_judge_scores_are_the_printed_ones(found):
    assert [round(arm.reward.bits, 2) for arm in found.arms] == [-0.89, -1.24, -1.20, -1.16]


@shared
def test_the_headline_is_significant_only_where_debates_count_as_independent(found):
    first = found.differences[0]
    assert round(first.p_iid, 2) == 0.04
    assert first.ci[0] < 0 < first.ci[1]


@shared
def test_every_arm_is_less_sure_by_story_than_by_room(found):
    for arm in found.arms:
        assert arm.rooms_ci[0] < arm.paper < arm.rooms_ci[1]
        assert arm.stories < arm.n


def test_an_even_belief_is_wrong_by_the_papers_rule_and_half_right_by_ours(published):
    arms = {arm.name: arm for arm in reproduce(michael2023.read(published)[0]).arms}
    assert (arms["AI consultancy"].paper, arms["AI consultancy"].ours.accuracy) == (0.0, 0.5)


def test_rooms_on_one_question_count_once_in_ours(published):
    [arm] = [arm for arm in reproduce(michael2023.read(published)[0]).arms if arm.name == "human debate"]
    assert (arm.n, arm.questions, arm.ours.n) == (2, 1, 1)
