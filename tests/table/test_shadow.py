"""A shadow judge: asked after each round what it believes, without anybody's knowing and at no other place's cost."""

import random

import pytest

from arena import views
from arena.errors import Refused, Stopped
from arena.events import Called, Said, Shadowed
from arena.forms import Forms
from arena.models.base import Reply
from arena.question import Question
from tests.sent import sent
from tests.table.game import QUESTION, VERDICT, Scripted, by_content, done, play, speakers
from tests.table.test_forms import able, by_letter, in_json
from tests.table.test_verdicts import verdicts

JUDGE = frozenset({"judge"})


def debate(rounds=2, *, sequential=False, asking=False):
    async def rules(table):
        alice, bob, judge = table.seats
        table.announce("question", question=QUESTION)
        for n in range(rounds):
            if asking and n:
                await table.ask(judge("answer", part=str(n)))
            await (table.in_turn if sequential else table.together)(alice("argue"), bob("argue"))
        return await table.decide(judge)

    return rules


def believing(request):
    """Beliefs that tell how much was heard: the more speeches, the surer of the keeper."""
    if "<belief>" not in request.messages[-1].text:
        return by_content(request)
    percent = 50 + 8 * sent(request).count("<speech by=")
    keeper = "B" if "(A) the cook" in sent(request) else "A"
    first = percent if keeper == "A" else 100 - percent
    return VERDICT.format(first, 100 - first, "A" if first > 50 else "B")


def games(rules, lateness=None, **more):
    """The same game without a shadow judge and with one."""
    found = []
    for shadow in (frozenset(), JUDGE):
        models = {**speakers(lateness and random.Random(lateness)), "judge": Scripted(believing)}
        found.append(done(play(rules, models=models, shadow=shadow, **more)))
    return found


def asked(game):
    return [(event.verdict.round, event.at, event.verdict.belief) for event in game.only(Shadowed)]


def test_it_is_asked_before_the_first_round_and_between_rounds_in_both_orders():
    _, game = games(debate(3))
    assert [(n, at) for n, at, _ in asked(game)] == [
        (0, "1~0"), (0, "1~1"), (1, "2~0"), (1, "2~1"), (2, "3~0"), (2, "3~1"),
    ]  # fmt: skip
    assert [event.verdict.order for event in game.only(Shadowed)] == [(0, 1), (1, 0)] * 3


def test_it_knows_what_was_heard_by_then_and_no_more():
    _, game = games(debate(3))
    assert [belief for *_, belief in asked(game)] == [
        pytest.approx(pair) for pair in ((0.5, 0.5), (0.5, 0.5), (0.34, 0.66), (0.34, 0.66), (0.18, 0.82), (0.18, 0.82))
    ]


def test_the_last_round_is_the_verdicts_own():
    _, game = games(debate(3))
    assert [verdict.round for verdict in verdicts(game)] == [3, 3]


def test_without_it_nothing_is_counted():
    plain, _ = games(debate(3))
    assert [verdict.round for verdict in verdicts(plain)] == [None, None]
    assert plain.only(Shadowed) == []


@pytest.mark.parametrize("rules", [debate(2), debate(2, sequential=True), debate(3, asking=True)])
@pytest.mark.parametrize("lateness", [None, 1, 2])
def test_everything_else_is_the_same_byte_for_byte(rules, lateness):
    plain, shadowed = games(rules, lateness)
    before, after = (
        {call.at: call.key for call in game.only(Called) if "~" not in call.at} for game in (plain, shadowed)
    )
    assert before == after
    assert sorted(event.model_dump_json() for event in plain.only(Said)) == sorted(
        event.model_dump_json() for event in shadowed.only(Said)
    )
    assert plain.value == shadowed.value


def test_nobody_hears_of_it_not_even_the_judge():
    _, game = games(debate(3, asking=True))
    for seat, model in game.models.items():
        for request in model.asked:
            shadow = "More may follow" in request.messages[-1].text
            assert shadow <= (seat == "judge")
            earlier = "\n".join(message.text for message in request.messages[:-1])
            assert "More may follow" not in earlier
            assert "<belief>" not in earlier


def test_no_view_of_a_seat_holds_it():
    _, game = games(debate(2))
    for seat in game.models:
        assert not [event for event in views.knows(game.events, seat) if "~" in event.at]
    assert views.act("3+1/2~0") == 2
    assert [event for event in views.at_table(game.events, "") if isinstance(event, Shadowed)]


def test_it_is_no_part_of_the_record_of_the_table():
    tables = []

    async def rules(table):
        tables.append(table)
        return await debate(3)(table)

    game = done(play(rules, models={"judge": Scripted(believing)}, shadow=JUDGE))
    assert game.only(Shadowed)
    assert not [event for event in tables[0]._events if isinstance(event, Shadowed) or "~" in event.at]


