"""The audit: it proves the prompts of a clean run, and finds each leak that is planted in another."""

import json
from dataclasses import replace

import pytest

from arena import Item, log
from arena.audit import audit
from arena.events import Scored
from arena.readers import speech
from arena.runner import play
from protocols.amplification import Amplification
from protocols.consultancy import Consultancy
from protocols.debate import Debate
from protocols.expert import Expert
from protocols.naive import Naive
from tests.protocols.running import Model, answering, items, of, planned

PASSAGE = " ".join(f"At {n} past nine the keeper of the light wrote that all was well." for n in range(40))


def long_items(count, *, key=None):
    """Questions with a passage of some length; with `key` the right option always stands there."""
    found = items(count)
    return tuple(
        Item(
            item.question.model_copy(update={"passage": f"House {n}. {PASSAGE}"}),
            item.key.model_copy(update={"option": n % 2 if key is None else key}),
        )
        for n, item in enumerate(found)
    )


def audited(tmp_path, rules, *, says=answering, test=None):
    plan = planned(Debate(rounds=2), model=Model(says), test=long_items(8) if test is None else test)
    plan = replace(plan, arms=(replace(plan.arms[0], rules=rules),))
    return audit(play(plan, tmp_path / "run").run)


CLEAN = [
    Debate(rounds=2, interactive=True),
    Debate(rounds=2, turns="sequential"),
    Consultancy(rounds=2, interactive=True),
    Naive(),
    Expert(),
    Amplification(iterations=2, iteration=2),
]


@pytest.mark.parametrize("rules", CLEAN, ids=lambda rules: f"{type(rules).__name__}")
def test_a_clean_run_passes_with_every_prompt_proven(tmp_path, rules):
    run = play(planned(rules, test=long_items(8)), tmp_path / "run").run
    found = audit(run)
    assert [arm.faults for arm in found.arms] == [[]]
    assert found.passed
    (arm,) = found.arms
    assert arm.matched == arm.checked == sum(row.calls for row in of(run, Scored))


def test_repeats_are_proven_as_the_samples_that_they_are(tmp_path):
    run = play(planned(Naive(), test=long_items(3), repeats=3), tmp_path / "run").run
    (arm,) = audit(run).arms
    assert (arm.matched, arm.mismatched) == (18, [])


def test_it_says_who_reads_the_passage_and_who_reads_the_options_in_their_order(tmp_path):
    (arm,) = audited(tmp_path, Debate(rounds=2)).arms
    assert (arm.seats["alice"].passage, arm.seats["judge"].passage) == (16, 0)
    assert (arm.seats["judge"].order, arm.seats["judge"].prompts) == (16, 16)
    (expert,) = audit(play(planned(Expert(), test=long_items(2)), tmp_path / "expert").run).arms
    assert expert.seats["judge"].passage == 4


# Planted leaks


async def argued(table, a, b):
    """One round at once, and the verdict."""
    alice, bob, judge = table.seats
    await table.together(
        alice("argue", side=a, against=b, round=1).read_as(speech(150)),
        bob("argue", side=b, against=a, round=1).read_as(speech(150)),
    )
    return await table.decide(judge)


class Tells(Debate):
    """A debate whose table tells the judge the passage under another cue."""

    __module__, prompts = Debate.__module__, "debate"

    async def run(self, question, table):
        alice, bob, _ = table.seats
        a, b = table.deal(question.options)
        leaky = question.model_copy(update={"text": f"{question.text}\n{question.passage}"})
        table.announce("question", question=leaky, sides={alice: a, bob: b})
        table.hand("passage", passage=question.passage, to=(alice, bob))
        return await argued(table, a, b)


def test_a_passage_that_is_announced_is_found_with_the_judge(tmp_path):
    found = audited(tmp_path, Tells())
    assert not found.passed
    (arm,) = found.arms
    assert arm.seats["judge"].leaked == {"passage": arm.seats["judge"].prompts}
    assert "alice" not in {one.seat for _, one in arm.found}


class Overheard(Debate):
    """A debate in which what one debater thinks is handed to the other."""

    __module__, prompts = Debate.__module__, "debate"

    async def run(self, question, table):
        alice, bob, judge = table.seats
        a, b = table.deal(question.options)
        table.announce("question", question=question, sides={alice: a, bob: b})
        thoughts = []

        def noting(reply):
            thoughts.append(reply.text.partition("<thinking>")[2].partition("</thinking>")[0])
            return speech(150)(reply)

        await table.ask(alice("argue", side=a, against=b, round=1).read_as(noting))
        table.hand("passage", passage=f"{thoughts[0]}", to=(bob,))
        await table.ask(bob("argue", side=b, against=a, round=1).read_as(speech(150)))
        return await table.decide(judge)


