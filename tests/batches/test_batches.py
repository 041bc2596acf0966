"""The batch interfaces of both vendors, as they are spoken."""

import asyncio
import json

import pytest

from arena.models.batches import Batch, FileBatches, MessageBatches
from arena.models.failures import CallFailed


class Client:
    """Answers by path, and notes what it was sent."""

    def __init__(self, **answers):
        self.answers, self.sent = answers, []

    def _answer(self, path):
        found = self.answers[path.strip("/").replace("/", "_").partition("?")[0].replace("-", "_")]
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    async def get(self, path):
        return self._answer(path)

    async def post(self, path, body, note):
        self.sent.append((path, json.loads(body)))
        return self._answer(path)

    async def upload(self, name, content):
        self.sent.append((name, [json.loads(line) for line in content.splitlines()]))
        return b'{"id": "file-1"}'


def lines(*values):
    return "\n".join(json.dumps(value) for value in values).encode() + b"\n\n"


def told(found):
    return {
        key: (value.kind, str(value)) if isinstance(value, CallFailed) else value
        for key, value in asyncio.run(found).items()
    }


BODY = {"model": "m", "messages": [{"role": "user", "content": "a\u2028\u00e9\n"}]}


class TestMessageBatches:
    desk = MessageBatches()

    def test_calls_are_sent_in_one_request_by_their_names(self):
        client = Client(v1_messages_batches={"id": "b"})
        made = [self.desk.line(name, "/v1/messages", BODY) for name in ("k", "l")]
        assert asyncio.run(self.desk.make(client, "/v1/messages", made)) == "b"
        calls = [{"custom_id": name, "params": BODY} for name in ("k", "l")]
        assert client.sent == [("/v1/messages/batches", {"requests": calls})]

    @pytest.mark.parametrize("status, ended", [("in_progress", False), ("canceling", False), ("ended", True)])
    def test_it_has_ended_when_it_says_so(self, status, ended):
        client = Client(v1_messages_batches_b={"processing_status": status})
        assert asyncio.run(self.desk.look(client, "b")).ended is ended

    def test_results_come_in_any_order_each_with_its_end(self):
        error = {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}
        client = Client(
            v1_messages_batches_b_results=lines(
                {"custom_id": "n", "result": {"type": "expired"}},
                {"custom_id": "l", "result": {"type": "errored", "error": error}},
                {"custom_id": "k", "result": {"type": "succeeded", "message": {"content": []}}},
                {"custom_id": "o", "result": {"type": "canceled"}},
            )
        )
        found = told(self.desk.results(client, Batch("b", True, {})))
        assert found["k"] == {"content": []}
        assert found["l"] == ("overloaded", "the server told an error in its answer: busy")
        assert (found["n"][0], found["o"][0]) == ("timeout", "conflict")

    def test_a_request_that_is_wrong_is_a_bad_request(self):
        error = {"type": "error", "error": {"type": "invalid_request_error", "message": "no"}}
        client = Client(
            v1_messages_batches_b_results=lines({"custom_id": "k", "result": {"type": "errored", "error": error}})
        )
        assert told(self.desk.results(client, Batch("b", True, {})))["k"][0] == "bad_request"

    def test_a_server_whose_batches_are_no_list_takes_none(self):
        asyncio.run(self.desk.probe(Client(v1_messages_batches={"data": []})))
        with pytest.raises(CallFailed):
            asyncio.run(self.desk.probe(Client(v1_messages_batches={"hello": 1})))


class TestFileBatches:
    desk = FileBatches()

    def test_calls_are_handed_in_as_a_file_and_the_batch_is_made_of_it(self):
        client = Client(batches={"id": "b"})
        made = [self.desk.line(name, "/chat/completions", BODY) for name in ("k", "l")]
        assert asyncio.run(self.desk.make(client, "/chat/completions", made)) == "b"
        call = {"method": "POST", "url": "/v1/chat/completions", "body": BODY}
        assert client.sent == [
            ("batch.jsonl", [{"custom_id": name, **call} for name in ("k", "l")]),
            (
                "/batches",
                {"input_file_id": "file-1", "endpoint": "/v1/chat/completions", "completion_window": "24h"},
            ),
        ]

    @pytest.mark.parametrize(
        "status",
        ["validating", "in_progress", "finalizing", "cancelling", "completed", "failed", "expired", "cancelled"],
    )
    def test_it_has_ended_in_any_of_its_ends(self, status):
        ended = status in ("completed", "failed", "expired", "cancelled")
        assert asyncio.run(self.desk.look(Client(batches_b={"status": status}), "b")).ended is ended

    def test_what_failed_is_in_a_file_of_its_own(self):
        good = {"status_code": 200, "body": {"choices": []}}
        bad = {"status_code": 429, "body": {"error": {"code": "rate_limit_exceeded", "message": "slow"}}}
        expired = {"code": "batch_expired", "message": "not done"}
        client = Client(
            files_o_content=lines({"custom_id": "k", "response": good, "error": None}),
            files_e_content=lines(
                {"custom_id": "l", "response": bad, "error": None},
                {"custom_id": "m", "response": None, "error": expired},
            ),
        )
        batch = Batch("b", True, {"status": "expired", "output_file_id": "o", "error_file_id": "e"})
        found = told(self.desk.results(client, batch))
        assert found["k"] == {"choices": []}
        assert found["l"] == ("rate_limit", "HTTP 429: slow")
        assert found["m"][0] == "timeout"

    def test_a_batch_in_which_nothing_succeeded_has_one_file_only(self):
        bad = {"status_code": 500, "body": {"error": {"message": "oh"}}}
        client = Client(files_e_content=lines({"custom_id": "l", "response": bad}))
        batch = Batch("b", True, {"status": "completed", "output_file_id": None, "error_file_id": "e"})
        assert told(self.desk.results(client, batch)) == {"l": ("server", "HTTP 500: oh")}

    def test_a_batch_that_is_refused_as_a_whole_says_why(self):
        data = [{"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "line": None}]
        with pytest.raises(CallFailed, match="Enqueued token limit reached"):
            asyncio.run(self.desk.results(Client(), Batch("b", True, {"status": "failed", "errors": {"data": data}})))

    def test_a_server_without_batches_takes_none(self):
        asyncio.run(self.desk.probe(Client(batches={"data": []})))
        with pytest.raises(CallFailed):
            asyncio.run(self.desk.probe(Client(batches={"detail": "Not Found"})))
