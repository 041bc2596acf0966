"""Transcripts in the format of llm_debate (Khan et al. 2024), with whatever verdicts lie beside them.

A transcript is a JSON object: a question, its `answers` by `correct` and `incorrect`, `rounds` with what each side and
a questioner (`judge` or `cross_examiner`) said, and `swap`, which is true where the right answer stood second. Read are

    FILE.json, FILE.jsonl   one transcript, a list of them, or one a line
    FILE.csv                a table with a `transcript` column: rollouts, the judgements of a model (`answer_judge`), or
                            the released judgements of people (`confidence_correct`)
    FOLDER                  all of these in it; the two orders of one transcript become two verdicts of one episode

    Khan, Hughes, Valentine, Ruis, Sachan, Radhakrishnan, Grefenstette, Bowman, Rocktäschel & Perez 2024, Debating with
    More Persuasive LLMs Leads to More Truthful Answers, arXiv:2402.06782
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

from arena.datasets.base import item
from arena.datasets.rows import Row, rows
from arena.errors import DataError
from arena.events import Quote
from arena.published.record import Source, hashed
from arena.published.rooms import JUDGE, Room, Speech, Stated
from arena.question import Item

CITATION = "Khan et al. 2024, Debating with More Persuasive LLMs Leads to More Truthful Answers, arXiv:2402.06782"
LICENCE = "that of the files given; llm_debate itself is MIT"
SUFFIXES = (".csv", ".json", ".jsonl")
SIDES = ("correct", "incorrect")
ASKS = ("judge", "cross_examiner")

_THEIRS = re.compile(r"<(/?)(?:[vu]_)?quote>")
_TAGGED = re.compile(r"<([vu])_quote>(.*?)</\1_quote>", re.DOTALL)
_ANSWER = re.compile(r"^(?:final )?answer:\s*<?\(?([AB])\b", re.MULTILINE | re.IGNORECASE)
_CONFIDENCE = re.compile(r"confidence correct:\s*([01](?:\.\d+)?)\s*$", re.IGNORECASE)


def read(path: Path) -> tuple[list[Room], Source]:
    """The transcripts of a file or a folder; raises `DataError` for what is not of their form."""
    files = sorted(one for one in path.rglob("*") if one.suffix in SUFFIXES) if path.is_dir() else [path]
    rooms: dict[tuple[str, str], Room] = {}
    for file in files:
        judge = file.parent.name if "judgement" in file.stem else "unknown"
        for row in _transcripts(file):
            room, mark = _room(row, judge)
            rooms[mark] = _joined(rooms[mark], room) if mark in rooms else room
    used = [room for room in rooms.values() if room.final]
    if not used and rooms:
        raise DataError(
            f"{path} has {len(rooms)} transcripts and no verdict on any: give the folder with judgements too"
        )
    return _numbered(_named(used)), Source("khan", CITATION, LICENCE, hashed(files))


def _transcripts(file: Path) -> Iterator[Row]:
    """The rows of a file that hold a transcript; a table without the column holds none."""
    if file.suffix == ".json":
        yield from _whole(file)
        return
    for row in rows(file):
        if file.suffix == ".csv" and "transcript" not in row.fields:
            return
        yield row


def _whole(file: Path) -> Iterator[Row]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file} cannot be read as JSON: {error}") from None
    found = _parsed(text, str(file))
    for number, one in enumerate(found if isinstance(found, list) else [found], 1):
        where = f"{file}, record {number}"
        if isinstance(one, dict) and isinstance(one.get("transcript"), str):  # a cache of steps: its last one counts
            one = _parsed(one["transcript"], where)  # noqa: PLW2901
        if not isinstance(one, dict):
            raise DataError(f"{where}: a transcript is a JSON object")
        yield Row(where, number, one, file.stem)


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{where} cannot be read as JSON: {error}") from None


def _room(row: Row, judge: str) -> tuple[Room, tuple[str, str]]:
    """A transcript with its verdict, and what is equal of transcripts that differ in the order shown only."""
    try:
        told = row.fields if "rounds" in row.fields else _parsed(row.text("transcript"), row.where)
        return _read(row, told, judge)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise DataError(f"{row.where}: no transcript of llm_debate: {type(fault).__name__}: {fault}") from None


def _read(row: Row, told: Mapping[str, Any], judge: str) -> tuple[Room, tuple[str, str]]:
    found = _item(row, told)
    question, key = found
    options = {"correct": key.option, "incorrect": 1 - key.option}
    present = [side for side in SIDES if any(one.get(side) for one in told["rounds"])]
    seats = dict(zip(present, ("alice", "bob") if len(present) > 1 else ("consultant",), strict=False))
    moments = tuple(moment for one in told["rounds"] for moment in _moments(one, seats, bool(question.passage)))
    arm = "debate" if len(present) > 1 else "consultancy" if present else "naive"
    verdict = _verdict(row, told, key.option)
    judge = "human" if "judge_id" in row.fields else judge
    room = Room(
        arm=arm,
        question=question,
        key=key,
        sides={seats[side]: options[side] for side in present},
        models={seat: _debater(row) for seat in seats.values()} | {JUDGE.name: judge},
        moments=moments,
        final=(verdict,) if verdict else (),
        dealing=options[present[0]] if len(present) == 1 else 0,
        turns=len(told["rounds"]),
        source=str(row.fields.get("debate_id", row.where)),
    )
    words = json.dumps([told["question"], told["rounds"]], sort_keys=True)
    return room, (hashlib.blake2b(words.encode(), digest_size=16).hexdigest(), f"{judge} {_who(row)}")


def _item(row: Row, told: Mapping[str, Any]) -> Item:
    """The question, its answers in an order drawn from its id: which of them is right says nothing."""
    story = str(told.get("question_set_id") or told.get("story_title") or "")
    digest = hashlib.blake2b(f"{story} {told['question']}".encode(), digest_size=4).hexdigest()
    return item(
        id=f"{story or 'question'}-{digest}",
        text=str(told["question"]),
        right=str(told["answers"]["correct"]),
        wrong=str(told["answers"]["incorrect"]),
        seed=0,
        passage=told.get("story") or None,
        group=str(told.get("story_title") or story or digest),
        dataset="khan",
        where=row.where,
    )


def _moments(one: Mapping[str, Any], seats: Mapping[str, str], passage: bool) -> Iterator[tuple[Speech, ...]]:
    asked = [
        Speech(JUDGE.name, _public(one[who])) for who in ASKS if isinstance(one.get(who), str) and one[who].strip()
    ]
    yield from ((speech,) for speech in asked)
    speeches = [_speech(seat, one[side], passage) for side, seat in seats.items() if one.get(side)]
    if one.get("type") == "seq":
        yield from ((speech,) for speech in speeches)
    elif speeches:
        yield tuple(speeches)


def _speech(seat: str, said: Any, passage: bool) -> Speech:
    """A speech. Where the passage is not there to check a quote against, what llm_debate found of it stands."""
    text = said if isinstance(said, str) else str(said["argument"])
    if passage:
        return Speech(seat, _public(text))
    status = {"v": "normalised", "u": "absent"}
    found = tuple(Quote.model_validate({"text": quote, "status": status[tag]}) for tag, quote in _TAGGED.findall(text))
    return Speech(seat, _public(text), quotes=found)


def _public(text: str) -> str:
    """The speech with quotes in the arena's own marks."""
    return _THEIRS.sub(r"<\1quote>", text).strip()