def thinks(request):
    if "<belief>" in request.messages[-1].text:
        return answering(request)
    return (
        f"<thinking>I know that my side is wrong, says {request.content}</thinking><argument>Mine is right.</argument>"
    )


def test_thinking_that_reaches_another_seat_is_found_with_it(tmp_path):
    found = audited(tmp_path, Overheard(), says=thinks)
    (arm,) = found.arms
    assert {(one.what, one.seat) for _, one in arm.found} == {("thinking", "bob")}
    assert not found.passed


class Early(Debate):
    """A debate in which a speech is told to the other debater before both are heard."""

    __module__, prompts = Debate.__module__, "debate"

    async def run(self, question, table):
        alice, bob, judge = table.seats
        a, b = table.deal(question.options)
        table.announce("question", question=question, sides={alice: a, bob: b})
        known = f"I have read all of it and argue for {a} with all my heart"
        table.hand("passage", passage=known, to=(bob,))
        await table.together(
            alice("argue", side=a, against=b, round=1).read_as(lambda _: known),
            bob("argue", side=b, against=a, round=1).read_as(speech(150)),
        )
        return await table.decide(judge)


def test_a_speech_that_is_known_before_its_moment_is_found(tmp_path):
    (arm,) = audited(tmp_path, Early()).arms
    assert {(one.what, one.seat) for _, one in arm.found} == {("unspoken", "bob")}


def test_options_that_stand_in_the_order_of_the_key_are_found(tmp_path):
    found = audited(tmp_path, Debate(rounds=1), test=long_items(12, key=0))
    (arm,) = found.arms
    flagged = {leak.feature: leak.auc for leak in arm.key if leak.flagged}
    assert flagged["place"] == 1.0
    assert not found.passed
    assert any("the key shows in “place”" in fault for fault in arm.faults)


class HonestFirst(Debate):
    """A debate in which the first debater always has the right side, as houses with even numbers would have it."""

    __module__, prompts = Debate.__module__, "debate"

    async def run(self, question, table):
        alice, bob, _ = table.seats
        right = int(question.id.rpartition("-")[2]) % 2
        a, b = question.options[right], question.options[1 - right]
        table.announce("question", question=question, sides={alice: a, bob: b})
        table.hand("passage", passage=question.passage, to=(alice, bob))
        return await argued(table, a, b)


def test_a_seat_that_always_has_the_right_side_is_found(tmp_path):
    (arm,) = audited(tmp_path, HonestFirst(), test=long_items(12)).arms
    assert {leak.feature for leak in arm.key if leak.flagged} == {"first"}


@pytest.mark.parametrize("was, now", [("I have read", "I have seen"), ('"round":1', '"round":7')])
def test_a_prompt_that_is_not_what_was_sent_is_named(tmp_path, was, now):
    """The log is altered behind the keys: a speech that others heard, a field of what a seat was asked."""
    run = play(planned(Debate(rounds=2), test=long_items(2)), tmp_path / "run").run
    path = run / "events-0001.jsonl"
    path.write_text(path.read_text().replace(was, now, 1))
    found = audit(run)
    assert not found.passed
    assert len(found.arms[0].mismatched) >= 1
    assert len({fault.partition(" ")[0] for fault in found.arms[0].faults}) == 1


def test_words_that_were_replaced_in_the_header_are_found(tmp_path):
    run = play(planned(Naive(), test=long_items(2)), tmp_path / "run").run
    header = log.header(run)
    header["arms"][0]["prompts"]["decide"] = "Something else.\n\n$verdict"
    (run / "run.json").write_text(json.dumps(header))
    (arm,) = audit(run).arms
    assert len(arm.mismatched) == 4


def test_a_call_that_was_asked_again_is_counted_and_its_first_prompt_proven(tmp_path):
    asked = set()

    def says(request):
        first = request.messages[0].text not in asked
        asked.add(request.messages[0].text)
        return "mumble" if first and "<belief>" in request.messages[-1].text else answering(request)

    (arm,) = audit(play(planned(Naive(), model=Model(says), test=long_items(2)), tmp_path / "run").run).arms
    assert arm.retries == 4
    assert (arm.matched, arm.mismatched) == (4, [])


def test_quotes_are_counted_by_the_side_that_is_right(tmp_path):
    (arm,) = audited(tmp_path, Debate(rounds=2), test=items(4)).arms
    assert sum(arm.quotes["honest"].values()) == sum(arm.quotes["dishonest"].values()) == 8


def test_the_certificate_is_plain_json_with_the_hash_of_the_run(tmp_path):
    found = audited(tmp_path, Tells())
    told = json.loads(json.dumps(found.to_json()))
    assert told["passed"] is False
    assert told["hash"] == found.hash
    assert told["faults"]["debate"]
