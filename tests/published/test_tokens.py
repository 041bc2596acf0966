"""A treebank's tokens as text."""

from hypothesis import given
from hypothesis import strategies as st

from arena.published import tokens

WORDS = st.sampled_from(
    ["Pail", "of", "Air", ".", ",", "''", "``", "-LSB-", "-RSB-", "'s", "n't", "--", "\n", "...", "'"]
)


def test_it_writes_brackets_marks_and_clitics_as_print_does():
    found = tokens.text(["-LSB-", "He", "'d", "go", ",", "``", "do", "n't", "!", "''", "-RSB-"])
    assert found == "[He'd go, “don't!”]"


def test_it_keeps_the_ends_of_lines():
    assert tokens.text(["Air", "\n", "\n", "By", "him"]) == "Air\n\nBy him"


@given(st.lists(WORDS, min_size=1), st.data())
def test_the_text_of_a_span_is_a_part_of_the_whole(given_tokens, data):
    start = data.draw(st.integers(0, len(given_tokens) - 1))
    end = data.draw(st.integers(start + 1, len(given_tokens)))
    assert tokens.text(given_tokens[start:end]).strip(" ") in tokens.text(given_tokens)


@given(st.lists(WORDS))
def test_the_last_token_ends_where_the_text_ends(given_tokens):
    assert (tokens.ends(given_tokens) or [0])[-1] == len(tokens.text(given_tokens))
