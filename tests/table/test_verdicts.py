"""Verdicts: a belief on both presentations of what a judge knows."""

import random
from collections import Counter

import pytest

from arena.beliefs import Belief
from arena.errors import Stopped, Unparsed
from arena.events import Called
from arena.models.base import Reply
from arena.question import Question
from tests.sent import sent
from tests.table.game import PASSAGE, QUESTION, VERDICT, Scripted, done, play


def verdicts(game):
    """The verdicts behind the belief that the game returned."""
    return next((found for belief, found in game.episode.verdicts if belief is game.value), ())


async def judged(table):
    alice, bob, judge = table.seats
    table.announce("question", question=QUESTION)
    await table.together(alice("argue"), bob("argue"))
    return await table.decide(judge)


def prefers(option, percent=80):
    """A judge that believes in an option whatever its letter is."""

    def reply(request):
        text = "\n".join(message.text for message in request.messages)
        letter, other = ("A", "B") if f"(A) {option}" in text else ("B", "A")
        first, second = (percent, 100 - percent) if letter == "A" else (100 - percent, percent)
        return VERDICT.format(first, second, letter if percent >= 50 else other)

    return reply


def test_a_judge_sees_the_same_transcript_in_both_orders():
    game = done(play(judged, models={"judge": Scripted(prefers("the keeper"))}))
    first, second = (request.messages[-1].text for request in game.models["judge"].asked)
    assert "(A) the cook\n(B) the keeper" in first
    assert "(A) the keeper\n(B) the cook" in second
    assert first.index('by="Alice"') < first.index('by="Bob"')
    assert second.index('by="Bob"') < second.index('by="Alice"')
    assert Counter(first.split()) == Counter(second.split())


def test_both_orders_share_what_the_judge_was_handed():
    """The long text comes before what differs, so that it is read once."""

    async def rules(table):
        table.hand("passage", passage=PASSAGE, to=table.seats[2])
        return await judged(table)

    game = done(play(rules, models={"judge": Scripted(prefers("the keeper"))}))
    assert [request.preface for request in game.models["judge"].asked] == [f"<passage>\n{PASSAGE}\n</passage>"] * 2


def test_verdicts_are_given_in_the_questions_own_order_whatever_was_shown():
    game = done(play(judged, models={"judge": Scripted(prefers("the keeper"))}))
    assert game.value == Belief((pytest.approx(0.2), pytest.approx(0.8)), 1)
    assert [(verdict.order, verdict.choice) for verdict in verdicts(game)] == [((0, 1), 1), ((1, 0), 1)]
    assert [verdict.belief for verdict in verdicts(game)] == [pytest.approx((0.2, 0.8))] * 2


def test_a_judge_that_leans_on_a_letter_is_in_the_mean_undecided():
    game = done(play(judged, models={"judge": Scripted(VERDICT.format(90, 10, "A"))}))
    assert game.value == Belief((pytest.approx(0.5), pytest.approx(0.5)), None)
    assert [verdict.choice for verdict in verdicts(game)] == [0, 1]


def test_a_verdict_is_heard_by_nobody_and_part_of_no_later_conversation():
    async def rules(table):
        belief = await judged(table)
        await table.together(*[seat("argue") for seat in table.seats])
        return belief

    verdicts = [VERDICT.format(70, 30, "A"), VERDICT.format(30, 70, "B"), "afterwards"]
    game = done(play(rules, models={"judge": Scripted(verdicts)}))
    for model in game.models.values():
        assert not [mark for mark in ("<belief>", "<choice>") if mark in sent(model.asked[-1])]


def test_one_order_that_cannot_be_read_is_a_missing_verdict_and_the_belief_is_the_others():
    def only_forward(request):
        return prefers("the keeper", 70)(request) if "(A) the cook" in request.messages[0].text else "Hm."

    game = done(play(judged, models={"judge": Scripted(only_forward)}))
    assert game.value.probabilities == pytest.approx((0.3, 0.7))
    assert [verdict.outcome for verdict in verdicts(game)] == ["ok", "unparsed"]
    assert (verdicts(game)[1].belief, verdicts(game)[1].choice) == (None, None)


def test_a_refused_order_is_missing_as_refused():
    def refuses_reversed(request):
        return (
            prefers("the cook")(request) if "(A) the cook" in request.messages[0].text else Reply("", finish="refusal")
        )

    game = done(play(judged, models={"judge": Scripted(refuses_reversed)}))
    assert [verdict.outcome for verdict in verdicts(game)] == ["ok", "refused"]


def test_both_orders_unread_fail_the_episode_and_are_never_a_wrong_answer():
    game = play(judged, models={"judge": Scripted("Hm.")})
    assert isinstance(game.failure, Unparsed)
    assert game.value is None
    assert len([call for call in game.only(Called) if call.seat == "judge"]) == 6


def test_a_run_that_stops_in_the_midst_of_a_verdict_stops():
    verdicts = Scripted([VERDICT.format(70, 30, "A"), Stopped("budget")])
    assert isinstance(play(judged, models={"judge": verdicts}).failure, Stopped)


def test_three_options_are_shown_forward_and_backward():
    question = Question(id="q", text="Who?", options=("ann", "ben", "cat"))
    answer = "<belief>\nA: 60\nB: 30\nC: 10\n</belief>\n<choice>A</choice>"

    async def rules(table):
        table.announce("question", question=question)
        return await table.decide(table.seats[2])

    game = done(play(rules, question=question, models={"judge": Scripted(answer)}))
    assert [verdict.order for verdict in verdicts(game)] == [(0, 1, 2), (2, 1, 0)]
    assert game.value.probabilities == pytest.approx((0.35, 0.3, 0.35))


@pytest.mark.parametrize("seed", range(5))
def test_a_belief_has_its_own_verdicts_behind_it_whichever_table_is_judged_last(seed):
    async def branch(table, note):
        table.announce("question", question=QUESTION)
        table.announce("note", text=note)
        return await table.decide(table.seats[2])

    async def rules(table):
        first, _ = await table.each(["one", "two"], branch)
        return first

    def by_branch(request):
        return prefers("the cook", 90 if "Note: one" in request.messages[0].text else 20)(request)

    game = done(play(rules, models={"judge": Scripted(by_branch, random.Random(seed))}))
    assert [verdict.belief for verdict in verdicts(game)] == [pytest.approx((0.9, 0.1))] * 2


def test_a_belief_that_the_protocol_made_itself_has_no_verdicts_behind_it():
    """It is scored for what it is, not by what a judge once thought."""

    async def rules(table):
        belief = await judged(table)
        return Belief(belief.probabilities[::-1], None)

    assert verdicts(done(play(rules, models={"judge": Scripted(prefers("the cook"))}))) == ()
