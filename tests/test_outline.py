"""An episode as a reader sees it: rounds, moments, shape, and how it stood after some steps."""

from arena.events import Called, Ended, Failed, Opened, Said, Shadowed, Shown, Verdict
from arena.outline import page

OF = {"episode": "debate~q~0", "t": 1.0}
OPTIONS = {"$options": ["x", "y"]}


def told(at="1", sides=None, **fields):
    extra = {"sides": {"$sides": sides}} if sides else {}
    return Shown(
        **OF, at=at, cue="question", fields={"question": "Which?", "options": OPTIONS, **extra, **fields}, to=("judge",)
    )


def said(seat, at, text="words", order=None):
    return Said(**OF, at=at, seat=seat, cue="argue", text=text, order=order, to=("judge",))


def called(seat, at):
    return Called(**OF, at=at, seat=seat, model="m", key="k", text="words")


SIDES = {"alice": "x", "bob": "y"}
SIMULTANEOUS = [
    told(sides=SIDES),
    *(said(seat, f"{act}:{place}") for act in (2, 3) for place, seat in enumerate(("alice", "bob"))),
]
VERDICTS = [said("judge", "4:0", order=(0, 1)), said("judge", "4:1", order=(1, 0))]
ENDED = Ended(**OF, belief=(0.7, 0.3), choice=0, verdicts=(Verdict(order=(0, 1), belief=(0.7, 0.3), choice=0),))


def seats(rounds):
    return [[[turn.seat for turn in moment] for moment in moments] for moments in rounds]


def test_nothing_that_happened_is_an_empty_page():
    empty = page([])
    assert (empty.episode, empty.steps, empty.shape, empty.over) == ("", (), "alone", False)


def test_the_question_and_its_options_are_those_that_were_shown_first():
    found = page([Opened(**OF, arm="debate", question="q"), told()])
    assert (found.arm, found.question, found.options) == ("debate", "Which?", ("x", "y"))


def test_what_was_said_at_once_is_a_moment_and_each_seat_speaks_once_a_round():
    assert seats(page(SIMULTANEOUS).rounds()) == [[["alice", "bob"]], [["alice", "bob"]]]


def test_advocates_who_speak_one_after_the_other_share_a_round():
    turns = [said(seat, str(at)) for at, seat in enumerate(("alice", "bob", "alice", "bob"), 2)]
    assert seats(page([told(sides=SIDES), *turns]).rounds()) == [[["alice"], ["bob"]], [["alice"], ["bob"]]]


def test_a_question_of_the_judge_opens_the_round_that_it_is_asked_for():
    turns = [said("alice", "2"), said("judge", "3"), said("alice", "4")]
    assert seats(page([told(sides={"alice": "x"}), *turns]).rounds()) == [[["alice"]], [["judge"], ["alice"]]]


def test_turns_are_in_the_order_of_their_acts_whatever_came_back_first():
    assert [turn.at for turn in page([told(), said("bob", "10"), said("alice", "2:1"), said("bob", "2:0")]).turns] == [
        "2:0",
        "2:1",
        "10",
    ]


def test_verdicts_are_steps_but_no_turns():
    found = page([*VERDICTS, *SIMULTANEOUS])
    assert [step.seat for step in found.steps][-2:] == ["judge", "judge"]
    assert len(found.turns) == 4


def test_a_verdict_in_the_middle_is_a_step_where_it_was_given():
    early = [step.model_copy(update={"at": f"2:{n + 2}"}) for n, step in enumerate(VERDICTS)]
    assert [step.order is None for step in page([*SIMULTANEOUS, *early]).steps] == [
        True,
        True,
        False,
        False,
        True,
        True,
    ]


def test_the_shape_follows_from_who_argues_where():
    assert page(SIMULTANEOUS).shape == "debate"
    assert page([told(sides={"c": "x"}), said("c", "2")]).shape == "consultancy"
    assert page([told(), *VERDICTS]).shape == "alone"
    assert page([told(), said("clerk", "2")]).shape == "table"
    assert page([told(), said("worker", "2.0/1")]).shape == "tree"


def test_an_episode_is_over_when_it_ended_or_failed():
    assert not page(SIMULTANEOUS).over
    assert page([*SIMULTANEOUS, ENDED]).over
    assert page([*SIMULTANEOUS, Failed(**OF, outcome="refused", reason="no")]).over


def test_after_some_steps_the_rest_is_unknown():
    whole = page([*SIMULTANEOUS, *VERDICTS, ENDED, called("alice", "2:0"), called("bob", "3:1")])
    part = whole.upto(2)
    assert [step.at for step in part.steps] == ["2:0", "2:1"]
    assert (part.ended, part.scored, set(part.calls)) == (None, None, {"2:0"})
    assert part.question == "Which?"


def test_after_all_steps_it_is_the_whole_episode():
    whole = page([*SIMULTANEOUS, *VERDICTS, ENDED])
    assert whole.upto(6) is whole
    assert whole.upto(99) is whole


def test_rounds_end_where_stepping_by_rounds_stops():
    assert page([*SIMULTANEOUS, *VERDICTS]).marks() == [0, 2, 4, 6]
    assert page([told(), *VERDICTS]).marks() == [0, 2]


def test_what_was_handed_is_what_quotes_are_checked_against():
    private = Shown(**OF, at="2", cue="passage", fields={"passage": "text", "n": 3}, to=("alice",), handed=True)
    assert page([told(), private]).handed() == {"passage": "text"}
    assert page([told()]).handed() == {}


def test_calls_are_found_by_the_place_of_their_turn():
    again = called("alice", "2:0").model_copy(update={"attempt": 1})
    assert [call.attempt for call in page([called("alice", "2:0"), again]).calls["2:0"]] == [0, 1]


class TestATrace:
    """What a shadow judge believed after each round."""

    def shadowed(self, at, number, *belief):
        verdict = Verdict(order=(0, 1), belief=belief or None, choice=0 if belief else None, round=number)
        return Shadowed(**OF, at=at, seat="judge", verdict=verdict)

    def events(self):
        asked = [self.shadowed("1~0", 0, 0.5, 0.5), self.shadowed("2~0", 1, 0.7, 0.3), self.shadowed("3~0", 2)]
        turns = [said(seat, f"{act}:{n}") for act in (2, 3) for n, seat in enumerate(("alice", "bob"))]
        return [asked[0], *turns[:2], asked[1], *turns[2:], asked[2]]

    def test_has_a_belief_for_each_round(self):
        assert page(self.events()).trace() == [(0, (0.5, 0.5)), (1, (0.7, 0.3)), (2, None)]

    def test_goes_no_further_than_the_round_that_is_shown(self):
        assert page(self.events()).upto(0).trace() == [(0, (0.5, 0.5))]
        assert page(self.events()).upto(1).trace() == [(0, (0.5, 0.5))]
        assert page(self.events()).upto(2).trace() == [(0, (0.5, 0.5)), (1, (0.7, 0.3))]

    def test_is_the_mean_over_both_orders(self):
        both = [*self.events(), self.shadowed("2~1", 1, 0.5, 0.5)]
        ((_, first), *_) = page(both).trace()[1:]
        assert [round(share, 9) for share in first] == [0.6, 0.4]

    def test_is_empty_where_nobody_was_asked(self):
        assert page([]).trace() == []