def _verdict(row: Row, told: Mapping[str, Any], key: int) -> Stated | None:
    """What the judge of a row decided; `None` where the row holds no judgement."""
    swapped = str(told.get("swap", False)).lower() == "true" or "_swap_judgement" in row.stem
    order = (1 - key, key) if swapped else (key, 1 - key)
    if (stated := row.fields.get("confidence_correct")) not in (None, ""):
        return _believed(float(stated), order, key, str(row.fields.get("explanation") or ""))
    answer = row.fields.get("answer_judge")
    if not isinstance(answer, str):
        return None
    if found := _CONFIDENCE.search(answer):
        return _believed(float(found[1]), order, key, answer)
    letters = _ANSWER.findall(answer) or re.findall(r"^\(?([AB])\)?$", answer.strip())
    if not letters:
        return Stated(None, None, order, answer, outcome="unparsed")
    choice = order["AB".index(letters[-1].upper())]
    return Stated(None, choice, order, answer)


def _believed(p: float, order: tuple[int, ...], key: int, why: str) -> Stated:
    belief = (p, 1 - p) if key == 0 else (1 - p, p)
    choice = None if belief[0] == belief[1] else int(belief[1] > belief[0])
    return Stated(belief, choice, order, why)


def _debater(row: Row) -> str:
    return str(row.fields.get("debater_config") or "unknown")


def _who(row: Row) -> str:
    """Whose judgement a row holds: two people who judged one transcript are two episodes."""
    return str(row.fields.get("judge_id", ""))


def _joined(known: Room, more: Room) -> Room:
    """One transcript that was judged in both orders; of an order that comes twice the first verdict counts."""
    orders = {one.order for one in known.final}
    return replace(known, final=(*known.final, *(one for one in more.final if one.order not in orders)))


def _named(rooms: list[Room]) -> list[Room]:
    """Where several models judged, each has arms of its own."""
    if len({room.models[JUDGE.name] for room in rooms}) == 1:
        return rooms
    return [replace(room, arm=f"{room.arm} ({room.models[JUDGE.name]})") for room in rooms]


def _numbered(rooms: list[Room]) -> list[Room]:
    seen: Counter[tuple[str, str, int]] = Counter()
    numbered = []
    for room in rooms:
        place = (room.arm, room.question.id, room.dealing)
        numbered.append(replace(room, repeat=seen[place]))
        seen[place] += 1
    return numbered
