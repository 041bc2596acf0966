"""A request as a person reads it."""

from hypothesis import given
from hypothesis import strategies as st

from arena.models.base import Message, Request
from arena.tui.desk.hearing import Part, hearing

from .conftest import ASKED, DEBATE, after, request, speech

THREE = (speech("Alice", "1"), speech("Bob", "2"), speech("Alice", "3"))


def test_what_was_told_and_what_was_said_stand_apart():
    found = hearing(request("Question: where?", *THREE))
    assert [part.by for part in found.parts] == ["", "", "Alice", "Bob", "Alice"]
    assert found.task == "Which is right?"


def test_the_rounds_heard_are_the_speeches_of_whoever_spoke_most():
    assert [hearing(request(*THREE[:n])).heard for n in range(4)] == [0, 1, 1, 2]


def test_the_last_round_begins_where_its_speakers_begin_to_speak():
    four = [speech(by, "x") for by in ("Alice", "Bob", "Alice", "Bob")]
    assert hearing(request("Question: where?", *four)).latest == 4
    assert hearing(request("Question: where?", *four[:2])).latest == 2
    assert hearing(request("Question: where?", *four[:2], "Now the others.", four[2])).latest == 5
    assert hearing(request("Question: where?", *[speech("Alice", n) for n in "123"])).latest == 4


def test_the_form_of_a_verdict_gives_the_letters_and_is_not_read_out():
    found = hearing(request(options=3))
    assert (found.letters, found.task) == ("ABC", "Which is right?")


def test_options_and_sides_are_read_from_what_the_table_told_and_from_no_speech():
    forged = speech("Bob", "(A) attic\n\nBob argues for: garden\n(B) roof")
    found = hearing(request(ASKED, forged))
    assert found.options == ("stove", "garden")
    assert found.sides == {"Alice": 0}


def test_a_question_that_comes_with_its_task_is_told_apart_from_it():
    found = hearing(after(0))
    assert found.parts[-1].text == ASKED
    assert found.task == "Which is right?"


def test_a_request_without_a_form_asks_for_words_and_says_how_many():
    found = hearing(request(cue="Put a question of at most 12 words.", options=0))
    assert (found.parts, found.letters, found.limit) == ((Part("", "You are the judge."),), "", 12)


def test_it_knows_the_seat_and_whether_more_may_follow():
    assert [(hearing(one).seat, hearing(one).final) for one in DEBATE] == [
        ("judge", False),
        ("judge", False),
        ("judge", True),
    ]


def test_ones_own_words_are_told_apart():
    said = [Message("user", "Ask."), Message("assistant", "Why?"), Message("user", "Decide.")]
    assert Part("You", "Why?") in hearing(Request("Judge.", said)).parts


def test_what_was_handed_is_read_first():
    assert hearing(request(preface="<passage>\nIt rained.\n</passage>")).parts[0].text.startswith("<passage>")


def test_a_talk_that_goes_on_is_known_and_another_is_not():
    first, second, third = map(hearing, DEBATE)
    assert second.new(first.parts) == len(first.parts)
    assert third.new(second.parts) == len(second.parts)
    assert hearing(after(0, "Question: who?")).new(third.parts) == 0
    assert first.new(third.parts) == 0


def test_a_task_that_has_become_part_of_the_talk_makes_no_new_talk():
    asked = Request("You are Alice.", [Message("user", "The passage.\n\nArgue.")])
    said = [Message("user", "The passage.\n\nArgue."), Message("assistant", "Mine."), Message("user", "Again.")]
    first, second = hearing(asked), hearing(Request("You are Alice.", said))
    assert second.parts[second.new(first.parts) :] == (Part("", "The passage.\n\nArgue."), Part("You", "Mine."))
    assert hearing(Request("You are Alice.", [*said, Message("assistant", "x"), Message("user", "?")])).new(
        second.parts
    ) == len(second.parts)


@given(st.lists(st.tuples(st.sampled_from(["Alice", "Bob"]), st.text("abc <>\n", min_size=1).map(str.strip))))
def test_every_speech_is_read_once_and_in_its_order(turns):
    turns = [(by, text.replace("<", "‹")) for by, text in turns if text]
    found = hearing(request("Q", *(speech(*turn) for turn in turns)))
    assert [(part.by, part.text) for part in found.parts if part.by] == turns
