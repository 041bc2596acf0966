"""The batches of a run, written down before and after each is made: `batches.jsonl` in its folder, one JSON a line.

    {"intent": "5f0c…", "account": "anthropic", "path": "/v1/messages", "keys": ["0f3a…", …], "t": 1764072000.0}
    {"id": "msgbatch_…", "intent": "5f0c…", "t": 1764072001.2}      it was made
    {"void": "5f0c…", "t": 1764072001.2}                            it was not

A process that dies while it waits leaves its batches in here, and the next one fetches what they hold. An intent that
nothing follows may have become a batch all the same, whose id nobody was told: the vendor is asked for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from arena.errors import Stopped

NAME = "batches.jsonl"


class Intent(NamedTuple):
    """A batch of so many calls to a path, about to be made at the time `t`; `nonce` tells it from every other."""

    nonce: str
    account: str
    path: str
    calls: int
    t: float

    @property
    def intent(self) -> Intent:
        """Itself; so that it can be asked of any entry."""
        return self


class Made(NamedTuple):
    """A batch that was made: its id, and what it was to be."""

    id: str
    intent: Intent


Entry = Intent | Made


class Book:
    """The batches of a run by the keys of their calls; of several with one key, the last counts.

    `ids` are those that are known to be of this run. What writes raises `Stopped` where the disk takes no more.
    """

    def __init__(self, run: Path) -> None:
        self._path = run / NAME
        self._entries: dict[str, Entry] = {}
        self._nonces: dict[str, str] = {}
        self._torn = False
        self.ids: set[str] = set()
        if self._path.exists():
            self._read(self._path.read_bytes())

    def find(self, key: str, account: str) -> Entry | None:
        """What was last made, or meant to be made, of a call through this account; `None` where it was not sent."""
        entry = self._entries.get(self._nonces.get(key, ""))
        return entry if entry is not None and entry.intent.account == account else None

    def intend(self, intent: Intent, keys: Iterable[str]) -> None:
        """Write down that a batch is about to be made."""
        told = {"intent": intent.nonce, "account": intent.account, "path": intent.path, "keys": list(keys)}
        self._write({**told, "t": round(intent.t, 3)})

    def enter(self, made: Made, t: float) -> None:
        """Write down that it was made."""
        self._write({"id": made.id, "intent": made.intent.nonce, "t": round(t, 3)})

    def void(self, intent: Intent, t: float) -> None:
        """Write down that it was not."""
        self._write({"void": intent.nonce, "t": round(t, 3)})

    def _write(self, told: dict[str, Any]) -> None:
        line = json.dumps(told).encode() + b"\n"
        try:
            with self._path.open("ab") as file:
                file.write(b"\n" * self._torn + line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as why:
            raise Stopped(f"{self._path} takes no more ({why.strerror}). Make room, then resume the run.") from why
        self._read(line)

    def _read(self, data: bytes) -> None:
        """Take in lines. One that is damaged is as good as none: a process died while it wrote it."""
        self._torn = bool(data) and not data.endswith(b"\n")
        for line in data.splitlines():
            try:
                self._take(json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError):
                continue

    def _take(self, told: dict[str, Any]) -> None:
        if "void" in told:
            self._entries.pop(str(told["void"]), None)
        elif "id" in told:
            found = self._entries[str(told["intent"])]
            if isinstance(found, Intent):
                made = Made(str(told["id"]), found)
                self._entries[found.nonce] = made
                self.ids.add(made.id)
        else:
            keys = [str(key) for key in told["keys"]]
            intent = Intent(str(told["intent"]), str(told["account"]), str(told["path"]), len(keys), float(told["t"]))
            self._entries[intent.nonce] = intent
            self._nonces |= dict.fromkeys(keys, intent.nonce)
