"""The batches of both vendors and OpenAI's files: what they answer, apart from HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from arena.fake import chat, reading, responses
from arena.fake.asked import Json, Refusal
from arena.fake.desk import Wire
from arena.fake.jobs import DAY, Done, Job, Jobs

MOST_CALLS = {"anthropic": 100_000, "openai": 50_000}
PREFIX = {"anthropic": "msgbatch_", "openai": "batch_"}
_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
ENDPOINTS: dict[str, Wire] = {"/v1/chat/completions": chat, "/v1/responses": responses}


def page(found: list[dict[str, Any]], query: Json, *, openai: bool) -> dict[str, Any]:
    """A page of a list: `limit` of them, behind the one that `after_id` (`after`) names."""
    after = query.get("after" if openai else "after_id")
    names = [one["id"] for one in found]
    start = names.index(after) + 1 if after in names else 0
    limit = int(query["limit"]) if str(query.get("limit", "")).isdigit() else 20
    part = found[start : start + limit]
    ends = {"first_id": part[0]["id"] if part else None, "last_id": part[-1]["id"] if part else None}
    more = {"has_more": start + limit < len(found)}
    return {**({"object": "list"} if openai else {}), "data": part, **more, **ends}


# Anthropic's


def ordered(found: Json) -> dict[str, bytes]:
    """The calls of a message batch by their names; raises `Refusal`."""
    calls: dict[str, bytes] = {}
    for i, one in enumerate(map(reading.mapping, reading.items(found, "requests"))):
        name, params = one.get("custom_id"), one.get("params")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise reading.bad(f"requests.{i}.custom_id: String should match pattern '{_NAME.pattern}'")
        if name in calls:
            raise reading.bad(f"requests.{i}.custom_id: {name} is given twice")
        if not isinstance(params, dict):
            raise reading.bad(f"requests.{i}.params: Field required")
        calls[name] = json.dumps(params).encode()
    if len(calls) > MOST_CALLS["anthropic"]:
        raise Refusal(413, "request_too_large", "A batch has at most 100,000 requests.")
    return calls


def message_batch(job: Job, root: str) -> dict[str, Any]:
    """A message batch as it is now. Its counts are told when it has ended."""
    tally, ended = job.tally(), job.done is not None
    counts = {name: tally[name] for name in ("succeeded", "errored", "canceled", "expired")}
    made = datetime.fromtimestamp(job.created, UTC)
    return {
        "id": job.id,
        "type": "message_batch",
        "processing_status": "ended" if ended else "in_progress",
        "request_counts": {"processing": 0 if ended else len(job.calls), **counts},
        "created_at": made.isoformat(),
        "ended_at": datetime.now(UTC).isoformat() if ended else None,
        "expires_at": datetime.fromtimestamp(job.created + DAY, UTC).isoformat(),
        "archived_at": None,
        "cancel_initiated_at": None if job.cancelled is None else datetime.now(UTC).isoformat(),
        "results_url": f"{root}/v1/messages/batches/{job.id}/results" if ended else None,
    }


def results(job: Job) -> bytes:
    """The results of a message batch, a JSON line each, in no order."""
    if job.done is None:
        raise Refusal(404, "not_found_error", f"The batch {job.id} has no results before it has ended.")
    return _lines({"custom_id": one.name, "result": _result(one)} for one in job.done)


def _result(one: Done) -> dict[str, Any]:
    if one.outcome == "succeeded":
        return {"type": "succeeded", "message": one.body}
    return {"type": one.outcome, **({"error": one.body} if one.outcome == "errored" else {})}


def _lines(values: Iterable[Json]) -> bytes:
    return "".join(json.dumps(value) + "\n" for value in values).encode()


# OpenAI's


class File(NamedTuple):
    """A file that was handed in, or that a batch made. `created` is in seconds since 1970."""

    id: str
    name: str
    purpose: str
    content: bytes
    created: float

    def told(self) -> dict[str, Any]:
        """What is said of it."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": int(self.created),
            "filename": self.name,
            "purpose": self.purpose,
            "status": "processed",
        }


class Trouble(Exception):
    """What is wrong with the lines of a file: code, line, sentence."""

    def __init__(self, code: str, line: int | None, message: str) -> None:
        super().__init__(message)
        self.told = {"code": code, "line": line, "message": message, "param": None}


