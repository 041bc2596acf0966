"""In which form a judge is asked for its verdict, and what becomes of replies and refusals in each."""

import json
import math

import pytest

from arena.errors import Refused, Stopped, Truncated, Unsupported
from arena.events import Called, Lost, Said
from arena.forms import Forms
from arena.models.base import Reply
from arena.models.failures import CallFailed
from arena.models.retry import GivenUp, told
from arena.structured import schema
from tests.table.game import QUESTION, Scripted, done, play
from tests.table.test_verdicts import judged, prefers, verdicts


class Able(Scripted):
    """A scripted model that says what it can do, and fails where it is asked for what it refuses."""

    can: dict
    refuses: frozenset = frozenset()

    def supports(self, feature):
        return self.can.get(feature, False)

    async def __call__(self, request):
        if asked := request.sampling.keys() & self.refuses:
            self.asked.append(request)
            last = CallFailed("unsupported", f"no {asked}")
            raise Unsupported(str(last)) from GivenUp(last, ())
        return await super().__call__(request)


def able(script, refuses=(), **can):
    model = Able(script)
    model.can, model.refuses = can, frozenset(refuses)
    return model


def in_json(option, percent=80):
    """A judge that believes in an option, and answers as JSON."""

    def reply(request):
        text = "\n".join(message.text for message in request.messages)
        best, other = ("A", "B") if f"(A) {option}" in text else ("B", "A")
        return json.dumps({"reasons": "So.", "belief": {best: percent, other: 100 - percent}, "choice": best})

    return reply


def by_letter(option, p=0.6, q=0.2, **more):
    """A judge that answers with a letter: `p` on its option, `q` on the other, the rest on neither."""

    def reply(request):
        text = "\n".join(message.text for message in request.messages)
        best, other = ("A", "B") if f"(A) {option}" in text else ("B", "A")
        top = {best: math.log(p), other: math.log(q), "I": math.log(0.01)}
        return Reply(best, logprobs=[{"token": best, "logprob": top[best], "top": top}], **more)

    return reply


def cue(model):
    return model.asked[0].messages[-1].text


# By what the model can do


@pytest.mark.parametrize("can", [{}, {"schema": False, "logprobs": True}])
def test_a_model_that_keeps_to_no_schema_is_asked_for_tags(can):
    judge = able(prefers("the keeper"), **can)
    game = done(play(judged, models={"judge": judge}))
    assert "<belief>" in cue(judge)
    assert [dict(request.sampling) for request in judge.asked] == [{}, {}]
    assert [(v.form, v.stated, v.outside) for v in verdicts(game)] == [("tagged", "verbalised", None)] * 2


@pytest.mark.parametrize("known", [True, None])
def test_a_model_that_may_keep_to_one_is_asked_for_json_in_words_and_by_schema(known):
    judge = able(in_json("the keeper"), schema=known)
    game = done(play(judged, models={"judge": judge}))
    assert "JSON" in cue(judge)
    assert "<belief>" not in cue(judge)
    assert [dict(request.sampling) for request in judge.asked] == [{"schema": schema(2)}] * 2
    assert [(v.form, v.stated, v.outside) for v in verdicts(game)] == [("schema", "verbalised", None)] * 2
    assert game.value.probabilities == pytest.approx((0.2, 0.8))


def test_only_the_verdict_is_asked_for_by_schema():
    speaker = able("I say so.", schema=True)
    done(play(judged, models={"alice": speaker, "judge": able(in_json("the cook"), schema=True)}))
    assert not speaker.asked[0].sampling


def test_the_log_says_in_which_form_a_verdict_was_asked_for():
    game = done(play(judged, models={"judge": able(in_json("the cook"), schema=True)}))
    said = [event for event in game.only(Said) if event.order is not None]
    assert [event.fields["verdict"] for event in said] == [{"$form": 2, "in": "schema"}] * 2


def test_what_a_seat_is_sampled_with_stays_beside_what_the_form_asks_for():
    judge = able(in_json("the cook"), schema=True)
    judge.simulated = False
    done(play(judged, models={"judge": judge}, sampling={"judge": {"temperature": 0.5}}))
    assert dict(judge.asked[0].sampling) == {"temperature": 0.5, "schema": schema(2)}


