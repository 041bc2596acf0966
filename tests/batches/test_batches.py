"""The batch interfaces of both vendors, as they are spoken."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from arena.models.batches import SKEW, Batch, Crowded, FileBatches, MessageBatches
from arena.models.book import Intent
from arena.models.failures import CallFailed


class Client:
    """Answers by path, and notes what it was sent."""

    def __init__(self, **answers):
        self.answers, self.sent, self.asked, self.pages = answers, [], [], []

    def _answer(self, path):
        found = self.answers[path.strip("/").replace("/", "_").partition("?")[0].replace("-", "_")]
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    async def get(self, path):
        self.asked.append(path)
        found = self._answer(path)
        return self.pages.pop(0) if self.pages else found

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


INTENT = Intent("n", "account", "/path", 3, 1000.0)


def pages(*batches):
    """Pages of a list, as bytes."""
    ends = [{"has_more": True, "last_id": found[-1]["id"]} for found in batches[:-1]] + [{"has_more": False}]
    return [json.dumps({"data": found} | end).encode() for found, end in zip(batches, ends, strict=True)]


def moment(t):
    return datetime.fromtimestamp(t, UTC).isoformat()


BODY = {"model": "m", "messages": [{"role": "user", "content": "a\u2028\u00e9\n"}]}


class TestMessageBatches:
    desk = MessageBatches()

    def test_calls_are_sent_in_one_request_by_their_names(self):
        client = Client(v1_messages_batches={"id": "b"})
        made = [self.desk.line(name, "/v1/messages", BODY) for name in ("k", "l")]
        assert asyncio.run(self.desk.make(client, "/v1/messages", made, "n")) == "b"
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

    def test_batches_of_as_many_calls_may_be_the_one_that_was_meant(self):
        client = Client(v1_messages_batches={})
        counts = [
            {"processing": 3, "succeeded": 0},
            {"processing": 4},
            {"succeeded": 1, "errored": 1, "expired": 1},
            {},
        ]
        client.pages = pages(
            [{"id": f"b{n}", "created_at": moment(1000), "request_counts": found} for n, found in enumerate(counts)]
        )
        assert asyncio.run(self.desk.find(client, INTENT)) == ["b0", "b2"]

    def test_it_is_looked_for_page_by_page_and_no_further_back_than_clocks_may_differ(self):
        client = Client(v1_messages_batches={})
        times = [[5000, 1000], [1000 - SKEW / 2, 999 - SKEW, 1000], [1000]]
        found = [
            [{"id": f"b{t}", "created_at": moment(t), "request_counts": {"processing": 3}} for t in page]
            for page in times
        ]
        client.pages = pages(*found)
        assert asyncio.run(self.desk.find(client, INTENT)) == ["b5000", "b1000", "b-800.0"]
        assert client.asked == ["/v1/messages/batches?limit=100", "/v1/messages/batches?limit=100&after_id=b1000"]

    def test_a_batch_that_does_not_say_when_it_was_made_may_be_it(self):
        client = Client(v1_messages_batches={})
        client.pages = pages([{"id": "b", "created_at": "soon", "request_counts": {"processing": 3}}])
        assert asyncio.run(self.desk.find(client, INTENT)) == ["b"]

    def test_a_server_whose_batches_are_no_list_takes_none(self):
        asyncio.run(self.desk.probe(Client(v1_messages_batches={"data": []})))
        with pytest.raises(CallFailed):
            asyncio.run(self.desk.probe(Client(v1_messages_batches={"hello": 1})))


class TestFileBatches:
    desk = FileBatches()

    def test_calls_are_handed_in_as_a_file_and_the_batch_is_made_of_it(self):
        client = Client(batches={"id": "b"})
        made = [self.desk.line(name, "/chat/completions", BODY) for name in ("k", "l")]
        assert asyncio.run(self.desk.make(client, "/chat/completions", made, "n")) == "b"
        call = {"method": "POST", "url": "/v1/chat/completions", "body": BODY}
        assert client.sent == [
            ("batch.jsonl", [{"custom_id": name, **call} for name in ("k", "l")]),
            (
                "/batches",
                {
                    "input_file_id": "file-1",
                    "endpoint": "/v1/chat/completions",
                    "completion_window": "24h",
                    "metadata": {"arena": "n"},
                },
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
        data = [{"code": "invalid_json_line", "message": "This line is not JSON", "line": 3}]
        client = Client(batches_b={"status": "failed", "errors": {"data": data}})
        found = asyncio.run(self.desk.look(client, "b"))
        assert found.ended
        assert "This line is not JSON" in str(found.failed)
        assert not isinstance(found.failed, Crowded)

    def test_a_batch_for_which_the_queue_has_no_room_is_told_from_one_that_is_wrong(self):
        data = [{"code": "token_limit_exceeded", "message": "Enqueued token limit reached", "line": None}]
        client = Client(batches_b={"status": "failed", "errors": {"data": data}})
        assert isinstance(asyncio.run(self.desk.look(client, "b")).failed, Crowded)

    def test_a_batch_that_failed_and_does_not_say_why_has_failed(self):
        assert asyncio.run(self.desk.look(Client(batches_b={"status": "failed"}), "b")).failed is not None

    def test_a_batch_is_found_by_its_nonce(self):
        client = Client(batches={})
        told = [
            {"id": "x", "created_at": 1000, "metadata": {"arena": "other"}},
            {"id": "y", "created_at": 1000, "metadata": None},
            {"id": "z", "created_at": 1000, "metadata": {"arena": "n"}},
        ]
        client.pages = pages(told)
        assert asyncio.run(self.desk.find(client, INTENT)) == ["z"]
        assert client.asked == ["/batches?limit=100"]

    def test_a_damaged_line_of_its_results_is_as_if_it_were_not_there(self):
        good = {"status_code": 200, "body": {"choices": []}}
        content = lines({"custom_id": "k", "response": good}).strip() + b'\n{"custom_id": "l", "resp'
        batch = Batch("b", True, {"status": "completed", "output_file_id": "o"})
        assert told(self.desk.results(Client(files_o_content=content), batch)) == {"k": {"choices": []}}

    def test_results_of_which_no_line_can_be_read_are_no_results(self):
        batch = Batch("b", True, {"status": "completed", "output_file_id": "o"})
        with pytest.raises(CallFailed):
            asyncio.run(self.desk.results(Client(files_o_content=b"<html>\n</html>"), batch))

    def test_a_server_without_batches_takes_none(self):
        asyncio.run(self.desk.probe(Client(batches={"data": []})))
        with pytest.raises(CallFailed):
            asyncio.run(self.desk.probe(Client(batches={"detail": "Not Found"})))