def lines(content: bytes, endpoint: str) -> dict[str, bytes]:
    """The calls in a batch file by their names; raises `Trouble`."""
    calls: dict[str, bytes] = {}
    for number, line in enumerate(filter(None, content.splitlines()), 1):
        try:
            found = reading.mapping(json.loads(line))
        except ValueError:
            raise Trouble("invalid_json_line", number, "This line is not parseable as valid JSON.") from None
        name, asked = found.get("custom_id"), found.get("body")
        if not isinstance(name, str) or not isinstance(asked, dict) or found.get("method") != "POST":
            raise Trouble("invalid_request", number, "A line has custom_id, method POST, url and body.")
        if found.get("url") != endpoint:
            raise Trouble("invalid_url", number, f"The url of this line is not the endpoint of the batch, {endpoint}.")
        if name in calls:
            raise Trouble("duplicate_custom_id", number, f"The custom_id {name} was given before.")
        calls[name] = json.dumps(asked).encode()
    if not calls:
        raise Trouble("empty_file", None, "The input file is empty.")
    if len(calls) > MOST_CALLS["openai"]:
        raise Trouble("too_many_tasks", None, "A batch has at most 50,000 requests.")
    return calls


@dataclass
class Files:
    """Files by id."""

    held: dict[str, File]
    made: int = 0

    def add(self, name: str, purpose: str, content: bytes, created: float) -> File:
        """Keep a file."""
        self.made += 1
        file = File(f"file-{self.made:012x}", name, purpose, content, created)
        self.held[file.id] = file
        return file

    def find(self, name: Any) -> File:
        """A file; refused where there is none."""
        if name not in self.held:
            raise Refusal(404, "not_found_error", f"No such File object: {name}")
        return self.held[name]


def begin(found: Json, files: Files, jobs: Jobs) -> Job:
    """Make a batch of a file; one that cannot be read makes a batch that failed."""
    endpoint = str(found.get("endpoint"))
    if endpoint not in ENDPOINTS or found.get("completion_window") != "24h":
        raise reading.bad(f"endpoint: one of {', '.join(ENDPOINTS)}, with a completion_window of 24h")
    about: dict[str, Any] = {"input": files.find(found.get("input_file_id")).id, "endpoint": endpoint}
    about["metadata"] = found.get("metadata")
    try:
        calls = lines(files.find(about["input"]).content, endpoint)
    except Trouble as why:
        calls, about["errors"] = {}, [why.told]
    return jobs.make(PREFIX["openai"], ENDPOINTS[endpoint], calls, about)


def batch(job: Job, files: Files) -> dict[str, Any]:
    """A batch as it is now. Its files are made when it has ended."""
    errors, tally = job.about.get("errors"), job.tally()
    ended = job.done is not None and errors is None
    if ended and "files" not in job.about:
        job.about["files"] = _files(job, files)
    output, failed = job.about.get("files", (None, None))
    return {
        "id": job.id,
        "object": "batch",
        "endpoint": job.about["endpoint"],
        "errors": {"object": "list", "data": errors} if errors else None,
        "input_file_id": job.about["input"],
        "completion_window": "24h",
        "status": _status(job, tally.total() - tally["succeeded"] - tally["errored"]),
        "output_file_id": output,
        "error_file_id": failed,
        "created_at": int(job.created),
        "expires_at": int(job.created + DAY),
        "request_counts": {
            "total": len(job.calls),
            "completed": tally["succeeded"],
            "failed": tally["errored"],
        },
        "metadata": job.about["metadata"],
    }


def _status(job: Job, undone: int) -> str:
    if job.about.get("errors"):
        return "failed"
    if job.done is None:
        return "in_progress"
    if job.cancelled is not None:
        return "cancelled"
    return "expired" if undone else "completed"


def _files(job: Job, files: Files) -> tuple[str | None, str | None]:
    good = [one for one in job.done or () if one.outcome == "succeeded"]
    rest = [one for one in job.done or () if one.outcome != "succeeded"]
    return _file(job, good, "output", files), _file(job, rest, "error", files)


def _file(job: Job, done: list[Done], kind: str, files: Files) -> str | None:
    if not done:
        return None
    content = _lines(_line(job, i, one) for i, one in enumerate(done))
    return files.add(f"{job.id}_{kind}.jsonl", "batch_output", content, job.created).id


def _line(job: Job, at: int, one: Done) -> dict[str, Any]:
    line: dict[str, Any] = {"id": f"batch_req_{job.id}_{at}", "custom_id": one.name, "response": None, "error": None}
    if one.outcome in ("canceled", "expired"):
        code = "batch_cancelled" if one.outcome == "canceled" else "batch_expired"
        line["error"] = {"code": code, "message": "This request was not done before its batch ended."}
    else:
        line["response"] = {"status_code": one.status, "request_id": one.request, "body": one.body}
    return line
