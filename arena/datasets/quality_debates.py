"""Questions on long stories, with an argument written by a person for each of two answers."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from arena.datasets.places import locate
from arena.datasets.published import Draft, Published, counted
from arena.datasets.records import texts
from arena.datasets.rows import Row, kind, rows

FOLDER = "quality_debates"
PASSAGES, QUESTIONS = "passages.jsonl", "questions.jsonl"


class QualityDebates(Published):
    """Single-turn debates over science-fiction stories: two answers, each with an argument written by a person.

    Source: github.com/nyu-mll/single_turn_debate (questions, answers, arguments), joined with the stories of
    github.com/nyu-mll/SQuALITY. Licence: CC BY 4.0; the stories are from Project Gutenberg, in the public domain in
    the United States. Cite: Parrish et al. 2022, "Single-Turn Debate Does Not Help Humans Answer Hard
    Reading-Comprehension Questions"; the questions are from QuALITY (Pang et al. 2022), the stories from SQuALITY
    (Wang et al. 2022).

    Group: the story, some 13 questions each. Wrong option: the one for which the authors of the data had an argument
    written. The arguments are no part of a question; the model `recorded/human` speaks them.

    Passage: the story. `path` is a folder with `passages.jsonl` and `questions.jsonl`; see `find` for where it is
    looked for otherwise.
    """

    name = FOLDER
    patterns = (QUESTIONS,)

    def read(self) -> Iterator[Draft]:
        """Yield the questions with their stories; `UsageError` where the data is not found."""
        folder = find(self.path)
        stories = _stories(folder)
        for row in rows(folder / QUESTIONS):
            for draft in self.drafts(row):
                yield replace(draft, passage=_story(row, stories))

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record, without its story."""
        options = [one_line(option) for option in texts(row, "options")]
        key, name, group = counted(row, "correct_option", len(options)), row.text("question_id"), row.text("passage_id")
        wrong = [i for i in range(len(options)) if i != key]
        yield Draft(row, one_line(row.text("question")), options, key, name, group=group, best=wrong)


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


def find(path: Path | None, environ: Mapping[str, str] = os.environ, here: Path | None = None) -> Path:
    """Find the folder with the data: `path`; else below `$ARENA_DATA`; else below `../shared/data` seen from `here`.

    `here` is the working folder if it is not given. Raises `UsageError`, which says where the data may be put.
    """
    return locate(
        FOLDER,
        path,
        lambda place: all((place / name).is_file() for name in (PASSAGES, QUESTIONS)),
        needs=f"a folder with {PASSAGES} and {QUESTIONS}",
        environ=environ,
        here=here,
    )


def arguments(folder: Path) -> Iterator[Argument]:
    """Yield both arguments of every question, in the alphabetical order of the answers that they are for."""
    stories = _stories(folder)
    for row in rows(folder / QUESTIONS):
        story = _story(row, stories)
        both = [_argument(row, story, side) for side in ("correct", "incorrect")]
        yield from sorted(both, key=lambda one: one.answer)


def one_line(text: str) -> str:
    """Put a text on one line, every run of white space a single space; the data has stray ones at the ends."""
    return " ".join(text.split())


def _stories(folder: Path) -> dict[str, str]:
    return {row.text("passage_id"): row.text("text") for row in rows(folder / PASSAGES)}


def _story(row: Row, stories: Mapping[str, str]) -> str:
    name = row.text("passage_id")
    if name not in stories:
        row.refuse(f"no story {name!r} in {PASSAGES}; the two files belong together")
    return stories[name]


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
