"""The audit of a set: what is planted is reported, what is clean is not."""

import random

import pytest

from arena.datasets.audit import FEATURES, audit
from arena.question import AnswerKey, Item, Question

WORDS = [f"w{i}" for i in range(400)]
LONGER, WORDIER, NEGATED, ASKED, READ, LISTED, SHOWN = FEATURES


def some(chance, count):
    return " ".join(chance.choice(WORDS) for _ in range(count))


def made(chance, name, group, passage, planted):
    """A question of two options; half of all questions have the leak that is planted, if any is."""
    asked, right, leaks = some(chance, 12), chance.randrange(2), chance.random() < 0.5
    options = [some(chance, chance.randint(3, 7)) for _ in range(2)]
    listed = chance.randrange(2)
    if leaks:
        match planted:
            case "length":
                options[right] += " " + some(chance, 3)
            case "negation":
                options[1 - right] += " not so"
            case "question":
                options[right] += " " + " ".join(asked.split()[:2])
                options[1 - right] += " " + some(chance, 2)
            case "passage":
                options[right] += " " + " ".join(passage.split()[:2])
                options[1 - right] += " un1 un2"
            case "listed":
                listed = 0
            case "shown":
                options, right = [options[right], options[1 - right]], 0
    question = Question(id=name, text=asked, options=tuple(options), group=group, passage=passage)
    return Item(question, AnswerKey(question=name, option=right, listed=(listed, 2)))


def a_set(seed, planted=""):
    """120 questions on 30 passages."""
    chance = random.Random(f"{seed}/{planted}")
    for group in range(30):
        passage = some(chance, 80)
        yield from (made(chance, f"{group}-{i}", str(group), passage, planted) for i in range(4))


def flagged(seed, planted=""):
    return {leak.feature for leak in audit(a_set(seed, planted)).flagged}


@pytest.mark.parametrize(
    "planted, feature",
    [
        ("length", LONGER),
        ("negation", NEGATED),
        ("question", ASKED),
        ("passage", READ),
        ("listed", LISTED),
        ("shown", SHOWN),
    ],
)
def test_a_leak_in_half_of_the_questions_is_reported_by_its_name(planted, feature):
    """In ten sets of ten that were drawn anew; at this size 98 of 100 sets show the weakest of these."""
    assert sum(feature in flagged(seed, planted) for seed in range(10)) >= 9


def test_of_clean_sets_no_more_are_flagged_than_the_level_says():
    """Of 60 at the level of .05, more than eight would come out once in 200 times."""
    assert sum(bool(flagged(seed)) for seed in range(60)) <= 8


def test_a_stricter_level_flags_less():
    weak = list(a_set(3, "length"))[:24]
    assert len(audit(weak, 0.5).flagged) >= len(audit(weak, 1e-6).flagged) == 0


def test_questions_and_passages_and_options_are_counted():
    found = audit(a_set(1))
    assert (found.n, found.groups, found.passages, found.options) == (120, 30, 30, {2: 120})
