"""The questions of chains: written, read back, and split."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.datasets.casefiles import Casefiles
from arena.datasets.casefiles.chain import THEMES
from arena.datasets.casefiles.grammar import Chain, ask, parse

CARRIED = Chain(("valve", "crate", "truck", "depot"), ("held", "carried", "loaded"), "the valve Arlow")
SINGLE = "Which depot loaded the truck that carried the crate that held the valve Arlow?"
MAPPING = "For each valve in the file: which depot loaded the truck that carried the crate that held it?"


@st.composite
def chains(draw):
    theme = draw(st.sampled_from(THEMES))
    low = draw(st.integers(0, 7))
    high = draw(st.integers(low + 1, 8))
    start = f"the {theme.nouns[low]} Quill" if draw(st.booleans()) else None
    return Chain(theme.nouns[low : high + 1], theme.verbs[low:high], start)


def test_a_question_from_one_start_names_the_start_last():
    assert ask(CARRIED) == SINGLE


def test_a_mapping_asks_for_every_start():
    assert ask(CARRIED._replace(start=None)) == MAPPING


def test_the_first_part_keeps_the_start():
    assert ask(CARRIED.part(0, 2)) == "Which truck carried the crate that held the valve Arlow?"


def test_a_later_part_is_a_mapping():
    assert ask(CARRIED.part(2, 3)) == "For each truck in the file: which depot loaded it?"


def test_a_part_of_a_mapping_is_a_mapping():
    assert CARRIED._replace(start=None).part(0, 1).start is None


@given(chains())
def test_what_is_asked_can_be_read_back(chain):
    assert parse(ask(chain)) == chain


@given(
    chains(), st.text(max_size=30).filter(lambda text: "which" not in text.lower() and "for each" not in text.lower())
)
def test_a_question_is_found_among_other_words(chain, around):
    assert parse(f"{around}\n{ask(chain)} {around}") == chain


@given(chains(), st.data())
def test_two_parts_have_all_links_between_them(chain, data):
    cut = data.draw(st.integers(0, chain.links))
    low, high = chain.part(0, cut), chain.part(cut, chain.links)
    assert low.verbs + high.verbs == chain.verbs
    assert low.nouns[-1] == high.nouns[0]


@given(st.text(max_size=200))
def test_any_other_text_is_read_without_failing(text):
    found = parse(text)
    assert found is None or found.links >= 1


@pytest.mark.parametrize(
    "text", ["", "Which?", "Who opened the sluice?", "Which pump failed first, in the matter of X?"]
)
def test_a_question_about_one_matter_is_no_chain(text):
    assert parse(text) is None


def test_no_question_of_a_single_file_reads_as_a_chain():
    assert not [q.text for q, _ in Casefiles().items(limit=300, seed=1) if parse(q.text)]


def test_every_question_of_a_chain_file_can_be_read():
    for hops in range(2, 9):
        made = Casefiles(hops=str(hops)).items(limit=20, seed=1)
        for question, _ in made:
            chain = parse(question.text)
            assert chain.links == hops
            assert all(option.split()[1] == chain.nouns[-1] for option in question.options)


def test_a_theme_has_nine_nouns_of_one_word_each_used_once():
    for theme in THEMES:
        assert len(set(theme.nouns)) == 9
        assert len(theme.verbs) == 8
        assert all(word.isalpha() for word in theme.nouns + theme.verbs)