# Refusals of the form


def test_a_server_that_refuses_the_schema_is_asked_again_for_tags():
    judge = able(prefers("the keeper"), refuses={"schema"}, schema=None)
    game = done(play(judged, models={"judge": judge}))
    assert ["<belief>" in request.messages[-1].text for request in judge.asked] == [False, True, True]
    assert [(v.form, v.outcome) for v in verdicts(game)] == [("tagged", "ok")] * 2
    assert game.value.probabilities == pytest.approx((0.2, 0.8))


def test_what_was_refused_is_learned_for_the_run_and_said_once():
    forms = Forms()
    for asked in (3, 2):
        judge = able(prefers("the keeper"), refuses={"schema"}, schema=None)
        done(play(judged, models={"judge": judge}, forms=forms))
        assert len(judge.asked) == asked
    assert list(forms.notices) == ["sim/scripted"]
    assert "tagged text" in forms.notices["sim/scripted"]


def test_a_refused_form_costs_no_attempt_of_the_speaker():
    def late(request):
        return prefers("the keeper")(request) if len(request.messages) == 5 else "Hm."

    judge = able(late, refuses={"schema"}, schema=None)
    game = done(play(judged, models={"judge": judge}))
    assert [v.outcome for v in verdicts(game)] == ["ok", "ok"]
    assert sorted({(call.at, call.attempt) for call in game.only(Called) if call.seat == "judge"}) == [
        (at, attempt) for at in ("3:0", "3:1") for attempt in range(3)
    ]


def test_a_server_that_says_ok_and_ignores_the_schema_is_told_what_was_wrong_and_never_guessed_at():
    judge = able(prefers("the keeper"), schema=None)
    game = play(judged, models={"judge": judge})
    assert game.failure.outcome == "unparsed"
    assert "no JSON object" in judge.asked[2].messages[-1].text


# What is wrong in a reply


def test_the_reason_goes_back_to_the_judge_who_may_mend_it():
    replies = iter(['{"belief": {"A": Infinity, "B": 0}, "choice": "A"}'] * 2)
    judge = able(lambda request: next(replies, None) or in_json("the cook")(request), schema=True)
    game = done(play(judged, models={"judge": judge}))
    assert "from 0 to 100" in judge.asked[2].messages[-1].text
    assert [v.outcome for v in verdicts(game)] == ["ok", "ok"]


@pytest.mark.parametrize("text", ['{"reasons": "It is', "I think that the", ""])
def test_a_verdict_that_is_cut_off_is_its_own_outcome(text):
    judge = able(lambda _: Reply(text, finish="length"), schema=True)
    game = play(judged, models={"judge": judge})
    assert isinstance(game.failure, Truncated)
    assert "cut off at the limit" in str(game.failure)
    assert "cut off at the limit" in judge.asked[2].messages[-1].text


def test_one_order_that_is_cut_off_is_a_missing_verdict_under_its_own_name():
    def half(request):
        whole = prefers("the keeper")(request)
        return whole if "(A) the cook" in request.messages[0].text else Reply(whole[:9], finish="length")

    game = done(play(judged, models={"judge": Scripted(half)}))
    assert [verdict.outcome for verdict in verdicts(game)] == ["ok", "truncated"]


def test_a_verdict_that_was_mended_in_the_end_is_no_truncated_one():
    replies = iter([Reply("{", finish="length")] * 2)
    judge = able(lambda request: next(replies, None) or in_json("the cook")(request), schema=True)
    assert [v.outcome for v in verdicts(done(play(judged, models={"judge": judge})))] == ["ok", "ok"]


@pytest.mark.parametrize("stated", ["verbalised", "tokens"])
def test_a_refusal_is_its_own_outcome_in_every_form(stated):
    judge = able(lambda _: Reply("I would rather not.", finish="refusal"), schema=True, logprobs=True)
    game = play(judged, models={"judge": judge}, forms=Forms(stated))
    assert isinstance(game.failure, Refused)


# Token probabilities


def tokens(script, known=True, **more):
    judge = able(script, logprobs=known, schema=True, **more)
    return judge, play(judged, models={"judge": judge}, forms=Forms("tokens"))


