"""Requests: what a seat is sent, whatever was played, and which requests are the same one."""

import random
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import UsageError
from arena.events import Called, Said, Shown, dump
from arena.models.base import Message
from arena.prompts import orders
from arena.views import act, at_table, knows
from tests.table.game import QUESTION, SEATS, TEMPLATES, Scripted, both_speak, done, fixed, play, say_at, speakers

# What a seat is sent


SUBSETS = st.sets(st.sampled_from(sorted(SEATS)))
AUDIENCE = st.none() | SUBSETS
MOMENTS = st.lists(
    st.one_of(
        st.tuples(st.just("announce"), SUBSETS, AUDIENCE),
        st.tuples(st.just("hand"), SUBSETS, AUDIENCE),
        st.tuples(st.just("in_turn"), SUBSETS, AUDIENCE),
        st.tuples(st.just("together"), SUBSETS, AUDIENCE),
    ),
    max_size=7,
)


def any_game(moments):
    """The rules of a game that was drawn at random."""

    async def rules(table):
        seats = {seat.name: seat for seat in table.seats}
        for number, (kind, chosen, audience) in enumerate(moments):
            some = [seats[name] for name in sorted(chosen)]
            if kind == "announce":
                table.announce("note", text=f"note {number}")
            elif kind == "hand":
                table.hand("passage", passage=f"passage {number}", to=some)
            else:
                turns = [seat("argue") for seat in some]
                if audience is not None:
                    turns = [turn.heard_by(*(seats[name] for name in sorted(audience))) for turn in turns]
                await getattr(table, kind)(*turns)

    return rules


@given(MOMENTS)
def test_each_request_of_a_seat_extends_its_last_one(moments):
    """Byte for byte, so that a provider's prompt cache holds all but the end."""
    game = done(play(any_game(moments), models=speakers()))
    for model in game.models.values():
        for before, after in pairwise(model.asked):
            assert (after.preface, after.system) == (before.preface, before.system)
            assert after.messages[: len(before.messages)] == before.messages
            assert after.messages[len(before.messages)].role == "assistant"


FENCE = "<passage>\npassage {}\n</passage>"


@given(MOMENTS)
def test_the_preface_is_what_a_seat_was_handed_before_it_first_spoke_and_the_rest_stands_in_its_place(moments):
    game = done(play(any_game(moments), models=speakers()))
    for seat, model in game.models.items():
        own = [(n, kind) for n, (kind, chosen, _) in enumerate(moments) if seat in chosen and kind != "announce"]
        spoken, handed = [n for n, kind in own if kind != "hand"], [n for n, kind in own if kind == "hand"]
        assert bool(model.asked) == bool(spoken)
        for request, now in zip(model.asked, spoken, strict=True):
            early, late = [n for n in handed if n < spoken[0]], [n for n in handed if spoken[0] < n < now]
            inline = "\n\n".join(message.text for message in request.messages)
            marks = [f"passage-{i + 1}" if i else "passage" for i in range(len(early))]
            fences = [FENCE.format(n).replace("passage>", f"{mark}>") for n, mark in zip(early, marks, strict=True)]
            assert request.preface == "\n\n".join(fences)
            assert re.findall(r"<passage>\n.*\n</passage>", inline) == list(map(FENCE.format, late))
            assert re.findall(r"\(It stands at the very beginning, marked as (.*)\.\)", inline) == marks


