"""The overseer: splitting questions and following the answers."""

import re

import pytest

from arena.datasets.casefiles.grammar import Chain, ask, parse

NOUNS = ("valve", "crate", "truck", "depot", "firm")
CHAIN = Chain(NOUNS, ("held", "carried", "loaded", "owned"), "the valve Arlow")
SPLIT = "Split the question into at most {} smaller questions. Write each inside <part></part> tags."
COMPOSE = "Put the answers together, inside <answer></answer> tags."


def parts(text):
    return re.findall(r"<part>(.*?)</part>", text)


def finding(question, answer):
    return f'<finding question="{question}">\n{answer}\n</finding>'


@pytest.fixture(name="split")
def _split(say):
    def split(question, width=2):
        return parts(say("overseer", f"Question: {question}\n\n{SPLIT.format(width)}"))

    return split


@pytest.fixture(name="composed")
def _composed(say):
    def composed(question, *findings):
        block = "\n".join(findings)
        return say("overseer", f"Question: {question}\n\n<findings>\n{block}\n</findings>\n\n{COMPOSE}")

    return composed


LOW, HIGH = ask(CHAIN.part(0, 2)), ask(CHAIN.part(2, 4))
FIRST = finding(LOW, "the valve Arlow leads to the truck Denby.\nAnswer: the truck Denby")
SECOND = finding(
    HIGH,
    "the truck Keld leads to the firm Sable.\nthe truck Denby leads to the depot Usher.\n"
    "the depot Usher leads to the firm Quill.\nAnswer: the truck Keld: the firm Sable; the truck Denby: the firm Quill",
)


def test_the_first_part_has_the_start_and_the_next_asks_for_every_case(split):
    assert split(ask(CHAIN)) == [LOW, HIGH]


@pytest.mark.parametrize("width, lengths", [(2, [2, 2]), (3, [1, 2, 1]), (4, [1] * 4), (8, [1] * 4)])
def test_a_question_is_split_as_evenly_as_can_be(split, width, lengths):
    found = [parse(part).links for part in split(ask(CHAIN), width)]
    assert sorted(found) == sorted(lengths)


def test_a_mapping_is_split_into_mappings(split):
    assert [parse(part).start for part in split(HIGH)] == [None, None]


def test_a_question_of_one_link_is_passed_on_whole(split):
    one = ask(CHAIN.part(0, 1))
    assert split(one) == [one]


def test_a_question_that_is_no_chain_is_passed_on_whole(split):
    assert split("Who opened the sluice?") == ["Who opened the sluice?"]


def test_what_is_passed_on_says_its_possible_answers(say):
    text = f"Question: Who opened the sluice?\n\n(A) Ada Holm\n(B) Bruno Keld\n\n{SPLIT.format(2)}"
    assert parts(say("overseer", text)) == ["Who opened the sluice? The possible answers: Ada Holm; Bruno Keld."]


def test_it_follows_the_answers_and_shows_the_steps(composed):
    assert composed(ask(CHAIN), FIRST, SECOND) == (
        "<answer>\nthe valve Arlow leads to the truck Denby.\nthe truck Denby leads to the depot Usher.\n"
        "the depot Usher leads to the firm Quill.\nAnswer: the firm Quill\n</answer>"
    )


def test_it_composes_a_mapping_for_every_start(composed):
    low = finding(ask(CHAIN.part(1, 2)), "the crate A leads to the truck Keld.\nthe crate B leads to the truck Denby.")
    assert "Answer: the crate A: the firm Sable; the crate B: the firm Quill" in composed(
        ask(CHAIN._replace(nouns=NOUNS[1:], verbs=CHAIN.verbs[1:], start=None)), low, SECOND
    )


def test_it_says_so_where_the_way_is_lost(composed):
    broken = finding(HIGH, "the truck Keld leads to the firm Sable.\nAnswer: the truck Keld: the firm Sable")
    assert "Answer: unknown" in composed(ask(CHAIN), FIRST, broken)


def test_it_passes_on_the_answer_to_a_question_that_is_no_chain(composed):
    assert "Answer: the sluice" in composed("Which was it?", finding("Which was it?", "Answer: the sluice"))


def test_it_never_goes_in_a_circle(composed):
    circle = "the truck Denby leads to the truck Keld.\nthe truck Keld leads to the truck Denby."
    assert "Answer: unknown" in composed(ask(CHAIN), FIRST, finding(HIGH, circle))


OPTIONS = "The possible answers:\n(A) the firm Sable\n(B) the firm Quill"


@pytest.fixture(name="decided")
def _decided(say, bits):
    def decided(*own, spec="overseer"):
        return say(spec, f"Question: {ask(CHAIN)}\n\n{OPTIONS}", *own, bits.verdict)

    return decided


def test_it_decides_by_its_own_latest_answer(decided):
    assert "<choice>B</choice>" in decided("Answer: the firm Quill")


def test_it_decides_by_what_the_worker_said_where_it_composed_nothing(say, bits):
    heard = bits.speech("Worker", "the valve Arlow leads to the firm Sable.\nAnswer: the firm Sable")
    assert "<choice>A</choice>" in say("overseer", f"Question: {ask(CHAIN)}\n\n{OPTIONS}\n\n{heard}\n\n{bits.verdict}")


def test_it_states_the_confidence_that_it_is_set_to(decided):
    assert "B: 75" in decided("Answer: the firm Quill", spec="overseer?confidence=0.75")


def test_without_an_answer_it_believes_next_to_nothing(decided):
    shown = [int(p) for p in re.findall(r": (\d+)$", decided("Answer: unknown"), re.MULTILINE)]
    assert max(shown) <= 55