@pytest.mark.parametrize("known", [True, None])
def test_token_beliefs_are_asked_for_by_letter_in_both_orders(known):
    judge, game = tokens(by_letter("the keeper"), known)
    assert [dict(request.sampling) for request in done(game) and judge.asked] == [{"logprobs": 20}] * 2
    assert "one letter" in cue(judge)
    assert "percent" not in cue(judge)
    assert [v.order for v in verdicts(game)] == [(0, 1), (1, 0)]
    assert [v.belief for v in verdicts(game)] == [pytest.approx((0.25, 0.75))] * 2
    assert [(v.stated, v.form, v.choice) for v in verdicts(game)] == [("tokens", "letter", 1)] * 2
    assert [v.outside for v in verdicts(game)] == pytest.approx([0.2, 0.2])


def test_a_judge_that_leans_on_a_letter_is_found_by_the_two_orders():
    def leaning(_):
        top = {"A": math.log(0.9), "B": math.log(0.1)}
        return Reply("A", logprobs=[{"token": "A", "logprob": top["A"], "top": top}])

    _, game = tokens(leaning)
    assert done(game).value.probabilities == pytest.approx((0.5, 0.5))
    assert [v.choice for v in verdicts(game)] == [0, 1]


def test_a_reply_that_is_no_letter_is_asked_for_again():
    replies = iter(["The keeper, I think."] * 2)

    def script(request):
        return next(replies, None) or by_letter("the keeper")(request)

    judge, game = tokens(script)
    assert [v.outcome for v in verdicts(done(game))] == ["ok", "ok"]
    assert "one of the letters A, B" in judge.asked[2].messages[-1].text


def test_a_model_that_is_known_to_give_none_stops_the_run_before_it_is_called():
    judge, game = tokens(by_letter("the keeper"), known=False)
    assert isinstance(game.failure, Stopped)
    assert "--belief verbalised" in str(game.failure)
    assert judge.asked == []


def test_a_server_that_refuses_them_stops_the_run_with_what_would_work():
    judge, game = tokens(by_letter("the keeper"), known=None, refuses={"logprobs"})
    assert isinstance(game.failure, Stopped)
    assert "--belief verbalised" in str(game.failure)
    assert len(judge.asked) == 2


@pytest.mark.parametrize("given", [None, [], [{"token": "A", "logprob": -0.1, "top": {}}]])
def test_a_server_that_sends_none_stops_the_run_and_what_was_paid_is_logged(given):
    _, game = tokens(lambda _: Reply("A", logprobs=given), known=None)
    assert isinstance(game.failure, Stopped)
    assert len([call for call in game.only(Called) if call.seat == "judge"]) == 2


def test_a_letter_is_never_asked_for_where_beliefs_are_put_in_words():
    judge = able(in_json("the cook"), schema=True, logprobs=True)
    game = done(play(judged, models={"judge": judge}))
    assert {v.stated for v in verdicts(game)} == {"verbalised"}


def test_more_options_have_more_letters():
    question = QUESTION.model_copy(update={"options": ("ann", "ben", "cat")})

    async def rules(table):
        table.announce("question", question=question)
        return await table.decide(table.seats[2])

    def reply(request):
        best = "ABC"["(A) ann" not in request.messages[0].text and 2]
        top = {best: math.log(0.5), **{other: math.log(0.2) for other in "ABC" if other != best}}
        return Reply(best, logprobs=[{"token": best, "logprob": top[best], "top": top}])

    judge = able(reply, logprobs=True)
    game = done(play(rules, question=question, models={"judge": judge}, forms=Forms("tokens")))
    assert game.value.choice == 0
    assert game.value.probabilities == pytest.approx((5 / 9, 2 / 9, 2 / 9))


def test_attempts_that_a_refused_form_took_are_logged():
    class Retried(Able):
        async def __call__(self, request):
            if "schema" in request.sampling:
                last = CallFailed("unsupported", "no schema here")
                raise Unsupported(str(last)) from GivenUp(last, (told(last, 0.5),))
            return await Scripted.__call__(self, request)

    judge = Retried(prefers("the keeper"))
    judge.can = {"schema": None}
    game = done(play(judged, models={"judge": judge}))
    assert [(event.seat, event.failed[0].kind) for event in game.only(Lost)] == [("judge", "unsupported")]
