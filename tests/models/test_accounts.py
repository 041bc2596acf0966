"""One client an account and loop, made at the first call and closed at the end."""

import asyncio
import gc
import subprocess
import sys
import warnings

import pytest

from arena.models import accounts
from tests.models.calling import HELLO, opened
from tests.models.server import (
    Server,
    chat,
    chat_events,
    faithful,
    in_a_thread,
    message,
    message_events,
    streamed,
    told,
)


def test_models_of_one_account_share_a_client():
    async def calls():
        async with Server(faithful) as server:
            one, two = opened(f"openai/a@{server.url}"), opened(f"openai/b@{server.url}?max_tokens=9&api=responses")
            other = opened(f"anthropic/a@{server.url}")
            assert await one._account.client() is await two._account.client()
            assert await one._account.client() is not await other._account.client()
            await one(HELLO)
            await two(HELLO)
            await one.close()

    asyncio.run(calls())


def test_accounts_of_two_keys_do_not_share_one():
    async def calls():
        env = {"ONE": "sk-one-111", "TWO": "sk-two-222"}
        url = "http://127.0.0.1:9/v1"
        one, two = opened(f"openai/a@{url}?key=ONE", env), opened(f"openai/a@{url}?key=TWO", env)
        assert await one._account.client() is not await two._account.client()

    asyncio.run(calls())


@pytest.mark.parametrize("spec", ["openai/a@URL", "openai/a@URL?stream=true", "anthropic/a@URL?stream=true"])
def test_one_call_after_another_goes_over_one_connection(spec):
    """A stream is read to its very end, though the reply is whole before that."""

    async def calls():
        def script(asked):
            answer = faithful(asked)
            answer.gap = 0.005
            return answer

        async with Server(script) as server:
            model = opened(spec.replace("URL", server.url))
            for _ in range(3):
                await model(HELLO)
            return server.connections

    assert asyncio.run(calls()) == 1


def test_nothing_is_made_before_the_first_call():
    async def calls():
        opened("openai/a@http://127.0.0.1:9/v1")
        return dict(accounts._shared())

    assert asyncio.run(calls()) == {}


def test_a_model_can_be_closed_twice_and_called_again():
    async def calls():
        async with Server(faithful) as server:
            model = opened(f"openai/a@{server.url}")
            await model.close()
            texts = []
            for _ in range(2):
                texts.append((await model(HELLO)).text)
                await model.close()
                await model.close()
            return texts, dict(accounts._shared())

    assert asyncio.run(calls()) == (["Hello.", "Hello."], {})


def test_a_model_lives_in_one_loop_after_another():
    with in_a_thread() as server:
        model = opened(f"openai/a@{server.url}")
        assert [asyncio.run(model(HELLO)).text for _ in range(3)] == ["Hello."] * 3


@pytest.mark.parametrize(
    "spec", ["openai/a@URL", "openai/a@URL?stream=true", "anthropic/a@URL", "anthropic/a@URL?stream=true"]
)
def test_the_end_of_the_loop_closes_what_nobody_closed(spec):
    with in_a_thread() as server, warnings.catch_warnings(record=True) as told_:
        warnings.simplefilter("always")

        async def calls():
            complaints = []
            asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
            await opened(spec.replace("URL", server.url))(HELLO)
            return complaints

        assert asyncio.run(calls()) == []
        gc.collect()
    assert [str(one.message) for one in told_ if issubclass(one.category, ResourceWarning)] == []


def playing(asked):
    """A server that argues, and judges where it is asked to."""
    text = "<argument>\nIt is so.\n</argument>"
    if asked.body.keys() & {"output_config", "response_format"}:
        text = '{"reasons": "So.", "belief": {"A": 70, "B": 30}, "choice": "A"}'
    whole, events = (message, message_events) if asked.path.endswith("/messages") else (chat, chat_events)
    return streamed(events(text)) if asked.body.get("stream") else told(whole(text))


@pytest.mark.parametrize(
    "debater, judge",
    [
        ("openai/x@URL", "anthropic/y@URL?stream=true"),
        ("anthropic/x@URL", "openai/gpt-4.1@URL?stream=true"),
    ],
)
def test_a_debate_is_played_by_real_models_from_the_command_line(tmp_path, debater, judge):
    with in_a_thread(playing) as server:
        debater, judge = (spec.replace("URL", server.url) for spec in (debater, judge))
        command = [sys.executable, "-X", "dev", "-m", "arena", "run", "--protocol", "debate", "--limit", "3"]
        command += ["--debater", debater, "--judge", judge, "--out", str(tmp_path / "run"), "--yes"]
        env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert "Unclosed" not in done.stderr
    log = (tmp_path / "run" / "events-0001.jsonl").read_text()
    calls = [asked for asked in server.asked if asked.body]  # whether it is there at all is asked without one
    assert log.count('"type":"Called"') == len(calls) == 3 * (6 + 2 + 2 + 2)
    assert log.count('"type":"Scored"') == 9


@pytest.mark.parametrize(
    "spec, why",
    [
        ("openai/x@nowhere", "no address of a server"),
        ("openai/gpt-6-sol", "OPENAI_API_KEY is not set"),
        ("anthropic/claude-opus-5-5", "ANTHROPIC_API_KEY is not set"),
        ("openai/x@http://127.0.0.1:9/v1?colour=red", "colour"),
        ("opnai/x", "openai"),
    ],
)
def test_a_model_that_cannot_be_is_refused_in_one_line_before_anything_is_written(tmp_path, spec, why):
    command = [sys.executable, "-m", "arena", "run", "--limit", "1", "--judge", spec, "--out", str(tmp_path / "run")]
    env = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert why in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()
