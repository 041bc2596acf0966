"""What a round is, told from who is heard."""

import pytest

from arena.rounds import Rounds
from arena.turns import Seat

ANN, BEN, JUDGE, CLERK = (Seat(name, "any") for name in ("ann", "ben", "judge", "clerk"))


def told(*acts):
    """What is over as each act begins: an act is the seats that speak, or turns."""
    rounds = Rounds(JUDGE)
    found = [rounds.over([who("speak") if isinstance(who, Seat) else who for who in act]) for act in acts]
    return found, rounds.heard


def test_a_debate_at_the_same_moment_has_a_round_for_each_moment():
    assert told([ANN, BEN], [ANN, BEN], [ANN, BEN]) == ([0, 1, 2], 3)


def test_a_debate_in_turns_has_the_same_rounds():
    assert told([ANN], [BEN], [ANN], [BEN]) == ([0, None, 1, None], 2)


def test_a_consultant_has_a_round_for_each_speech():
    assert told([ANN], [ANN], [ANN]) == ([0, 1, 2], 3)


def test_the_judges_own_question_ends_a_round_and_begins_none():
    assert told([ANN], [JUDGE], [ANN], [JUDGE], [ANN]) == ([0, 1, None, 2, None], 3)


def test_two_questions_in_a_row_end_one_round():
    assert told([ANN], [JUDGE], [JUDGE], [ANN]) == ([0, 1, None, None], 2)


def test_a_judge_that_asks_first_is_asked_before_anybody_is_heard():
    assert told([JUDGE], [ANN], [JUDGE]) == ([None, 0, 1], 1)


def test_what_the_judge_does_not_hear_makes_no_round():
    draft = ANN("draft").heard_by()
    whispered = ANN("whisper").heard_by(BEN)
    assert told([draft, draft], [whispered], [ANN], [draft], [ANN]) == ([None, None, 0, None, 1], 2)


def test_what_is_said_to_the_judge_alone_is_heard():
    assert told([ANN("speak").heard_by(JUDGE)], [ANN]) == ([0, 1], 2)


def test_seats_that_speak_once_each_share_a_round():
    assert told([ANN], [BEN], [CLERK]) == ([0, None, None], 1)


@pytest.mark.parametrize("acts", [(), ([JUDGE],), ([JUDGE], [JUDGE])])
def test_without_a_speech_there_is_no_round(acts):
    found, heard = told(*acts)
    assert set(found) <= {None}
    assert heard == 0
