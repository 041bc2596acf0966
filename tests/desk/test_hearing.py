"""A request as a person reads it."""

from hypothesis import given
from hypothesis import strategies as st

from arena.models.base import Message, Request
from arena.readers import verdict_form
from arena.tui.desk.hearing import Part, hearing


def speech(by, text):
    return f'<speech by="{by}">\n{text}\n</speech>'


def request(*said, cue="Which is right?", options=2, preface=""):
    last = "\n\n".join([*said, f"{cue}\n\n{verdict_form(options)}" if options else cue])
    return Request("You are the judge.", [Message("user", last)], preface=preface)


def test_rounds_end_where_somebody_speaks_again():
    told = request("Question: where?", *(speech(*turn) for turn in [("Alice", "1"), ("Bob", "2"), ("Alice", "3")]))
    found = hearing(told)
    assert [[part.by for part in one] for one in found.rounds] == [["", ""], ["Alice", "Bob"], ["Alice"]]


def test_what_is_told_after_a_speech_begins_a_round():
    found = hearing(request(speech("Alice", "1"), "Now the others.", speech("Bob", "2")))
    assert [[part.by for part in one] for one in found.rounds] == [[""], ["Alice"], [""], ["Bob"]]


def test_the_form_of_a_verdict_gives_the_letters_and_is_not_read_out():
    found = hearing(request(options=3))
    assert (found.letters, found.task) == ("ABC", "Which is right?")


def test_a_request_without_a_form_asks_for_words():
    assert hearing(request(cue="Put a question.", options=0)) == (
        ((Part("", "You are the judge."),),),
        "Put a question.",
        "",
    )


def test_ones_own_words_are_told_apart():
    said = [Message("user", "Ask."), Message("assistant", "Why?"), Message("user", "Decide.")]
    assert Part("You", "Why?") in hearing(Request("Judge.", said)).rounds[1]


def test_what_was_handed_is_read_first():
    assert hearing(request(preface="<passage>\nIt rained.\n</passage>")).rounds[0][0].text.startswith("<passage>")


@given(st.lists(st.tuples(st.sampled_from(["Alice", "Bob"]), st.text("abc <>\n", min_size=1).map(str.strip))))
def test_every_speech_is_read_once_and_in_its_order(turns):
    turns = [(by, text.replace("<", "‹")) for by, text in turns if text]
    found = hearing(request("Q", *(speech(*turn) for turn in turns)))
    assert [(part.by, part.text) for one in found.rounds for part in one if part.by] == turns
