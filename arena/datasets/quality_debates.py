"""Questions on long stories, with an argument written by a person for each of two answers."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from arena.datasets.faults import changed
from arena.datasets.places import locate
from arena.datasets.published import Draft, Published, counted
from arena.datasets.records import texts
from arena.datasets.rows import Row, rows

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
        told = stories(folder)
        drafts = self.drafted(folder / QUESTIONS)
        yield from changed(drafts, lambda draft: replace(draft, passage=story(draft.row, told)))

    def drafts(self, row: Row) -> Iterator[Draft]:
        """Yield the question of one record, without its story."""
        options = [one_line(option) for option in texts(row, "options")]
        key, name, group = counted(row, "correct_option", len(options)), row.text("question_id"), row.text("passage_id")
        wrong = [i for i in range(len(options)) if i != key]
        yield Draft(row, one_line(row.text("question")), options, key, name, group=group, best=wrong)


def find(path: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """Find the folder with the data: `path`; else below `$ARENA_DATA` or the cache.

    Raises `UsageError`, which says where the data may be put.
    """
    return locate(
        FOLDER,
        path,
        lambda place: all((place / name).is_file() for name in (PASSAGES, QUESTIONS)),
        needs=f"a folder with {PASSAGES} and {QUESTIONS}",
        environ=environ,
    )


def one_line(text: str) -> str:
    """Put a text on one line, every run of white space a single space; the data has stray ones at the ends."""
    return " ".join(text.split())


def stories(folder: Path) -> dict[str, str]:
    """The texts of the stories by their ids."""
    return {row.text("passage_id"): row.text("text") for row in rows(folder / PASSAGES)}


def story(row: Row, stories: Mapping[str, str]) -> str:
    """The story that a record is about; refuses one about a story that is not there."""
    name = row.text("passage_id")
    if name not in stories:
        row.refuse(f"no story {name!r} in {PASSAGES}; the two files belong together")
    return stories[name]
