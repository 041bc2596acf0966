"""Questions and keys: what may be known at a table, and what may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from arena.question import AnswerKey, Question, same


def question(*options, **more):
    return Question(id="q", text="Who did it?", options=options, **more)


def test_a_question_has_no_key():
    assert not {"key", "answer", "correct", "gold"} & set(Question.model_fields)
    with pytest.raises(ValidationError, match="Extra inputs"):
        Question.model_validate({"id": "q", "text": "t", "options": ["a", "b"], "key": 0})


def test_a_question_without_a_group_is_a_group_of_its_own():
    assert question("Ann", "Ben").group == "q"
    assert question("Ann", "Ben", group="story 7").group == "story 7"


@pytest.mark.parametrize(
    "options, reason",
    [
        ((), "at least two options, this one has 0"),
        (("Ann",), "at least two options, this one has 1"),
        (("Ann", ""), "an option is empty"),
        (("Ann", " \n\t"), "an option is empty"),
        (("Ann", "Ann"), "'Ann' and 'Ann'"),
        (("Ann Lee", " ann  lee. "), "equal after normalisation"),
        (("Ann", "Ben", "ANN!"), "'Ann' and 'ANN!'"),
        (("straße", "STRASSE"), "equal after normalisation"),
        (("ﬁve", "five"), "equal after normalisation"),
        (("“yes”", "yes"), "equal after normalisation"),
        (("No", "NO"), "equal after normalisation"),
        (("A cat", "a cat"), "equal after normalisation"),
        (("The Red Sea", "the red sea"), "equal after normalisation"),
    ],
)
def test_options_that_are_too_few_or_empty_or_the_same_are_refused(options, reason):
    with pytest.raises(ValidationError, match=reason):
        question(*options)


@pytest.mark.parametrize(
    "options",
    [
        ("BB", "Bb", "bb"),
        ("BB × Bb", "Bb × bb", "Bb × Bb"),
        ("BBEe will be brown.", "BbEe will be brown."),
        ("XRXr", "XRXR", "XrXr"),
        ("A", "a"),
    ],
)
def test_options_that_are_symbols_differ_by_their_case(options):
    assert question(*options).options == options


@pytest.mark.parametrize("options", [("5", "-5"), ("C", "C++"), ("3.5", "35"), ("yes", "no"), ("a b", "ab")])
def test_options_that_differ_in_more_than_dress_are_kept_as_they_are(options):
    assert question(*options).options == options


def test_an_option_that_is_no_text_is_refused():
    """A yes-or-no data set read carelessly gives `True` and `"True"` for its two options."""
    with pytest.raises(ValidationError):
        Question.model_validate({"id": "q", "text": "t", "options": [True, "False"]})


def test_more_options_than_there_are_letters_are_refused():
    """An option without a letter could be neither shown nor chosen."""
    assert len(question(*(f"option {n}" for n in range(26))).options) == 26
    with pytest.raises(ValidationError):
        question(*(f"option {n}" for n in range(27)))


@pytest.mark.parametrize("part", ["id", "text"])
def test_a_question_without_an_id_or_a_text_is_refused(part):
    with pytest.raises(ValidationError, match=part):
        Question.model_validate({"id": "q", "text": "t", "options": ("a", "b"), part: ""})


@pytest.mark.parametrize(
    "part", [{"id": "\ud800"}, {"text": "\ud800"}, {"passage": "\ud800"}, {"options": ("\ud800", "b")}]
)
def test_a_lone_surrogate_is_refused(part):
    """No file could hold it, though JSON may spell it out."""
    with pytest.raises(ValidationError):
        Question.model_validate({"id": "q", "text": "t", "options": ("a", "b"), **part})


def test_a_key_names_an_option_by_its_number_from_nought():
    assert AnswerKey(question="q", option=0).option == 0
    with pytest.raises(ValidationError):
        AnswerKey(question="q", option=-1)


@given(st.text())
def test_sameness_is_idempotent(option):
    assert same(same(option)) == same(option)


@given(
    st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1), st.sampled_from([" {}", "{}.", '"{}"', "{}\n"])
)
def test_space_and_outer_punctuation_make_no_difference(option, dress):
    assert same(dress.format(option)) == same(option)


@given(st.lists(st.from_regex("[bcdfgh][aeiou][klmnprst]{1,5}", fullmatch=True), min_size=1, max_size=4))
def test_the_case_of_a_sentence_a_title_or_a_cry_makes_no_difference(words):
    text = " ".join(words)
    assert same(text) == same(text.capitalize()) == same(text.title()) == same(text.upper())
