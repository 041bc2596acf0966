"""People as models."""

import asyncio

import pytest

from arena.errors import UsageError
from arena.models.base import Message, Request
from arena.models.human import open_model

ASKED = Request("You are the judge.", [Message("user", "Well?")])


def test_a_person_says_what_they_are_asked_for():
    person = open_model("ada", {})

    async def ask(request):
        return f"{request.messages[-1].text} Yes."

    person.ask = ask
    reply = asyncio.run(person(ASKED))
    assert (reply.text, reply.model, reply.cost) == ("Well? Yes.", "human/ada", 0.0)


def test_a_person_is_not_simulated_and_writes_text_only():
    person = open_model("ada", {})
    assert not person.simulated
    assert person.supports("schema") is person.supports("logprobs") is False


def test_nobody_can_be_asked_without_a_screen():
    with pytest.raises(UsageError, match="terminal"):
        asyncio.run(open_model("ada", {})(ASKED))


@pytest.mark.parametrize("name", ["", "a/b", "a b", "x" * 41])
def test_a_name_that_no_file_could_have_is_refused(name):
    with pytest.raises(UsageError, match="human/ada"):
        open_model(name, {})


def test_people_have_no_settings():
    with pytest.raises(UsageError, match="setting"):
        open_model("ada", {"skill": "1"})
