"""Keys: where they are found, and that nothing tells them."""

import asyncio
import copy
import itertools
import json
import logging
import pickle
import subprocess
import sys
import traceback
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.errors import UsageError
from arena.models import keys
from arena.models.failures import CallFailed
from arena.models.keys import Secret
from tests.models.calling import HELLO, KEY, WIRES, call, opened, streaming
from tests.models.server import Answer, faithful, in_a_thread, streamed, told

on_each_wire = pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
def test_what_the_environment_tells_the_vendor_is_not_told_another_server(wire, monkeypatch):
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-mine")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-mine")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: header-of-mine")
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Mine: header-of-mine")
    came = call(faithful, wire.spec)
    assert came.reply.text == "Hello."
    assert "-of-mine" not in str(came.asked[0].headers)


def test_headers_for_the_address_in_the_environment_are_sent_there(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Mine: header-of-mine")
    with in_a_thread(faithful) as there:
        model = opened("anthropic/m", {"ANTHROPIC_API_KEY": KEY, "ANTHROPIC_BASE_URL": there.url})
        asyncio.run(model(HELLO))
        assert there.asked[0].headers["x-mine"] == "header-of-mine"


def pieces(text, sizes):
    """A text cut into pieces of these sizes, again and again."""
    at = 0
    for size in itertools.cycle(sizes):
        if at >= len(text):
            return
        yield text[at : at + size]
        at += size


@given(
    st.lists(st.sampled_from([KEY, KEY[:9], KEY[-9:], "s", "sk-", "plain"]), max_size=6),
    st.lists(st.integers(1, 30), min_size=1, max_size=4),
)
def test_a_key_is_taken_out_of_a_text_wherever_it_is_cut(parts, sizes):
    text = "".join(parts)
    mask = Secret(KEY).mask()
    told = [mask.feed(piece) for piece in pieces(text, sizes)]
    assert "".join([*told, mask.end()]) == Secret(KEY).hide(text)


def test_a_text_that_begins_like_no_key_is_told_at_once():
    mask = Secret(KEY).mask()
    assert [mask.feed("Hel"), mask.feed("lo s"), mask.feed("o")] == ["Hel", "lo ", "so"]


def test_a_placeholder_for_a_key_is_no_secret_in_pieces_either():
    assert Secret("none").mask().feed("none") == "none"


@on_each_wire
def test_a_key_that_a_server_says_piece_by_piece_is_not_heard(wire):
    seen = []
    text = f"You sent {KEY}, did you?"
    came = call(streamed(wire.events(text)), wire.spec, replace(HELLO, hear=seen.append))
    assert "".join(seen) == came.reply.text == "You sent [key], did you?"


@pytest.mark.parametrize(
    "line, value",
    [
        ("NAME=abc", "abc"),
        ("export NAME=abc", "abc"),
        ("  NAME = abc  ", "abc"),
        ('NAME="abc"', "abc"),
        ("NAME='a#b'  # mine", "a#b"),
        ("NAME=abc # mine", "abc"),
        ("NAME=a#b", "a#b"),
        ("NAME=", ""),
        ("NAME=# nothing", ""),
    ],
)
def test_a_line_of_dotenv_is_read_as_a_shell_would(tmp_path, line, value):
    (tmp_path / ".env").write_text(f"# keys\n\nnonsense\n{line}\n")
    assert keys.environment({}, tmp_path) == {"NAME": value}


def test_the_environment_goes_before_dotenv_unless_it_is_empty_there(tmp_path):
    (tmp_path / ".env").write_text("\ufeffA=file\nB=file\nC=file\n", encoding="utf-8")
    assert keys.environment({"A": "given", "B": " "}, tmp_path) == {"A": "given", "B": "file", "C": "file"}


def test_no_dotenv_is_no_matter(tmp_path):
    assert keys.environment({"A": "1"}, tmp_path) == {"A": "1"}
    (tmp_path / ".env").mkdir()
    assert keys.environment({"A": "1"}, tmp_path) == {"A": "1"}


def test_a_dotenv_that_is_no_text_is_refused_without_being_told(tmp_path):
    (tmp_path / ".env").write_bytes(b"\xff\xfeKEY=" + KEY.encode())
    with pytest.raises(UsageError) as caught:
        keys.environment({}, tmp_path)
    assert ".env" in str(caught.value)
    assert KEY not in str(caught.value)


def test_the_first_variable_that_is_set_has_the_key():
    assert keys.find(("A", "B"), {"B": "second"}) == Secret("second")
    assert keys.find(("A", "B"), {"A": "first", "B": "second"}) == Secret("first")
    assert keys.find(("A", "B"), {}) is None


def test_a_secret_has_no_readable_form():
    secret = Secret(KEY)
    assert KEY not in f"{secret} {secret!r} {[secret]} {secret:}"
    for write in (pickle.dumps, copy.copy, json.dumps):
        with pytest.raises(TypeError):
            write(secret)


def test_a_secret_is_taken_out_of_what_others_say():
    assert Secret(KEY).hide(f"the key {KEY} is wrong") == "the key [key] is wrong"


def test_a_placeholder_is_no_secret():
    assert Secret("none").hide("none of these") == "none of these"


FAULTS = {
    "told back": told({"error": {"message": f"Incorrect API key provided: {KEY}."}}, 401),
    "in another place": told({"detail": f"Bearer {KEY}"}, 422),
    "as a page": Answer([f"<p>{KEY}</p>".encode()], 500),
    "in a broken text": Answer([f"{{{KEY}".encode()]),
    "limited": told({"error": {"message": KEY}}, 429, headers={"retry-after": "1"}),
    "inside a stream": streamed([f'data: {{"error": {{"message": "{KEY}"}}}}\n\n']),
    "cut": Answer([], end="drop"),
    "late": told({}, hold=30),
}


def everything_about(failure):
    """All that a program prints of an exception, and all that hangs on it."""
    told_ = traceback.format_exception(failure)
    one, seen = failure, []
    while one is not None:
        seen += [repr(one), str(one), repr(one.args), repr(getattr(one, "__dict__", {}))]
        one = one.__cause__ or one.__context__
    frames = traceback.StackSummary.extract(traceback.walk_tb(failure.__traceback__), capture_locals=True).format()
    return "".join([*told_, *seen, *frames])


@pytest.mark.parametrize("shape", [str, streaming], ids=["whole", "streamed"])
@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@on_each_wire
def test_no_failure_tells_the_key(wire, shape, fault, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    spec = f"{shape(wire.spec)}{'&' if '?' in shape(wire.spec) else '?'}deadline=0.5"
    failure = call(fault, spec).failure
    assert KEY not in str(failure)
    assert KEY not in everything_about(failure)
    assert KEY not in caplog.text
    assert KEY not in "".join(capfd.readouterr())


@pytest.mark.parametrize("shape", [str, streaming], ids=["whole", "streamed"])
@on_each_wire
def test_no_reply_tells_the_key(wire, shape):
    """A server may say anything, and what it says is written to a log."""
    text = f"Your key is {KEY}, and again: {KEY}"
    answer = streamed(wire.events(text)) if shape is streaming else told({**wire.reply(text), "model": KEY})
    reply = call(answer, shape(wire.spec)).reply
    assert reply.text == "Your key is [key], and again: [key]"
    assert KEY not in repr(reply)


@on_each_wire
def test_a_model_that_was_called_tells_no_key(wire):
    model = call(told(wire.reply()), wire.spec).model
    assert KEY not in repr(model) + repr(vars(model)) + repr(model._account)


def test_a_run_that_fails_writes_the_key_nowhere(tmp_path):
    """Neither on the screen nor into any of its files."""
    env = {"OPENAI_API_KEY": KEY, "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    with in_a_thread(lambda _: FAULTS["told back"]) as server:
        command = [sys.executable, "-m", "arena", "run", "--limit", "2", "--out", str(tmp_path / "run")]
        command += ["--debater", f"openai/m@{server.url}", "--judge", f"openai/m@{server.url}", "--yes"]
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, check=False)
    assert server.asked[-1].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in done.stdout + done.stderr
    written = [path.read_text("utf-8", "replace") for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    assert not [text for text in written if KEY in text]


def test_a_traceback_of_a_task_that_nobody_awaited_tells_no_key():
    """The loop reports such a failure with all that hangs on it."""
    said = []

    async def forgotten():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda _, context: said.append(everything_about(context["exception"])))
        task = asyncio.create_task(opened("openai/m@http://127.0.0.1:9/v1?deadline=5")(HELLO))
        await asyncio.wait([task])
        del task

    asyncio.run(forgotten())
    assert not [text for text in said if KEY in text]
    assert issubclass(CallFailed, Exception)
