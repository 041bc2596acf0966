"""The rooms of Michael et al. 2023: debates and consultancies between people or models, judged by people.

The format is that of the public repository: `debates-metadata.jsonl` with one line a room, and, where it is at hand,
one JSON file a room with every speech. Licence CC BY 4.0; the stories are Project Gutenberg's, the questions QuALITY's.

    Michael, Mahdi, Rein, Petty, Dirani, Padmakumar & Bowman 2023, Debate Helps Supervise Unreliable Experts,
    arXiv:2311.08702
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from arena.datasets import rows
from arena.datasets.base import why
from arena.datasets.rows import Row
from arena.errors import DataError
from arena.events import Quote
from arena.published import tokens
from arena.published.record import Source, hashed
from arena.published.rooms import JUDGE, Moment, Room, Speech, Stated
from arena.question import AnswerKey, Question

METADATA = "debates-metadata.jsonl"
ROOMS = ("debates/official", "debates", ".")
"""Where the files of the rooms lie, seen from the folder of the metadata."""

CITATION = "Michael et al. 2023, Debate Helps Supervise Unreliable Experts, arXiv:2311.08702"
LICENCE = "CC BY 4.0 (stories: Project Gutenberg; questions: QuALITY, CC BY 4.0)"
ARMS = {
    (True, True): "human debate",
    (True, False): "human consultancy",
    (False, True): "AI debate",
    (False, False): "AI consultancy",
}
"""The arms of the paper by who argues (people or not) and whether there are two of them."""

SEATS = ("alice", "bob")
ROLES = ("Debater A", "Debater B")
MILLISECONDS = 1000


def read(folder: Path) -> tuple[list[Room], Source]:
    """The judged rooms of the paper; raises `DataError` for what is not of their form."""
    folder = folder.parent if folder.is_file() else folder
    metadata = folder / METADATA
    if not metadata.is_file():
        raise DataError(f"{folder} has no {METADATA}; give the folder of the repository that holds it (pub/)")
    files = {path.stem: path for place in reversed(ROOMS) for path in sorted((folder / place).glob("*.json"))}
    rooms, seen, used = [], Counter[tuple[str, str, int]](), [metadata]
    for row in rows.rows(metadata):
        if not counted(row):
            continue
        path = files.get(row.text("name"))
        used += [path] if path else []
        rooms.append(_numbered(_room(row, path), seen))
    rooms.sort(key=lambda room: list(ARMS.values()).index(room.arm))
    primary = (ARMS[True, True], ARMS[True, False])
    return rooms, Source("michael2023", CITATION, LICENCE, hashed(used), primary)


def counted(row: Row) -> bool:
    """Whether the paper counts a room: it says so, and its judge came to a judgement."""
    return row.get("includedInPaper") is True and judged(row) is not None


def judged(row: Row) -> Mapping[str, Any] | None:
    """What the judge of a room came to (`judgingInfo`), where there was one."""
    status = row.get("status")
    done = status.get("Complete") if isinstance(status, Mapping) else None
    found = done.get("result", {}).get("judgingInfo") if isinstance(done, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _numbered(room: Room, seen: Counter[tuple[str, str, int]]) -> Room:
    """The room with its number among those of one arm on one question with the same sides."""
    place = (room.arm, room.question.id, room.dealing)
    repeat = seen[place]
    seen[place] += 1
    return replace(room, repeat=repeat)


def _room(row: Row, path: Path | None) -> Room:
    try:
        return _read(row, path)
    except (KeyError, TypeError, ValueError, IndexError, StopIteration, AttributeError) as fault:
        where = path or row.where
        raise DataError(f"{where} is no room of the form of michael2023: {type(fault).__name__}: {fault}") from None


def _read(row: Row, path: Path | None) -> Room:
    arm = ARMS[row.get("setting.isHuman") is True, row.get("setting.isDebate") is True]
    found = judged(row) or {}
    key = _key(row, found)
    names = row.get("roleAssignments")
    held = {role: str(names[role]) for role in (*ROLES, "Judge") if isinstance(names, Mapping) and role in names}
    sides = {_seat(option, held): option for option, role in enumerate(ROLES) if role in held}
    whole = _whole(path) if path else None
    question = _question(row, whole)
    t = row.get("creationTime") / MILLISECONDS
    return Room(
        arm=arm,
        question=question,
        key=AnswerKey(question=question.id, option=key),
        sides=sides,
        models={_sitter(role, held): _model(name) for role, name in held.items()},
        moments=tuple(_moments(whole, held)) if whole else (),
        final=(_final(row, found, whole),),
        begun=t,
        dealing=next(iter(sides.values()), 0) if len(sides) == 1 else 0,
        told=whole is not None,
        turns=int(found["numContinues"]),
        source=row.text("name"),
    )


def _key(row: Row, found: Mapping[str, Any]) -> int:
    key = found.get("correctAnswerIndex")
    if type(key) is not int or key not in range(len(ROLES)):
        row.refuse(f"judgingInfo.correctAnswerIndex is {key!r}; 0 or 1 is needed there")
    return key


def _seat(option: int, held: Mapping[str, str]) -> str:
    """The seat of whoever argues for an option: alone it is the consultant's."""
    return SEATS[option] if all(role in held for role in ROLES) else "consultant"


