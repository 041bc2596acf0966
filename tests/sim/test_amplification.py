"""Amplification and distillation with a worker that loses its way and an overseer that cannot read."""

import statistics
from itertools import pairwise

import pytest

from arena.datasets.casefiles import Casefiles
from arena.turns import Lesson
from protocols.amplification import Amplification


def files(hops, limit=200, seed=777):
    return list(Casefiles(hops=hops).items(limit=limit, seed=seed))


def iterations(play, items, **settings):
    """X(0) to X(3), played out in full."""
    return [play(Amplification(iteration=k, **settings), items) for k in range(4)]


@pytest.fixture(scope="module")
def tree(play):
    return iterations(play, files("8"))


def test_accuracy_rises_from_iteration_to_iteration(tree):
    accuracy = [played.accuracy for played in tree]
    assert accuracy[0] < 0.62
    assert all(after > before + 0.04 for before, after in pairwise(accuracy))


def test_the_last_iteration_comes_near_the_ceiling(tree):
    ceiling = statistics.fmean(max(key.posterior) for _, key in files("8"))
    assert tree[-1].accuracy > ceiling - 0.06


def test_four_links_need_two_iterations(play):
    accuracy = [played.accuracy for played in iterations(play, files("4"))]
    assert accuracy[0] + 0.05 < accuracy[1]
    assert accuracy[1] < accuracy[2] == accuracy[3]


def test_the_overseer_never_sees_the_passage(tree):
    passages = {question.passage for question, _ in files("8")}
    asked = [request for played in tree for role, request in played.requests if role == "overseer"]
    seen = [text for r in asked for text in (r.preface, r.system, *(m.text for m in r.messages))]
    assert not [text for text in seen if "Exhibit" in text or any(passage in text for passage in passages)]


def test_a_better_worker_needs_less_help(play):
    poor, good = (play(Amplification(iteration=0), files("8", 100), worker=f"worker?q={q}") for q in (0.5, 1))
    assert good.accuracy > poor.accuracy + 0.2


@pytest.mark.parametrize("width", [3, 4])
def test_wider_splits_need_fewer_iterations(play, width):
    items = files("8", 150)
    narrow, wide = (play(Amplification(iteration=1, width=w), items) for w in (2, width))
    assert wide.accuracy > narrow.accuracy


def test_a_question_that_cannot_be_split_is_answered_as_well_by_every_iteration(play):
    accuracy = [played.accuracy for played in iterations(play, files("1", 100))]
    assert accuracy[0] > 0.85
    assert len(set(accuracy)) == 1


def distilled(play, items, training):
    """X(0) to X(3), each with the worker that has learned from the one before."""
    played, lessons = [], []
    for k in range(4):
        rules = Amplification(iteration=k, distil=True)
        played.append(play(rules, items, lessons=lessons))
        lessons = [Lesson(*pair) for pair in play(rules, training, lessons=lessons).lessons]
    return played


def test_a_worker_that_learns_gets_as_far_as_the_whole_tree(play, tree):
    items = files("8", 208)
    learned = distilled(play, items[:200], items[200:])
    accuracy = [one.accuracy for one in learned]
    assert accuracy[3] == pytest.approx(tree[3].accuracy, abs=0.06)
    assert accuracy[0] + 0.05 < accuracy[2] < accuracy[3]


def test_with_distillation_the_last_iteration_costs_as_many_calls_as_the_first(play):
    items = files("8", 12)
    learned = distilled(play, items[:4], items[4:])
    assert len({len(played.requests) for played in learned[1:]}) == 1
