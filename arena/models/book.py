"""The batches of a run, written down as soon as each is made: `batches.jsonl` in its folder, one a line.

    {"id": "msgbatch_…", "account": "anthropic", "keys": ["0f3a…", …], "t": 1764072000.0}

A process that dies while it waits leaves its batches in here, and the next one fetches what they hold.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from arena.errors import Stopped

NAME = "batches.jsonl"


class Made(NamedTuple):
    """A batch that was made: its id, and the account at which it lies."""

    id: str
    account: str


class Book:
    """The batches of a run by the keys of their calls; of several with one key, the last counts."""

    def __init__(self, run: Path) -> None:
        self._path = run / NAME
        self._made: dict[str, Made] = {}
        self._torn = False
        if self._path.exists():
            self._read(self._path.read_bytes())

    def find(self, key: str, account: str) -> Made | None:
        """The batch in which a call was last sent through this account."""
        made = self._made.get(key)
        return made if made is not None and made.account == account else None

    def enter(self, made: Made, keys: Iterable[str], t: float) -> None:
        """Write down a batch, and force it to the disk; raises `Stopped` where that takes no more."""
        told = {"id": made.id, "account": made.account, "keys": list(keys), "t": round(t, 3)}
        line = json.dumps(told).encode() + b"\n"
        try:
            with self._path.open("ab") as file:
                file.write(b"\n" * self._torn + line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as why:
            raise Stopped(f"{self._path} takes no more ({why.strerror}), and batch {made.id} was just made") from why
        self._read(line)

    def _read(self, data: bytes) -> None:
        """Take in lines. One that is damaged is no batch: a process died while it wrote it."""
        self._torn = bool(data) and not data.endswith(b"\n")
        for line in data.splitlines():
            try:
                told = json.loads(line)
                made = Made(str(told["id"]), str(told["account"]))
                self._made |= dict.fromkeys(map(str, told["keys"]), made)
            except (ValueError, KeyError, TypeError):
                continue
