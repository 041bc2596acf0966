"""The arguments that people wrote for the questions of `quality_debates`, one for each answer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from arena.datasets.quality_debates import QUESTIONS, one_line, stories, story
from arena.datasets.rows import Row, kind, rows


@dataclass(frozen=True, slots=True)
class Argument:
    """What a person wrote for one answer to one question, with the passages of the story that they picked for it.

    `snippets` are the story's own words at the places that the data gives, by the number under which `text` cites
    them. Whether the answer is right is not in here.
    """

    question: str
    answer: str
    text: str
    snippets: Mapping[int, str]


def arguments(folder: Path) -> Iterator[Argument]:
    """Yield both arguments of every question, in the alphabetical order of the answers that they are for."""
    told = stories(folder)
    for row in rows(folder / QUESTIONS):
        text = story(row, told)
        both = [_argument(row, text, side) for side in ("correct", "incorrect")]
        yield from sorted(both, key=lambda one: one.answer)


def _argument(row: Row, story: str, side: str) -> Argument:
    at = f"arguments.{side}"
    return Argument(
        question=one_line(row.text("question")),
        answer=one_line(row.text(f"{at}.answer")),
        text=row.text(f"{at}.argument").strip(),
        snippets=_snippets(row, f"{at}.snippets", story),
    )


def _snippets(row: Row, name: str, story: str) -> dict[int, str]:
    found: dict[int, str] = {}
    listed = row.get(name)
    if not isinstance(listed, list):
        row.refuse(f"field {name!r} is {kind(listed)}; a list of snippets is needed there")
    for one in listed:
        slot, start, end = (one.get(part) if isinstance(one, dict) else None for part in ("slot", "start", "end"))
        if not (type(slot) is type(start) is type(end) is int and 0 <= start < end <= len(story)):
            row.refuse(f"a snippet in {name!r} needs the numbers slot, start and end, within the story")
        found[slot] = story[start:end]
    return found
