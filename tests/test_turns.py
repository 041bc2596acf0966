"""Turns: values that say who is asked what, how the reply is read, and who hears it."""

import pytest

from arena.models.base import Reply
from arena.turns import Lesson, Seat

ALICE, BOB, JUDGE = Seat("alice", "debater"), Seat("bob", "debater"), Seat("judge", "judge")


def test_a_seat_makes_a_turn_and_nothing_happens():
    turn = ALICE("argue", side="yes", round=2)
    assert (turn.seat, turn.cue, turn.fields) == (ALICE, "argue", {"side": "yes", "round": 2})


def test_a_turn_is_read_as_a_speech_and_heard_by_the_whole_table_unless_it_says_otherwise():
    turn = ALICE("argue")
    assert turn.reader(Reply("<thinking>hm</thinking><argument>so</argument>")) == "so"
    assert turn.audience is None


def test_a_turn_with_another_reader_is_the_same_turn_otherwise():
    turn = ALICE("count", of="lamps").heard_by(BOB)
    counting = turn.read_as(lambda reply: len(reply.text))
    assert counting.reader(Reply("four")) == 4
    assert (counting.seat, counting.cue, counting.fields, counting.audience) == (
        ALICE,
        "count",
        {"of": "lamps"},
        (BOB,),
    )


def test_an_audience_is_exactly_the_seats_that_it_names():
    assert ALICE("argue").heard_by(BOB, JUDGE).audience == (BOB, JUDGE)


def test_an_audience_of_nobody_is_not_the_whole_table():
    assert ALICE("note").heard_by().audience == ()


def test_a_turn_is_a_value_and_is_not_changed():
    turn = ALICE("argue")
    turn.heard_by(BOB)
    turn.read_as(len)
    assert turn.audience is None
    with pytest.raises(AttributeError):
        turn.cue = "other"


def test_two_seats_may_share_a_role_and_are_two_seats():
    assert ALICE.role == BOB.role
    assert ALICE != BOB


def test_a_lesson_is_a_question_and_its_worked_answer():
    assert Lesson("Who?", "The keeper.") == ("Who?", "The keeper.")
