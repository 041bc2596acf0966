"""The preface: all who read a passage begin with the same bytes, so that a provider's prompt cache reads it once."""

from itertools import pairwise

import pytest

from arena import Lesson, Question
from arena.events import Shown
from arena.prompts import Prompts, orders
from protocols.amplification import Amplification
from protocols.consultancy import Consultancy
from protocols.debate import Debate
from protocols.expert import Expert
from protocols.naive import Naive
from tests.protocols.play import OPTIONS, PASSAGE, QUESTION, play

FENCED = f"<passage>\n{PASSAGE}\n</passage>"
OTHER = Question(id="pier", text="Who came back?", options=("the keeper", "nobody"), passage=PASSAGE)
LESSONS = (Lesson("What was lost?", "A ring."),)
GAMES = [
    Debate(rounds=3),
    Debate(rounds=2, turns="sequential", interactive=True),
    Consultancy(rounds=2, interactive=True),
    Amplification(iteration=0),
    Amplification(iteration=2),
    Amplification(iteration=2, distil=True),
    Expert(),
    Naive(),
]
READERS = {"alice", "bob", "consultant", "worker"}


def name(rules):
    return f"{type(rules).__name__} {rules.model_dump_json(exclude_defaults=True)}"


def games(question=QUESTION, turn=0):
    """Every protocol, played over one question."""
    return [play(rules, question=question, turn=turn, lessons=LESSONS if rules.learns else ()) for rules in GAMES]


def prefaces(played, seats):
    return {asked.request.preface for asked in played.asked if asked.seat in seats}


def test_both_debaters_begin_alike_in_every_round():
    played = play(Debate(rounds=3, interactive=True))
    assert [asked.request.preface for seat in ("alice", "bob") for asked in played.to(seat)] == [FENCED] * 6


def test_the_debaters_and_the_expert_begin_alike():
    debate, expert = play(Debate()), play(Expert())
    assert prefaces(debate, {"alice", "bob"}) == prefaces(expert, {"judge"}) == {FENCED}


@pytest.mark.parametrize("question", [QUESTION, OTHER], ids=["a question", "another on the same passage"])
@pytest.mark.parametrize("turn", [0, 1])
def test_all_who_read_a_passage_begin_alike_whatever_is_played_or_asked(question, turn):
    for rules, played in zip(GAMES, games(question, turn), strict=True):
        readers = {"judge"} if isinstance(rules, Expert) else READERS
        assert prefaces(played, readers) <= {FENCED}
        assert prefaces(played, rules.seats.keys() - readers) <= {""}


def test_options_in_another_order_leave_the_preface_as_it_is():
    swapped = QUESTION.model_copy(update={"options": OPTIONS[::-1]})
    for one, two in zip(games(), games(swapped), strict=True):
        assert [asked.request.preface for asked in one.asked] == [asked.request.preface for asked in two.asked]


def test_another_passage_is_another_preface():
    other = QUESTION.model_copy(update={"passage": f"{PASSAGE} It was cold."})
    assert prefaces(play(Expert(), question=other), {"judge"}) == {f"<passage>\n{PASSAGE} It was cold.\n</passage>"}


def test_a_passage_stands_in_a_request_once():
    for played in games():
        assert all(asked.text.count(PASSAGE) == bool(asked.request.preface) for asked in played.asked)


def test_the_message_says_where_the_passage_stands_where_it_would_have_stood():
    for played in games():
        for asked in played.asked:
            first = asked.request.messages[0].text
            assert first.count("(It stands at the very beginning, marked as passage.)") == bool(asked.request.preface)
            assert "<passage>" not in first


def test_without_a_passage_there_is_no_preface():
    for played in games(Question(id="open", text="Why?", options=OPTIONS)):
        assert {asked.request.preface for asked in played.asked} == {""}
        assert not [asked for asked in played.asked if "very beginning" in asked.text]


@pytest.mark.parametrize("rules", GAMES, ids=name)
def test_each_request_of_a_seat_begins_with_its_last_one_at_the_same_table(rules):
    """Two questions that are asked at one moment, and two presentations, share all but their ends."""
    played = play(rules, lessons=LESSONS if rules.learns else ())
    tables = {}
    for asked in played.asked:
        table, _, place = asked.at.rpartition("/")
        if asked.seat in READERS or not place.endswith(":1"):
            tables.setdefault((asked.seat, table), []).append(asked.request)
    for requests in tables.values():
        for earlier, later in pairwise(requests):
            assert (later.preface, later.system) == (earlier.preface, earlier.system)
            assert tuple(later.messages)[: len(earlier.messages)] == tuple(earlier.messages)


def test_two_texts_under_one_name_have_marks_of_their_own():
    own = Prompts({"judge": "Judge.", "first": "$text", "second": "$text"}, {}, "two")
    told = [
        Shown(episode="e", at=str(n), cue=cue, fields={"text": f"The {cue} text."}, to=("judge",), handed=True)
        for n, cue in enumerate(("first", "second"), 1)
    ]
    talk = own.conversation(told, "judge", orders(QUESTION)[0])
    assert talk.preface == "<text>\nThe first text.\n</text>\n\n<text-2>\nThe second text.\n</text-2>"
    assert [hint.split()[-1] for hint in talk.pending] == ["text.)", "text-2.)"]
