"""A process that reads a share of a log, while this one reads another.

It is this interpreter, started anew, which is told by its one argument what to read and answers with a pickle. Whatever
goes wrong with it (it cannot be started, it has another version of this package, it is killed) costs time only: there
is no answer then, and the share has to be read here.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Self

from arena.garbage import uncollected

START = "import sys; from arena.analysis.reading import answer; answer(sys.argv[1], sys.stdout.buffer)"


class Helper:
    """One such process, which lives as long as its `with`."""

    def __init__(self, task: Mapping[str, Any], python: str = sys.executable) -> None:
        command = [python, "-P", "-c", START, json.dumps({"code": __file__, **task})]
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, on numbers and paths of ours
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        except (OSError, ValueError):
            return

    @uncollected()
    def result(self) -> Any:
        """What the process answers, waited for; `None` where it does not."""
        if self._process is None or self._process.stdout is None:
            return None
        try:
            return pickle.load(self._process.stdout)  # noqa: S301 - written by our own process
        except (OSError, EOFError, pickle.UnpicklingError):
            return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.kill()
            with self._process:
                pass


def task_of(text: str) -> dict[str, Any]:
    """What such a process is to do; raises `SystemExit` where who asks has another copy of this package."""
    task: dict[str, Any] = json.loads(text)
    if task["code"] != __file__:
        raise SystemExit(1)
    return task
