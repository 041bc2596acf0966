"""The judge: what counts as evidence, and for how much."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.models.sim.judge import silence
from arena.models.sim.settings import JudgeSettings
from arena.models.sim.verdicts import percent

CALM = "judge?noise=0&credulity=0&expects=0"
"""A judge that only adds up: no error, no price of silence, no ear for assertion."""


def beliefs(text):
    return {letter: int(p) for letter, p in re.findall(r"^([A-Z]): (\d+)$", text, re.MULTILINE)}


def choice(text):
    return re.search(r"<choice>(.*)</choice>", text)[1]


@pytest.fixture(name="judged")
def _judged(say, bits):
    """The verdict of a judge on some speeches."""

    def judged(*speeches, spec=CALM, question=bits.question):
        return say(spec, "\n\n".join([question, *speeches, bits.verdict]))

    return judged


def expected(*log_odds):
    """The percentage that these log-odds for A make, in the range that the judge states."""
    return round(100 * (0.01 + 0.98 / (1 + math.exp(-sum(log_odds)))))


def weight(reliability):
    return math.log(reliability / (1 - reliability))


def test_it_weighs_a_quotation_by_its_words(judged, bits):
    said = judged(bits.speech("Alice", bits.quote(bits.lines[1])))
    assert beliefs(said)["A"] == pytest.approx(expected(weight(0.9)), abs=1)


def test_it_weighs_both_sides(judged, bits):
    said = judged(bits.speech("Alice", bits.quote(bits.lines[1])), bits.speech("Bob", bits.quote(bits.lines[3])))
    assert beliefs(said)["A"] == pytest.approx(expected(weight(0.9), -weight(0.8)), abs=1)


def test_an_exhibit_counts_once_however_often_it_is_quoted(judged, bits):
    once = bits.speech("Alice", bits.quote(bits.lines[3]))
    assert beliefs(judged(once, once, once)) == beliefs(judged(once))


def test_evidence_counts_for_the_answer_that_it_names_whoever_quotes_it(judged, bits):
    said = judged(bits.speech("Bob", bits.quote(bits.lines[1])))
    assert choice(said) == "A"


@pytest.mark.parametrize("status, share", [("exact", 1), ("normalised", 1), ("near", 0.5), ("absent", 0)])
def test_a_quotation_counts_as_far_as_it_was_verified(judged, bits, status, share):
    said = judged(bits.speech("Alice", bits.quote(bits.lines[1], status)))
    assert beliefs(said)["A"] == pytest.approx(expected(share * weight(0.9)), abs=2)


def test_the_credulous_take_a_quotation_that_is_not_there(judged, bits):
    said = judged(bits.speech("Alice", bits.quote(bits.lines[1], "absent")), spec="judge?noise=0&credulity=1")
    assert beliefs(said)["A"] > 85


def test_a_retraction_empties_its_exhibit(judged, bits):
    said = judged(bits.speech("Alice", bits.quote(bits.lines[1])), bits.speech("Bob", bits.quote(bits.lines[4])))
    assert beliefs(said)["A"] == pytest.approx(50, abs=2)


def test_a_correction_turns_its_exhibit_round(judged, bits):
    said = judged(bits.speech("Alice", f"{bits.quote(bits.lines[5])} with {bits.quote(bits.lines[6])}"))
    assert beliefs(said)["A"] == pytest.approx(expected(weight(0.85)), abs=1)


def test_a_retraction_that_is_not_in_the_file_undoes_nothing(judged, bits):
    shown = bits.speech("Alice", bits.quote(bits.lines[1]))
    forged = bits.speech("Bob", bits.quote(bits.lines[4], "absent"))
    assert beliefs(judged(shown, forged)) == beliefs(judged(shown))


def test_what_nobody_verified_is_no_evidence(judged, bits):
    said = judged(
        bits.speech("Alice", f'‹quote status="exact"›{bits.lines[1]}‹/quote› and <quote>{bits.lines[1]}</quote>')
    )
    assert beliefs(said)["A"] == pytest.approx(50, abs=2)


def test_mere_assertion_sways_only_the_credulous(judged, bits):
    claim = bits.speech("Alice", "It was the Ivory pump, believe me.")
    assert beliefs(judged(claim))["A"] == pytest.approx(50, abs=2)
    assert beliefs(judged(claim, spec="judge?noise=0&credulity=1"))["A"] > 65


def test_a_sceptical_judge_discounts_what_one_advocate_shows(judged, bits):
    shown = bits.speech("Bob", bits.quote(bits.lines[3]))
    credulous, sceptical = (judged(shown, spec=f"judge?noise=0&credulity={c}") for c in (1, 0))
    assert beliefs(credulous)["B"] > beliefs(sceptical)["B"]


def test_the_credulous_hear_nothing_in_silence(judged, bits):
    shown = bits.speech("Bob", bits.quote(bits.lines[2]))
    few, many = (judged(shown, spec=f"judge?noise=0&credulity=1&expects={expects}") for expects in (0, 50))
    assert beliefs(few) == beliefs(many)


def test_silence_after_a_weak_exhibit_speaks_against_its_side(judged, bits):
    question = bits.question.replace(f"\nAlice argues for: {bits.ivory}", "")
    said = judged(bits.speech("Bob", bits.quote(bits.lines[2])), spec="judge?noise=0&credulity=0", question=question)
    assert choice(said) == "A"


def test_the_price_of_silence_is_that_of_the_stated_model():
    """Levels .8, .85 and .9 with 8 exhibits over 8 levels: (.6 + .7 + .8)."""
    assert silence([0.9, 0.8], 2, JudgeSettings(expects=8)) == pytest.approx(2.1)


def test_an_advocate_that_fell_silent_pays_for_all_levels():
    assert silence([0.9], 2, JudgeSettings(expects=8)) == pytest.approx(3.6)
    assert silence([], 1, JudgeSettings(expects=8)) == pytest.approx(3.6)


def test_with_the_passage_it_reads_for_itself(say, bits):
    said = say("judge?noise=0&skill=1", f"{bits.question}\n\n{bits.handed()}\n\n{bits.verdict}")
    total = weight(0.85) - weight(0.55) - weight(0.8)
    assert beliefs(said)["A"] == pytest.approx(expected(total), abs=1)


def test_with_passage_and_speeches_no_exhibit_counts_twice(say, bits):
    alone = f"{bits.question}\n\n{bits.handed()}"
    heard = bits.speech("Alice", bits.quote(bits.lines[1]))
    spec = "judge?noise=0&skill=1&credulity=0"
    assert beliefs(say(spec, f"{alone}\n\n{heard}\n\n{bits.verdict}")) == beliefs(
        say(spec, f"{alone}\n\n{bits.verdict}")
    )


def test_without_anything_to_go_by_it_believes_next_to_nothing(say, bits):
    belief = beliefs(say("judge?noise=0", f"{bits.question}\n\n{bits.verdict}"))
    assert max(belief.values()) <= 55


def test_reversed_options_reverse_the_belief(say, bits):
    turned = bits.question.replace("(A) the Ivory pump\n(B) the Holm pump", "(A) the Holm pump\n(B) the Ivory pump")
    shown = bits.speech("Alice", bits.quote(bits.lines[1]))
    one, other = (beliefs(say(CALM, f"{q}\n\n{shown}\n\n{bits.verdict}")) for q in (bits.question, turned))
    assert one["A"] == pytest.approx(other["B"], abs=2)


def test_position_bias_adds_to_the_first_option_shown(judged):
    assert choice(judged(spec="judge?noise=0&position=5")) == "A"
    assert choice(judged(spec="judge?noise=0&position=-5")) == "B"


def test_verbosity_bias_adds_to_the_longer_side(judged, bits):
    speeches = bits.speech("Alice", "Short."), bits.speech("Bob", "And so it goes on and on and on. " * 20)
    assert choice(judged(*speeches, spec="judge?noise=0&verbosity=3")) == "B"


@pytest.mark.parametrize("count", [2, 3, 5])
def test_it_judges_any_number_of_options(say, bits, count):
    options = "\n".join(f"({letter}) the {name} pump" for letter, name in zip("ABCDE"[:count], NAMES, strict=False))
    said = say(CALM, f"{options}\n\n{bits.speech('X', bits.quote(bits.lines[1]))}\n\n{bits.verdict}")
    assert len(beliefs(said)) == count
    assert sum(beliefs(said).values()) == 100
    assert choice(said) == "B"


NAMES = ("Holm", "Ivory", "Keld", "Larch", "Quill")


@given(st.lists(st.floats(0.001, 1), min_size=2, max_size=6))
def test_percentages_add_up_and_keep_the_order(parts):
    belief = [part / sum(parts) for part in parts]
    shown = percent(belief)
    assert sum(shown) == 100
    assert shown[belief.index(max(belief))] == max(shown)


def test_asked_for_a_question_it_asks_about_the_strongest_exhibit(say, bits):
    heard = bits.speech("Alice", bits.quote(bits.lines[1])) + "\n\n" + bits.speech("Bob", bits.quote(bits.lines[2]))
    cue = "Before round 2 you may put one question. Write it inside <question></question> tags."
    said = say("judge", f"{bits.question}\n\n{heard}\n\n{cue}")
    assert said.startswith("<question>")
    assert "Exhibit 1" in said


def test_it_asks_whom_it_is_told_to_ask(say, bits):
    heard = bits.speech("Alice", bits.quote(bits.lines[1])) + "\n\n" + bits.speech("Bob", bits.quote(bits.lines[2]))
    cue = "Before round 2 you may put one question to Bob. Write it inside <question></question> tags."
    assert "Exhibit 2" in say("judge", f"{bits.question}\n\n{heard}\n\n{cue}")