@given(MOMENTS)
def test_a_conversation_takes_turns_and_ends_with_a_user_message(moments):
    game = done(play(any_game(moments), models=speakers()))
    for model in game.models.values():
        for request in model.asked:
            roles = [message.role for message in request.messages]
            assert roles == ["user", "assistant"] * (len(roles) // 2) + ["user"]


@given(MOMENTS, st.integers())
def test_what_is_asked_does_not_depend_on_how_fast_models_answer(moments, seed):
    at_once = done(play(any_game(moments), models=speakers()))
    later = done(play(any_game(moments), models=speakers(random.Random(seed))))
    for seat in SEATS:
        assert later.models[seat].asked == at_once.models[seat].asked
    assert sorted(map(dump, later.events)) == sorted(map(dump, at_once.events))


@given(MOMENTS)
def test_a_text_reaches_its_audience_and_nobody_else(moments):
    game = done(play(any_game(moments), models=speakers()))
    for event in game.only(Said):
        for seat, model in game.models.items():
            if seat not in {event.seat, *event.to}:
                assert event.text not in model.read
    for event in game.only(Shown):
        (text,) = event.fields.values()
        for seat in SEATS.keys() - set(event.to):
            assert text not in game.models[seat].read.splitlines()
    for model in game.models.values():
        assert "thought" not in model.read


async def branching(table):
    """Tables within tables, blank and inheriting, and rounds on both sides of them."""
    alice, bob, judge = table.seats
    table.announce("question", question=QUESTION)
    table.hand("passage", passage="for alice", to=alice)
    await table.together(alice("argue"), bob("argue"))

    async def inner(child, name):
        child.announce("note", text=name)
        child.hand("passage", passage=f"for alice and bob about {name}", to=(alice, bob))
        await child.together(alice("argue"), bob("argue"))
        return await child.ask(judge("argue"))

    async def outer(child, name):
        await child.ask(alice("argue"))
        await child.each([f"{name} blank"], inner)
        await child.each([f"{name} heir", f"{name} other heir"], inner, inherit=True)
        return await child.ask(bob("argue"))

    await table.each(["one", "two"], outer, inherit=True)
    await table.each(["three"], outer)
    return await table.ask(judge("argue"))


@pytest.mark.parametrize("seed", [None, 1, 2])
def test_every_request_can_be_made_again_from_the_log_alone(seed):
    """What a seat knows is a fold over the log: the table keeps no other secret."""
    game = done(play(branching, models=speakers(random.Random(seed) if seed else None)))
    prompts, (order, _) = game.episode.prompts, orders(QUESTION)
    asked = {request.key("sim/scripted"): request for model in game.models.values() for request in model.asked}
    spoken = {event.at: event for event in game.only(Said)}
    calls = game.only(Called)
    assert len(calls) == 36
    for call in calls:
        table = call.at[: call.at.rfind("/") + 1]
        own = [e for e in game.events if e.at.startswith(table) and "/" not in e.at[len(table) :]]
        later = {id(e) for e in own if e.at and act(e.at) >= act(call.at)}
        known = knows([e for e in at_table(game.events, table) if id(e) not in later], call.seat)
        talk = prompts.conversation(known, call.seat, order)
        cue = prompts.cue(spoken[call.at].cue, spoken[call.at].fields, call.seat, order)
        last = Message("user", "\n\n".join([*talk.pending, cue]))
        request = asked[call.key]
        assert (request.preface, list(request.messages)) == (talk.preface, [*talk.messages, last])
    assert len({request.preface for request in asked.values()}) > 2


# Samples


def test_the_same_request_twice_at_one_table_is_two_samples():
    """Best of n draws n speeches, not one n times."""

    async def rules(table):
        alice, *_ = table.seats
        await table.together(*[alice("argue").heard_by() for _ in range(3)])

    game = done(play(rules))
    assert [request.sample for request in game.models["alice"].asked] == [0, 1, 2]
    assert len({call.key for call in game.only(Called)}) == 3


def test_the_same_request_at_two_tables_is_one():
    """Equal sub-questions are answered once."""

    async def rules(table):
        await table.each(["same", "same"], say_at)

    assert len({call.key for call in done(play(rules)).only(Called)}) == 1


def test_the_same_words_of_two_seats_are_no_repetition():
    same = TEMPLATES | {"debater": "You debate."}
    game = done(play(both_speak, templates=same))
    assert [model.asked[0].sample for model in (game.models["alice"], game.models["bob"])] == [0, 0]


def test_a_repeat_of_an_episode_is_another_sample():
    keys = {call.key for repeat in range(3) for call in done(play(both_speak, repeat=repeat)).only(Called)}
    assert len(keys) == 6


def real():
    """A scripted model that passes for one behind a server."""
    model = Scripted()
    model.simulated = False
    return model


def test_the_key_of_a_call_holds_everything_that_determined_it():
    """Model, prompt, sampling and length: a stale reply can never be taken for a new one."""
    variants = [
        {},
        {"templates": TEMPLATES | {"argue": "Speak up."}},
        {"templates": TEMPLATES | {"debater": "You are $name, and polite."}},
        {"max_tokens": 9},
        {"sampling": {"alice": {"temperature": 1}}, "models": {"alice": real()}},
        {"models": {"alice": _Other()}},
    ]

    async def rules(table):
        await table.ask(table.seats[0]("argue"))

    keys = [done(play(rules, **variant)).only(Called)[0].key for variant in variants]
    assert len(set(keys)) == len(variants)
    assert keys[0] == done(play(rules)).only(Called)[0].key


def test_requests_that_differ_in_the_preface_alone_are_not_the_same():
    """Otherwise the reply about one passage could be taken for a reply about another."""

    def about(passage):
        async def rules(table):
            alice, *_ = table.seats
            table.hand("passage", passage=passage, to=alice)
            await table.ask(alice("argue"))

        return rules

    one, other = (done(play(about(passage))) for passage in ("dark", "light"))
    requests = [game.models["alice"].asked[0] for game in (one, other)]
    assert requests[0].messages == requests[1].messages
    assert len({call.key for game in (one, other) for call in game.only(Called)}) == 2


class _Other(Scripted):
    spec = "sim/other"


@pytest.mark.parametrize(
    "sampling, why",
    [
        ({"jugde": {"temperature": 0.5}}, "Did you mean judge"),
        ({"judge": {"temprature": 0.5}}, "Did you mean temperature"),
        ({"judge": {"logprobs": 20}}, "'logprobs'"),
        ({"judge": {"temperature": 0.5}}, "sim/scripted takes no temperature"),
    ],
)
def test_a_sampling_that_would_be_dropped_in_silence_is_refused(sampling, why):
    with pytest.raises(UsageError, match=why):
        play(fixed(2), sampling=sampling)


def test_a_real_model_is_sampled_as_its_seat_is():
    alice = real()
    done(play(both_speak, models={"alice": alice}, sampling={"alice": {"temperature": 0.5}, "judge": {}}))
    assert dict(alice.asked[0].sampling) == {"temperature": 0.5}
