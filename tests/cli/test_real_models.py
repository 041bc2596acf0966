"""Real models that cannot be: each is one clear message, before anything is written or the first call is made."""

import socket
import threading
from contextlib import contextmanager

import pytest

from arena.fake import faults
from arena.fake.options import Options
from arena.fake.server import in_a_thread
from tests.models import server

KEY = "sk-test-4f9d2c7b1e"
QUICK = ("--limit", "2", "--no-baselines", "--yes", "--out", "run")


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    for name in ("OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, KEY)


def refused(done, *said):
    """One line on stderr that says all of this, and no key."""
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stdout == ""
    assert KEY not in done.output
    for part in said:
        assert part in done.stderr


@pytest.mark.parametrize(
    "spec, said",
    [
        ("opnai/gpt-4o", "no model is called 'opnai'. Did you mean openai?"),
        ("gpt-4o", "'gpt-4o' is no model; a model is written as provider/name"),
        ("openai/x@localhost:8000", "is no address of a server"),
        ("openai/x@http://", "is no address of a server"),
        ("anthropic/x@http://a b/v1", "is no address of a server"),
        ("openai/gpt-6.2-sol?temperature=0.5", "does not take temperature"),
        ("anthropic/claude-opus-5-5?temperature=0.5", "does not take temperature"),
        ("openai/gpt-4o?effort=low", "does not take effort"),
        ("openai/gpt-4o?temprature=1", "Did you mean temperature"),
        ("openai/x@http://127.0.0.1:1/v1", "there is no server at http://127.0.0.1:1/v1"),
    ],
)
def test_a_model_that_cannot_be_is_refused(arena, unchanged, spec, said):
    with unchanged:
        refused(arena("run", "--debater", spec, *QUICK), said)


@pytest.mark.parametrize("budget, said", [("0", "greater than 0"), ("-1", "greater than 0"), ("lots", "budget")])
def test_a_budget_that_is_none_is_refused(arena, unchanged, budget, said):
    with unchanged:
        refused(arena("run", "--budget", budget, *QUICK), said)


def test_a_budget_over_an_unknown_price_is_refused_before_the_first_call(arena, unchanged):
    with in_a_thread() as fake, unchanged:
        done = arena("run", "--debater", f"openai/fake-nobody@{fake.url}", "--budget", "1", *QUICK)
        assert fake.desk.bill.calls == 0
    refused(done, "nobody knows the price of openai/fake-nobody")


def test_a_budget_with_no_room_for_a_single_call_is_refused_before_it(arena, unchanged):
    with in_a_thread() as fake, unchanged:
        done = arena("run", "--debater", f"openai/fake-gpt-6-astra@{fake.url}", "--budget", "0.000001", *QUICK)
        assert fake.desk.bill.calls == 0
    refused(done, "budget")


@contextmanager
def saying(answer):
    """A server that says the same to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            try:
                while True:
                    with listening.accept()[0] as caller:
                        caller.recv(65536)
                        caller.sendall(answer)
            except OSError:
                pass

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


PAGE = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\n\r\n<html></html>"


@pytest.mark.parametrize("answer", [b"220 mail.example ESMTP\r\n", b"SSH-2.0-OpenSSH_9.6\r\n", PAGE])
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_a_server_that_speaks_something_else_is_named_before_the_first_call(arena, unchanged, provider, answer):
    with saying(answer) as url, unchanged:
        refused(arena("run", "--debater", f"{provider}/x@{url}", *QUICK), "speaks something else")


def test_a_server_that_lists_no_models_is_no_worse(arena, place):
    def answered(asked):
        return server.told({"error": "no"}, 500) if asked.path.endswith("/models") else server.faithful(asked)

    with server.in_a_thread(answered) as there:
        done = arena(
            "run", "--judge", f"openai/x@{there.url}", "--limit", "1", "--no-baselines", "--yes", "--out", "run"
        )
    assert "speaks something else" not in done.stderr
    assert (place / "run" / "run.json").exists()


@pytest.mark.parametrize("fault", ["401", "403", "404", "quota", "billing"])
def test_what_stops_a_run_stops_it_with_one_message_and_leaves_no_key_anywhere(arena, place, fault):
    with in_a_thread(Options(faults=faults.parse([f"{fault}=1"]))) as fake:
        done = arena("run", "--debater", f"openai/fake-gpt-6-luna@{fake.url}", *QUICK)
        assert fake.desk.bill.sold == {}
    assert done.exit_code == 3
    assert "Traceback" not in done.output
    assert "Go on with:" in done.stderr
    for path in place.rglob("*"):
        assert path.is_dir() or KEY.encode() not in path.read_bytes()
    assert KEY not in done.output
