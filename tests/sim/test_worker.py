"""The worker: chains, how far they are read, and what is learned from lessons."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.datasets.casefiles import Casefiles
from arena.datasets.casefiles.grammar import Chain, ask, parse
from arena.models.sim.worker import Cut, even, learned, pieces, shown_by

NOUNS = ("valve", "crate", "truck", "depot", "firm")
CHAIN = Chain(NOUNS, ("held", "carried", "loaded", "owned"), "the valve Arlow")
SURE = "worker?q=1"


def line(low, high):
    return f"the {low} leads to the {high}."


ONE_PIECE = f"{line('valve Arlow', 'firm Quill')}\nAnswer: the firm Quill"
TWO_PIECES = f"{line('valve Arlow', 'truck Denby')}\n{line('truck Denby', 'firm Quill')}\nAnswer: the firm Quill"
UNEVEN = f"{line('valve Arlow', 'crate Keld')}\n{line('crate Keld', 'firm Quill')}\nAnswer: the firm Quill"


BACKWARDS = UNEVEN.replace(
    line("valve Arlow", "crate Keld"), f"{line('valve Arlow', 'truck Denby')}\n{line('truck Denby', 'crate Keld')}"
)


def lesson(answer, question=None):
    return f"<lesson>\n<question>{question or ask(CHAIN)}</question>\n<answer>\n{answer}\n</answer>\n</lesson>"


def test_a_lesson_shows_into_how_many_pieces_its_chain_was_cut():
    assert shown_by(ask(CHAIN), ONE_PIECE) == Cut(1, 4)
    assert shown_by(ask(CHAIN), TWO_PIECES) == Cut(2, 2)
    assert shown_by(ask(CHAIN), UNEVEN) == Cut(2, 3)


@pytest.mark.parametrize(
    "answer",
    [
        "Answer: the firm Quill",
        line("valve Arlow", "firm Quill"),
        f"{line('valve Other', 'firm Quill')}\nAnswer: the firm Quill",
        f"{line('valve Arlow', 'firm Quill')}\nAnswer: the firm Other",
        BACKWARDS,
        f"{line('valve Arlow', 'truck Denby')}\n{line('truck Keld', 'firm Quill')}\nAnswer: the firm Quill",
        f"{line('valve Arlow', 'truck Denby')}\nAnswer: the truck Denby",
        f"{line('valve Arlow', 'spoon Denby')}\n{line('spoon Denby', 'firm Quill')}\nAnswer: the firm Quill",
        f"{line('valve Arlow', 'valve Arlow')}\nAnswer: the valve Arlow",
        "",
    ],
)
def test_a_lesson_whose_steps_do_not_hang_together_teaches_nothing(answer):
    assert shown_by(ask(CHAIN), answer) is None


def test_the_finest_lesson_is_followed():
    assert learned("\n".join(lesson(answer) for answer in (ONE_PIECE, TWO_PIECES, "nonsense"))) == Cut(2, 2)


def test_without_lessons_a_chain_is_read_in_one_piece():
    assert pieces(8, learned("")) == [(0, 8)]


@pytest.mark.parametrize("links, cut, lengths", [(4, Cut(2, 4), [2, 2]), (8, Cut(2, 2), [2] * 4), (1, Cut(4, 2), [1])])
def test_a_chain_is_cut_as_often_as_was_shown_and_no_coarser(links, cut, lengths):
    assert [high - low for low, high in pieces(links, cut)] == lengths


@given(st.integers(1, 40), st.data())
def test_an_even_split_has_pieces_of_nearly_one_length(links, data):
    count = data.draw(st.integers(1, links))
    cuts = even(links, count)
    lengths = [high - low for low, high in cuts]
    assert sum(lengths) == links
    assert len(cuts) == count
    assert max(lengths) - min(lengths) <= 1
    assert all(high == low for (_, high), (low, _) in pairwise(cuts))


@pytest.fixture(scope="module", name="file")
def _file():
    """A chain file of six links in which no two exhibits disagree."""
    return next(item for item in Casefiles(hops="6").items(limit=50, seed=3) if max(item.key.posterior) > 0.99)


@pytest.fixture(name="ask_worker")
def _ask_worker(say, bits, file):
    def ask_worker(spec, question=file.question.text, lessons=""):
        fenced = f"<lessons>\n{lessons}\n</lessons>\n\n" if lessons else ""
        cue = "Answer the question from the passage, inside <answer></answer> tags."
        return say(spec, f"Question: {question}\n\n{fenced}{bits.handed(file.question.passage)}\n\n{cue}")

    return ask_worker


def final(text):
    return re.search(r"^Answer: (.*)$", text, re.MULTILINE)[1]


def test_a_worker_that_never_slips_finds_the_likelier_answer(ask_worker, file):
    assert final(ask_worker(SURE)) == file.question.options[file.key.posterior.index(max(file.key.posterior))]


def test_one_link_is_always_read_as_it_stands(ask_worker, file):
    one = ask(parse(file.question.text).part(0, 1))
    assert final(ask_worker("worker?q=0", one)) == final(ask_worker(SURE, one))


def test_a_mapping_is_answered_for_every_start(ask_worker, file):
    chain = parse(file.question.text)
    said = final(ask_worker(SURE, ask(chain.part(2, 4))))
    starts, ends = zip(*(pair.split(": ") for pair in said.split("; ")), strict=True)
    assert {start.split()[1] for start in starts} == {chain.nouns[2]}
    assert {end.split()[1] for end in ends} == {chain.nouns[4]}
    assert len(set(starts)) == len(set(ends)) == 2


def test_parts_read_apart_lead_where_the_whole_leads(ask_worker, file):
    chain = parse(file.question.text)
    middle = final(ask_worker(SURE, ask(chain.part(0, 3))))
    mapping = dict(pair.split(": ") for pair in final(ask_worker(SURE, ask(chain.part(3, 6)))).split("; "))
    assert mapping[middle] == final(ask_worker(SURE))


def test_it_slips_as_often_as_the_rule_says(say, bits):
    """Six links at q = .95: .95^15 = .46 read right, and half of the guesses are right too."""
    hits = []
    for question, key in Casefiles(hops="6").items(limit=600, seed=9):
        if max(key.posterior) > 0.95:
            cue = "Answer inside <answer></answer> tags."
            said = say("worker?q=0.95", f"Question: {question.text}\n\n{bits.handed(question.passage)}\n\n{cue}")
            hits.append(final(said) == question.options[key.posterior.index(max(key.posterior))])
    assert sum(hits) / len(hits) == pytest.approx((1 + 0.95**15) / 2, abs=0.06)


def test_it_cuts_its_chain_as_the_lessons_show(ask_worker):
    assert ask_worker(SURE).count("leads to") == 1
    assert ask_worker(SURE, lessons=lesson(TWO_PIECES)).count("leads to") == 3


def test_it_learns_nothing_from_lessons_that_do_not_hang_together(ask_worker):
    broken = lesson(TWO_PIECES.replace("the truck Denby leads", "the truck Keld leads"))
    assert ask_worker(SURE, lessons=broken).count("leads to") == 1


def test_whether_a_lesson_is_right_makes_no_difference(ask_worker):
    """It learns how a chain was cut, not where it led: there is nothing in a lesson that tells right from wrong."""
    wrong = TWO_PIECES.replace("Quill", "Sable")
    assert ask_worker(SURE, lessons=lesson(wrong)).count("leads to") == 3


def test_it_answers_about_one_matter_from_the_exhibits(say, bits):
    cue = "Answer inside <answer></answer> tags."
    assert final(say("worker", f"{bits.question}\n\n{bits.handed()}\n\n{cue}")) == bits.ivory


def test_it_takes_the_possible_answers_from_the_question_where_it_sees_no_others(say, bits):
    asked = f"Question: Which pump failed? The possible answers: {bits.holm}; {bits.ivory}."
    assert final(say("worker", f"{asked}\n\n{bits.handed()}\n\n<answer></answer>")) == bits.ivory


def test_it_says_so_where_the_passage_does_not_tell(say, bits):
    said = say("worker", f"Question: {ask(CHAIN)}\n\n{bits.handed('Nothing of note.')}\n\n<answer></answer>")
    assert final(said) == "unknown"


def test_it_decides_by_the_answer_that_it_gave(say, bits):
    said = say("worker", f"{bits.question}\n\n<answer></answer>", f"Answer: {bits.holm}", bits.verdict)
    assert "<choice>B</choice>" in said
