"""What the seat that decided had heard: a fold over what it knew, and over nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from arena.events import Said, Shown
from arena.heard import Heard, heard


def said(at, seat, text="", side=None, to=("judge",), **more):
    fields = {} if side is None else {"side": side}
    return Said(episode="e", at=at, seat=seat, cue="argue", fields=fields, text=text, to=to, **more)


def decided(at="9:0", seat="judge", order=(0, 1)):
    return Said(episode="e", at=at, seat=seat, cue="decide", order=order)


def test_words_are_counted_for_the_side_that_they_were_said_for():
    found = heard([said("1", "alice", "one two three", "yes"), said("2", "bob", "four", "no"), decided()])
    assert found.words == {"yes": 3, "no": 1}
    assert found.argued == {"alice": "yes", "bob": "no"}


def test_what_the_judge_did_not_hear_does_not_count():
    whispered = said("1", "alice", "between us", "yes", to=("bob",))
    found = heard([whispered, said("2", "bob", "aloud", "no"), decided()])
    assert found.words == {"no": 1}
    assert found.argued == {"bob": "no"}


def test_what_was_said_after_the_decision_does_not_count():
    assert heard([said("1", "alice", "a", "yes"), decided("2:0"), said("3", "alice", "b c", "yes")]).words == {"yes": 1}


def test_the_last_speaker_is_the_one_who_spoke_alone_at_the_end():
    assert heard([said("1", "alice", "a", "yes"), said("2", "bob", "b", "no"), decided()]).last == "no"


def test_of_speeches_given_at_the_same_moment_none_is_the_last():
    together = [said("1:0", "alice", "a", "yes"), said("1:1", "bob", "b", "no")]
    assert heard([*together, decided()]).last is None


def test_a_single_advocate_has_no_last_word():
    assert heard([said("1", "alice", "a", "yes"), said("2", "alice", "b", "yes"), decided()]).last is None


def test_rounds_are_the_speeches_of_whoever_spoke_most_often():
    speeches = [said("1", "alice", "a", "yes"), said("2", "bob", "b", "no"), said("3", "alice", "c", "yes")]
    assert heard([*speeches, decided()]).rounds == 2


def test_a_question_of_the_judge_is_no_speech_for_a_side():
    found = heard([said("1", "judge", "why though", to=("alice",)), said("2", "alice", "so", "yes"), decided()])
    assert (found.words, found.rounds) == ({"yes": 1}, 1)


def test_a_transcript_is_the_same_in_either_order_of_the_options():
    speeches = [said("1", "alice", "a", "yes")]
    assert heard([*speeches, decided("2:0")]).transcript == heard([*speeches, decided("2:1", order=(1, 0))]).transcript


def test_a_transcript_is_another_where_a_word_or_what_was_shown_is_another():
    def shown(question):
        return Shown(episode="e", at="1", cue="question", fields={"question": question}, to=("judge",))

    hashes = {
        heard(events).transcript
        for events in (
            [shown("Who?"), said("2", "alice", "a", "yes"), decided()],
            [shown("Who?"), said("2", "alice", "b", "yes"), decided()],
            [shown("When?"), said("2", "alice", "a", "yes"), decided()],
            [said("2", "alice", "a", "yes"), decided()],
        )
    }
    assert len(hashes) == 4


def test_a_decision_at_a_table_of_its_own_heard_what_was_said_there():
    events = [said("1", "alice", "not here", "yes"), said("2.0/1", "alice", "here", "yes"), decided("2.0/2:0")]
    assert heard(events).words == {"yes": 1}


def test_a_decision_at_a_table_that_inherits_heard_what_was_said_before_too():
    events = [said("1", "alice", "not far", "yes"), said("2+0/1", "alice", "here", "yes"), decided("2+0/2:0")]
    assert heard(events).words == {"yes": 3}


def test_without_a_decision_nothing_was_heard():
    assert heard([said("1", "alice", "a", "yes")]) == Heard()
    assert heard([]) == Heard()


@given(st.text())
def test_any_text_has_a_hash(text):
    assert len(heard([said("1", "alice", text, "yes"), decided()]).transcript) == 16
