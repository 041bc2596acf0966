"""Before a run it is found out whether its servers are there, and whether they are servers of this kind."""

import socket
import threading

import pytest

from arena.errors import UsageError
from arena.plan import open_model
from arena.reaching import reach
from tests.models.calling import opened
from tests.models.server import Answer, in_a_thread, told

LIST = {"object": "list", "data": []}
PAGE = Answer([b"<html>Please log in</html>"], kind="text/html")


def reached(script, *specs, **more):
    """Reach the models of some specs behind one server; what the server was asked."""
    with in_a_thread(lambda _: script) as server:
        reach([opened(spec.replace("ROOT", server.root)) for spec in specs], **more)
        return [asked.path for asked in server.asked]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_each_server_is_asked_once_for_its_models_however_many_play():
    specs = ["openai/a@ROOT/v1", "openai/b@ROOT/v1?effort=low", "anthropic/a@ROOT"]
    assert sorted(reached(told(LIST), *specs)) == ["/v1/models", "/v1/models"]


@pytest.mark.parametrize("status", [401, 403, 404, 405, 429, 500, 503])
def test_a_server_that_has_no_such_list_or_gives_it_to_nobody_is_there_all_the_same(status):
    assert reached(told({"error": {"message": "no"}}, status), "openai/a@ROOT/v1")[0] == "/v1/models"


def test_models_that_nobody_serves_need_no_server():
    reach([open_model("sim/judge"), open_model("sim/advocate")])


@pytest.mark.parametrize("spec", ["openai/a@http://127.0.0.1:PORT/v1", "anthropic/a@http://127.0.0.1:PORT"])
def test_a_server_that_is_down_is_named_with_its_model(spec):
    spec = spec.replace("PORT", str(free_port()))
    with pytest.raises(UsageError, match=r"no answer: .*Is the server up.*Nothing was called") as why:
        reach([opened(spec)])
    assert str(why.value).startswith(spec)


def test_a_host_that_does_not_exist_is_named():
    with pytest.raises(UsageError, match="Is the server up"):
        reach([opened("openai/a@http://nowhere.invalid/v1")])


def test_an_address_that_lacks_its_end_is_told_where_models_are():
    def script(asked):
        return told(LIST) if asked.path == "/v1/models" else told({"detail": "Not Found"}, 404)

    with in_a_thread(script) as server:
        with pytest.raises(UsageError, match=r"HTTP 404: Not Found. Did you mean the address with /v1 at its end"):
            reach([opened(f"openai/a@{server.root}")])
        reach([opened(f"openai/a@{server.url}"), opened(f"anthropic/a@{server.root}")])


def test_a_server_of_pages_is_no_server_of_models():
    with pytest.raises(UsageError, match=r"Is this the address of a model's server\?"):
        reached(PAGE, "openai/a@ROOT")


def test_one_that_does_not_speak_http_is_none_either():
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            connection, _ = server.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example ESMTP ready\r\n")

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        with pytest.raises(UsageError, match=r"does not speak HTTP.*Is this the address"):
            reach([opened(f"openai/a@http://127.0.0.1:{server.getsockname()[1]}/v1")])
        thread.join(10)


def test_one_that_is_busy_is_left_to_the_run():
    assert reached(Answer([b"{}"], end="hang"), "openai/a@ROOT/v1", patience=0.5) == ["/v1/models"]


def test_a_vendor_is_taken_to_be_there():
    reach([opened("openai/gpt-6-luna"), opened("anthropic/claude-opus-5-5")])
