"""The distillation step: what an iteration left on training questions, as lessons and as records for fine-tuning."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arena import log
from arena.episode import Episode
from arena.errors import TurnFailed
from arena.events import Ended
from arena.models.base import Model, Reply, Request
from arena.plan import Arm
from arena.question import Question
from arena.table import Table

_ASKED_FOR = re.compile(r"<(\w+)></\1>")


def taught(run: Path, episodes: Mapping[str, Question]) -> list[tuple[Question, str]]:
    """The lessons that these episodes (id to question) left, in the order of the mapping; failed ones left none."""
    left = {event.episode: event.lesson for event in log.of_kind(run, "Ended") if isinstance(event, Ended)}
    return [(question, lesson) for name, question in episodes.items() if (lesson := left.get(name))]


def filename(teacher: Arm) -> str:
    """The name of the file for the lessons of an arm."""
    return f"lessons-{''.join(letter if letter.isalnum() else '-' for letter in teacher.name).strip('-')}.jsonl"


async def export(path: Path, teacher: Arm, found: Sequence[tuple[Question, str]]) -> None:
    """Write the lessons as chat records, one JSON object a line: what the model alone is asked, and the answer."""
    records = [await record(teacher, question, lesson) for question, lesson in found]
    text = "".join(json.dumps(made, ensure_ascii=False) + "\n" for made in records)
    await asyncio.to_thread(path.write_text, text, encoding="utf-8")


async def record(teacher: Arm, question: Question, lesson: str) -> dict[str, Any]:
    """One fine-tuning record: the very request that the model gets when it answers alone, answered by the lesson."""
    asked: list[Request] = []
    await _overhear(teacher, question, asked)
    request = asked[0]
    tags = _ASKED_FOR.findall(request.messages[-1].text)
    answer = f"<{tags[-1]}>\n{lesson}\n</{tags[-1]}>" if tags else lesson
    talk = [{"role": message.role, "content": message.text} for message in request.messages]
    return {
        "messages": [
            {"role": "system", "content": "\n\n".join(text for text in (request.preface, request.system) if text)},
            *talk,
            {"role": "assistant", "content": answer},
        ]
    }


async def _overhear(teacher: Arm, question: Question, asked: list[Request]) -> None:
    """Play the stage in which the model answers alone, with models that note what they are asked and say nothing."""

    class Silent:
        spec = "sim/silent"
        simulated = True

        async def __call__(self, request: Request) -> Reply:
            asked.append(request)
            return Reply("")

    rules = teacher.rules.alone()
    silent: Model = Silent()
    episode = Episode(
        id="",
        question=question,
        seats=rules.seats,
        models=dict.fromkeys(rules.seats, silent),
        prompts=teacher.prompts,
        record=lambda _: None,
        clock=lambda: 0.0,
        retries=0,
    )
    try:
        await rules.run(question, Table(episode))
    except TurnFailed:
        return