def _sitter(role: str, held: Mapping[str, str]) -> str:
    return _seat(ROLES.index(role), held) if role in ROLES else JUDGE.name


def _model(name: str) -> str:
    """Who sat there: a model under its own name, or a person."""
    return name if name.upper().startswith("GPT") else "human"


def _whole(path: Path) -> Mapping[str, Any]:
    """The file of a room, with every speech."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read as a room: {error}") from None
    if not isinstance(found, dict) or not isinstance(found.get("setup"), dict) or "rounds" not in found:
        raise DataError(f"{path} is no room: it needs the fields setup and rounds")
    return found


def _question(row: Row, whole: Mapping[str, Any] | None) -> Question:
    """The question of a room. Where only its outcome is known, so are not its answers: letters stand for them."""
    story, text = row.text("sourceMaterialId.QuALITYStory.id"), row.text("question")
    digest = hashlib.blake2b(f"{story} {text}".encode(), digest_size=4).hexdigest()
    title = "-".join(re.findall("[a-z0-9]+", row.text("storyTitle").lower()))
    setup = whole["setup"] if whole else {}
    try:
        return Question(
            id=f"{title}-{digest}",
            text=text,
            options=tuple(setup.get("answers", ("Answer A", "Answer B"))),
            passage=Story(setup).text if setup else None,
            group=story,
            dataset="michael2023",
        )
    except ValidationError as error:
        row.refuse(why(error))


class Story:
    """A story as text, and the places of its tokens."""

    def __init__(self, setup: Mapping[str, Any]) -> None:
        self.tokens: list[str] = setup["sourceMaterial"]["QuALITYSourceMaterial"]["contents"]
        self.text = tokens.text(self.tokens)
        self._ends = tokens.ends(self.tokens)

    def quote(self, start: int, end: int) -> Quote | None:
        """The tokens from `start` to before `end` as a quote of the passage; `None` where there are none."""
        if not 0 <= start < end <= len(self.tokens):
            return None
        first = self._ends[start - 1] if start else 0
        first += self.text[first] == " "
        last = self._ends[end - 1]
        return Quote(text=self.text[first:last], status="exact", source="passage", span=(first, last))


def _moments(whole: Mapping[str, Any], held: Mapping[str, str]) -> Iterator[Moment]:
    """What happened before the judge decided, in order; what was judged later from the record is no part of it."""
    story = Story(whole["setup"])
    rounds = [next(iter(one.items())) for one in whole["rounds"]]
    last = max((n for n, (kind, _) in enumerate(rounds) if kind == "JudgeFeedback"), default=-1)
    for n, (kind, said) in enumerate(rounds):
        if kind in ("SimultaneousSpeeches", "SequentialSpeeches"):
            speeches = [_speech(place, one, story, held) for place, one in sorted(said["speeches"].items())]
            yield from [tuple(speeches)] if kind == "SimultaneousSpeeches" else [(speech,) for speech in speeches]
        elif kind == "JudgeFeedback" and n < last:
            remark, _ = _words(said["feedback"]["content"], story)
            t = said["feedback"]["timestamp"] / MILLISECONDS
            yield _stated(said["distribution"], "", t)
            if remark:
                yield (Speech(JUDGE.name, remark, t),)


def _speech(place: str, said: Mapping[str, Any], story: Story, held: Mapping[str, str]) -> Speech:
    words, found = _words(said["content"], story)
    return Speech(_seat(int(place), held), words, said["timestamp"] / MILLISECONDS, found)


def _words(content: list[Mapping[str, Any]], story: Story) -> tuple[str, tuple[Quote, ...]]:
    """The words of a speech, and its quotes: spans of the story's tokens, which stand there however short they are."""
    parts, found = [], []
    for part in content:
        kind, value = next(iter(part.items()))
        if kind == "Text":
            parts.append(value["text"])
        elif quote := story.quote(*value["span"]):
            parts.append(f"<quote>{quote.text}</quote>")
            found.append(quote)
    return "".join(parts).strip(), tuple(found)


def _final(row: Row, found: Mapping[str, Any], whole: Mapping[str, Any] | None) -> Stated:
    reason, t = "", row.get("status.Complete.result.timestamp") / MILLISECONDS
    decisions = [one["JudgeFeedback"] for one in whole["rounds"] if "JudgeFeedback" in one] if whole else []
    if whole and decisions:
        reason, _ = _words(decisions[-1]["feedback"]["content"], Story(whole["setup"]))
    return _stated(found["finalJudgement"], reason, t)


def _stated(distribution: list[float], reason: str, t: float) -> Stated:
    """A belief as the judge gave it. One of exactly one half decides for neither answer."""
    first, second = distribution
    choice = None if first == second else int(second > first)
    return Stated((first, second), choice, (0, 1), reason, t)
