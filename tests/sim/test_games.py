"""What theory says about these games comes out of play, for seeds that nothing was tuned on."""

import math
import re
import statistics
from dataclasses import replace

import pytest

from arena.datasets.casefiles import Casefiles
from arena.models.base import Message
from protocols.consultancy import Consultancy
from protocols.debate import Debate
from protocols.expert import Expert
from protocols.naive import Naive

MANY = 400


def files(limit=MANY, seed=90210, **dials):
    return list(Casefiles(**dials).items(limit=limit, seed=seed))


def half_width(values):
    """Half of a 95 % interval for a mean over questions."""
    return 1.96 * statistics.stdev(values) / math.sqrt(len(values))


def clearly_more(one, other):
    """Whether the paired difference of two arms lies above zero with its whole 95 % interval."""
    differences = [a - b for a, b in zip(one.right, other.right, strict=True)]
    return statistics.fmean(differences) > half_width(differences)


@pytest.fixture(scope="module")
def ladder(play):
    """Naive, consultancy, debate and expert with the usual models on the same files."""
    rules = {"naive": Naive(), "consultancy": Consultancy(), "debate": Debate(), "expert": Expert()}
    return {name: play(each, files()) for name, each in rules.items()}


def test_the_naive_judge_is_at_chance(ladder):
    assert 0.45 <= ladder["naive"].accuracy <= 0.55


@pytest.mark.parametrize("more, less", [("consultancy", "naive"), ("debate", "consultancy"), ("expert", "debate")])
def test_each_step_of_the_ladder_is_clear(ladder, more, less):
    assert clearly_more(ladder[more], ladder[less])


def test_debate_comes_within_a_tenth_of_the_ceiling(ladder):
    ceiling = statistics.fmean(max(key.posterior) for _, key in files())
    assert ceiling - 0.10 <= ladder["debate"].accuracy <= ceiling + half_width(ladder["debate"].right)


def test_no_arm_beats_the_perfect_reader(ladder):
    ceiling = statistics.fmean(max(key.posterior) for _, key in files())
    for played in ladder.values():
        assert played.accuracy <= ceiling + half_width(played.right)


def test_a_credulous_judge_with_one_consultant_is_near_chance(play):
    played = play(Consultancy(), files(200), judge="judge?credulity=1")
    assert played.accuracy == pytest.approx(0.5, abs=0.1)


def test_a_credulous_judge_goes_with_the_consultant(play):
    played = play(Consultancy(), files(100), judge="judge?credulity=1", consultant="advocate?skill=1")
    assert statistics.fmean(right == 0.5 for right in played.right) > 0.9


def test_debate_rises_with_rounds(play):
    one, two, three = (play(Debate(rounds=n), files()) for n in (1, 2, 3))
    assert clearly_more(two, one)
    assert clearly_more(three, one)
    assert three.accuracy > two.accuracy - 0.01


def test_debate_rises_with_the_skill_of_the_debaters(play):
    low, middle, high = (play(Debate(), files(300), debater=f"advocate?skill={skill}") for skill in (0.3, 0.6, 0.9))
    assert clearly_more(middle, low)
    assert clearly_more(high, middle)


def test_dishonest_debaters_leave_the_judge_worse_off(play):
    honest, dishonest = (play(Debate(), files(100), debater=f"advocate?honesty={h}") for h in (1, 0))
    assert clearly_more(honest, dishonest)


def test_a_noisy_judge_is_a_worse_one(play):
    calm, noisy = (play(Debate(), files(100), judge=f"judge?noise={noise}") for noise in (0, 4))
    assert clearly_more(calm, noisy)


def test_an_expert_who_takes_in_less_is_a_worse_one(play):
    good, bad = (play(Expert(), files(200), judge=f"judge?skill={skill}") for skill in (1, 0.4))
    assert clearly_more(good, bad)


def test_a_perfect_calm_expert_chooses_as_the_posterior_does(play):
    items = files(100)
    played = play(Expert(), items, judge="judge?skill=1&noise=0")
    sure = [(r, k) for r, (_, k) in zip(played.right, items, strict=True) if max(k.posterior) > 0.55]
    assert all((right == 1) == (key.posterior[key.option] > 0.5) for right, key in sure)


PASSAGE = re.compile(r"<passage>.*?</passage>", re.DOTALL)


def without_passage(role, request):
    """The request of a debater with all that stands inside the passage's fence removed."""
    if role != "debater":
        return request
    kept = [Message(m.role, PASSAGE.sub("", m.text)) for m in request.messages]
    return replace(request, preface=PASSAGE.sub("", request.preface), messages=tuple(kept), _content="")


def test_without_the_passage_debate_falls_to_chance(play):
    played = play(Debate(), files(), change=without_passage)
    assert played.accuracy == pytest.approx(0.5, abs=0.05)


def other_key(item):
    question, key = item
    return question, key.model_copy(update={"option": 1 - key.option, "posterior": key.posterior[::-1]})


@pytest.mark.parametrize("rules", [Naive(), Expert(), Debate(), Consultancy()], ids=lambda r: type(r).__name__)
def test_another_key_changes_no_byte_that_a_model_sees(play, rules):
    items = files(10)
    assert play(rules, items).requests == play(rules, [other_key(item) for item in items]).requests


def test_the_same_game_is_played_the_same_again(play):
    items = files(10)
    assert play(Debate(), items) == play(Debate(), items)


def test_another_seed_of_a_judge_is_another_judge(play):
    items = files(60)
    beliefs = [play(Debate(), items, judge=f"judge?seed={seed}").belief for seed in (1, 2)]
    assert beliefs[0] != beliefs[1]


def test_a_position_bias_moves_choices_to_the_first_option(play):
    played = play(Debate(), files(60), judge="judge?position=20")
    assert all(right == 0.5 for right in played.right)


@pytest.mark.parametrize("settings", [{"turns": "sequential"}, {"interactive": True}, {"words": 25}])
def test_every_form_of_debate_can_be_played(play, settings):
    assert play(Debate(**settings), files(100)).accuracy > 0.7


def test_debate_over_short_chains_helps_as_well(play):
    items = files(200, hops="2-3")
    assert clearly_more(play(Debate(), items), play(Naive(), items))
