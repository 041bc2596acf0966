"""Failures: replies that cannot be read, refusals, and calls that do not come back."""

import pytest

from arena.errors import ModelFailed, Refused, Stopped, TimedOut, Unparsed, UsageError
from arena.events import Called, Said
from arena.models.base import Reply
from tests.sent import sent
from tests.table.game import PASSAGE, Late, Scripted, both_speak, done, play


def picky(reply):
    if "please" not in reply.text:
        raise ValueError("say please")
    return reply.text


def test_a_reply_that_cannot_be_read_goes_back_with_the_reason():
    async def rules(table):
        return await table.ask(table.seats[0]("argue").read_as(picky))

    game = done(play(rules, models={"alice": Scripted(["no", "still no", "yes, please"])}))
    assert game.value == "yes, please"
    last = game.models["alice"].asked[-1]
    assert [message.text for message in last.messages if message.role == "assistant"] == ["no", "still no"]
    assert all("say please" in message.text for message in last.messages[2::2])
    assert [(call.at, call.attempt) for call in game.only(Called)] == [("1", 0), ("1", 1), ("1", 2)]
    assert game.texts() == ["yes, please"]


def test_a_speaker_that_is_asked_again_still_has_all_that_it_was_handed():
    async def rules(table):
        alice, *_ = table.seats
        table.hand("passage", passage=PASSAGE, to=alice)
        await table.ask(alice("argue").read_as(picky))

    asked = done(play(rules, models={"alice": Scripted(["no", "still no", "yes, please"])})).models["alice"].asked
    assert [request.preface for request in asked] == [f"<passage>\n{PASSAGE}\n</passage>"] * 3


def test_a_reply_that_cannot_be_read_is_asked_for_twice_more_and_then_unparsed():
    async def rules(table):
        await table.ask(table.seats[0]("argue").read_as(picky))

    game = play(rules, models={"alice": Scripted("no")})
    assert isinstance(game.failure, Unparsed)
    assert (game.failure.at, game.failure.seat) == ("1", "alice")
    assert "say please" in str(game.failure)
    assert len(game.only(Called)) == 3
    assert game.only(Said) == []


def test_what_could_not_be_read_is_part_of_no_later_conversation():
    async def rules(table):
        alice, *_ = table.seats
        await table.ask(alice("argue").read_as(picky))
        await table.ask(alice("argue"))

    model = Scripted(["never heard", "yes, please", "more"])
    done(play(rules, models={"alice": model}))
    assert "never heard" not in sent(model.asked[-1])


def test_an_empty_reply_is_asked_for_again():
    """Some providers refuse an empty message, so that the retry must not hold one."""
    game = done(play(both_speak, models={"alice": Scripted(["", "So."])}))
    assert all(message.text for request in game.models["alice"].asked for message in request.messages)
    assert game.texts()[0] == "So."


def test_an_error_of_a_reader_that_is_no_value_error_is_the_protocols_own_and_not_retried():
    def broken(reply):
        return reply.txt

    async def rules(table):
        await table.ask(table.seats[0]("argue").read_as(broken))

    game = play(rules)
    assert isinstance(game.failure, AttributeError)
    assert len(game.only(Called)) == 1


def test_a_refusal_is_logged_as_paid_and_not_asked_again():
    async def rules(table):
        await table.ask(table.seats[0]("argue"))

    game = play(rules, models={"alice": Scripted(Reply("I cannot.", finish="refusal", cost=0.5))})
    assert isinstance(game.failure, Refused)
    assert (game.failure.at, game.failure.seat) == ("1", "alice")
    assert [(call.finish, call.cost) for call in game.only(Called)] == [("refusal", 0.5)]


def test_a_call_that_never_came_back_is_not_logged_and_says_whose_it_was():
    game = play(both_speak, models={"bob": Scripted(TimedOut("late"))})
    assert isinstance(game.failure, TimedOut)
    assert (game.failure.at, game.failure.seat) == ("1:1", "bob")
    assert [call.seat for call in game.only(Called)] == ["alice"]


@pytest.mark.parametrize("failure", [ModelFailed("down"), Stopped("budget"), RuntimeError("bug")])
def test_a_turn_that_fails_loses_no_siblings_call(failure):
    """The sibling answers long after; what it costs is logged all the same."""
    models = {"alice": Scripted(failure), "bob": Scripted("So.", Late())}
    game = play(both_speak, models=models)
    assert game.failure is failure
    assert [call.seat for call in game.only(Called)] == ["bob"]


def test_what_stops_the_run_comes_before_what_fails_an_episode():
    models = {"alice": Scripted(ModelFailed("down")), "bob": Scripted(Stopped("budget"), Late())}
    assert isinstance(play(both_speak, models=models).failure, Stopped)


def test_a_failure_at_one_table_loses_no_call_at_another():
    async def work(table, seat):
        return await table.ask(next(s for s in table.seats if s.name == seat)("argue"))

    async def rules(table):
        await table.each(["alice", "bob"], work)

    models = {"alice": Scripted(ModelFailed("down")), "bob": Scripted("So.", Late())}
    game = play(rules, models=models)
    assert isinstance(game.failure, ModelFailed)
    assert [call.seat for call in game.only(Called)] == ["bob"]


def test_a_cue_without_a_template_fails_before_anybody_is_asked():
    async def rules(table):
        await table.ask(table.seats[0]("agrue"))

    game = play(rules)
    assert isinstance(game.failure, UsageError)
    assert game.events == []