def test_what_it_takes_is_counted_apart():
    plain, shadowed = games(debate(3))
    assert views.spent(shadowed.events) == views.spent(plain.events)
    bought = views.spend(shadowed.events)
    assert bought["judge (shadow)"].calls == 6
    assert bought["judge"].calls == views.spend(plain.events)["judge"].calls == 2


def test_words_are_heard_live_of_the_record_only():
    places = []
    games(debate(2), hear=lambda at, attempt, seat: places.append(at))
    assert places
    assert not [at for at in places if "~" in at]


def test_a_belief_that_is_missing_is_logged_under_its_own_name_and_fails_nothing():
    def silent(request):
        return Reply("No.", finish="refusal") if "More may follow" in request.messages[-1].text else believing(request)

    game = done(play(debate(2), models={"judge": Scripted(silent)}, shadow=JUDGE))
    assert {event.verdict.outcome for event in game.only(Shadowed)} == {"refused"}
    assert {event.verdict.belief for event in game.only(Shadowed)} == {None}


@pytest.mark.parametrize("error", [Refused("no"), Stopped("budget")])
def test_what_stops_the_run_stops_it_there_too_and_the_speech_that_was_paid_for_is_logged(error):
    class Failing(Scripted):
        async def __call__(self, request):
            self.asked.append(request)
            if "More may follow" in request.messages[-1].text:
                raise error
            return Reply(believing(request))

    game = play(debate(1), models={"judge": Failing()}, shadow=JUDGE)
    assert isinstance(game.failure, Stopped) == isinstance(error, Stopped)
    assert {call.seat for call in game.only(Called)} >= {"alice", "bob"}


def test_a_judge_is_retried_and_its_own_places_hold_the_attempts():
    replies = iter(["Hm."])

    def hesitant(request):
        return next(replies, None) or believing(request)

    game = done(play(debate(1), models={"judge": Scripted(hesitant)}, shadow=JUDGE))
    assert sorted((call.at, call.attempt) for call in game.only(Called) if "~" in call.at) == [
        ("1~0", 0), ("1~0", 1), ("1~1", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "judge, stated, how",
    [
        (able(in_json("the keeper"), schema=True), "verbalised", "schema"),
        (able(by_letter("the keeper"), logprobs=True), "tokens", "letter"),
    ],
    ids=["schema", "letter"],
)
def test_it_is_asked_in_the_form_of_the_verdict(judge, stated, how):
    game = done(play(debate(2), models={"judge": judge}, shadow=JUDGE, forms=Forms(stated)))
    assert {(event.verdict.stated, event.verdict.form) for event in game.only(Shadowed)} == {(stated, how)}


def test_every_judge_of_a_panel_is_asked_at_a_place_of_its_own():
    async def rules(table):
        alice, one, _ = table.seats
        table.announce("question", question=QUESTION)
        for _ in range(2):
            await table.ask(alice("argue"))
        return await table.decide(one)

    seats = {"alice": "debater", "one": "judge", "two": "judge"}
    models = {seat: Scripted(believing) for seat in ("one", "two")}
    game = done(play(rules, seats=seats, models=models, shadow=JUDGE))
    assert [(event.seat, event.at) for event in game.only(Shadowed)] == [
        ("one", "1~0"), ("one", "1~1"), ("two", "1~2"), ("two", "1~3"),
        ("one", "2~0"), ("one", "2~1"), ("two", "2~2"), ("two", "2~3"),
    ]  # fmt: skip


def test_what_happens_at_tables_of_their_own_has_no_rounds():
    async def work(table, item):
        return await table.ask(table.seats[0]("answer", part=item))

    async def rules(table):
        table.announce("question", question=QUESTION)
        await table.each(["one", "two"], work)
        return await table.decide(table.seats[2])

    game = done(play(rules, models={"judge": Scripted(believing)}, shadow=JUDGE))
    assert game.only(Shadowed) == []
    assert [verdict.round for verdict in verdicts(game)] == [0, 0]


def test_three_options_are_believed_in_too():
    question = Question(id="q", text="Who?", options=("ann", "ben", "cat"))

    async def rules(table):
        table.announce("question", question=question)
        await table.ask(table.seats[0]("argue"))
        return await table.decide(table.seats[2])

    answer = "<belief>\nA: 60\nB: 30\nC: 10\n</belief>\n<choice>A</choice>"
    game = done(play(rules, question=question, models={"judge": Scripted(answer)}, shadow=JUDGE))
    assert [belief for *_, belief in asked(game)] == [pytest.approx((0.6, 0.3, 0.1)), pytest.approx((0.1, 0.3, 0.6))]
