"""Simulated models asked for one letter: their exact belief as token probabilities."""

import asyncio
import re

import pytest

from arena.forms import sampling
from arena.letters import read, words
from arena.models.base import Message, Reply, Request, supports
from arena.readers import belief

SPECS = ["judge?noise=0", "worker", "overseer", "advocate"]


@pytest.fixture(name="ask")
def _ask(sim):
    def ask(spec, *texts, how="letter"):
        messages = (Message("user", "\n\n".join(texts)),)
        return asyncio.run(sim(spec)(Request("You are Alice.", messages, sampling=sampling(how, 2))))

    return ask


@pytest.mark.parametrize("spec", SPECS)
def test_every_one_of_them_answers_with_a_letter_and_its_probability(ask, bits, spec):
    reply = ask(spec, bits.question, bits.handed(), words(2))
    assert reply.text in ("A", "B")
    weighed = read((0, 1))(reply)
    assert weighed.outside == pytest.approx(0, abs=1e-9)
    assert "AB"[weighed.belief.choice] == reply.text


def test_the_belief_is_the_one_that_it_puts_in_words_before_it_is_rounded(ask, bits):
    said = [bits.question, bits.speech("Alice", bits.quote(bits.lines[1]))]
    exact = read((0, 1))(ask("judge?noise=0", *said, words(2))).belief.probabilities
    worded = belief((0, 1))(Reply(ask("judge?noise=0", *said, bits.verdict, how="tagged").text)).probabilities
    assert exact == pytest.approx(worded, abs=0.006)
    assert exact != worded


def test_tags_are_answered_in_tags_whatever_is_asked_for_beside_them(ask, bits):
    reply = ask("judge", bits.question, bits.verdict)
    assert re.search("<belief>", reply.text)
    assert reply.logprobs is None


def test_without_options_there_is_no_letter(ask):
    with pytest.raises(ValueError, match="one of the letters"):
        read((0, 1))(ask("judge", words(2)))


@pytest.mark.parametrize("spec", SPECS)
def test_they_keep_to_no_schema(sim, spec):
    assert (supports(sim(spec), "logprobs"), supports(sim(spec), "schema")) == (True, False)
