"""Getting a published set from its authors' address into the cache, where its loader finds it.

Of some files nobody here knows the checksum: what comes first is trusted and noted in the set's folder, and what comes
or lies there later is held against that.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from arena.datasets import unpack
from arena.datasets.download import BROKEN, Sum, allowed, download, summed, why
from arena.datasets.places import cache
from arena.errors import UsageError, unknown

NOTES = ".fetched"
"""What was noted of a set, as JSON; the name is none that a set is looked for under."""

THERE = "there already"

ELSEWHERE = {
    "casefiles": "it is generated: arena data make casefiles --out FILE",
    "gpqa": "its authors ask that it not be passed on in plain text; get your own copy from github.com/idavidrein/gpqa",
    "hub": "the library `datasets` fetches what it is asked for: --dataset 'hub?path=owner/name'",
    "quality_debates": "it is joined from two repositories, which its docstring names, and lies nowhere as it is read",
}
"""Why a set cannot be fetched, and what would work."""


@dataclass(frozen=True)
class File:
    """One file of a set. `path` is where it lies in the set's folder; `unpack` is a pattern of members to take.

    `since` says when a checksum that nobody knew before was noted here.
    """

    path: str
    url: str
    size: int | None = None
    sha256: str | None = None
    unpack: str = ""
    since: str = ""


@dataclass(frozen=True)
class Source:
    """Where a set comes from, and under what licence."""

    name: str
    licence: str
    files: Sequence[File]


def source(name: str, mirror: str | None = None) -> Source:
    """Where a set is fetched from; `mirror` is an address that stands in for its authors'. Raises `UsageError`."""
    known = tomllib.loads((files("arena.datasets") / "sources.toml").read_text(encoding="utf-8"))
    if name in ELSEWHERE:
        raise UsageError(f"{name} cannot be fetched: {ELSEWHERE[name]}")
    if name not in known:
        raise unknown("dataset to fetch", name, known)
    found = [File(**file) for file in known[name]["files"]]
    if mirror:
        found = [replace(one, url=f"{mirror.rstrip('/')}/{one.path}") for one in found]
    for one in found:
        allowed(one.url)
    return Source(name, known[name]["licence"], found)


def noted(wanted: Source, folder: Path | None = None) -> Source:
    """The same, with the checksums that were noted when its files were first fetched, where none are known."""
    notes = _notes(folder or cache() / wanted.name)
    return replace(wanted, files=[_noted(file, notes.get(file.path)) for file in wanted.files])


def _noted(file: File, note: Any) -> File:
    if file.sha256 is not None or not isinstance(note, dict):
        return file
    return replace(file, size=note.get("size"), sha256=note.get("sha256"), since=str(note.get("fetched", "")))


def fetch(wanted: Source, folder: Path | None = None) -> Iterator[tuple[File, str]]:
    """Fetch the files that are not there yet, each with its checksum as it came; raises `UsageError`.

    A file appears under its name only once it is whole and has the size and checksum that are known or noted of it.
    """
    place = folder or cache() / wanted.name
    for file in noted(wanted, place).files:
        try:
            yield file, _fetched(file, place)
        except BROKEN as error:
            raise UsageError(_unreached(file, place / file.path, error)) from None
        except (OSError, *unpack.BROKEN) as error:
            raise UsageError(f"{file.url} cannot be kept at {place / file.path}: {error}") from None


def _fetched(file: File, place: Path) -> str:
    target = place / file.path
    if target.exists() and _there(file, target, place):
        return THERE
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        came = download(file.url, part, Sum(file.size, file.sha256))
    except UsageError as why_not:
        raise UsageError(f"{why_not}{_since(file, place)}") from None
    members: list[Path] = []
    try:
        if file.unpack:
            members = unpack.unpack(part, file.unpack, place, file.url)
        part.rename(target)
    finally:
        part.unlink(missing_ok=True)
    _note(file, place, came, members)
    return str(came.sha256)


def _there(file: File, target: Path, place: Path) -> bool:
    """Whether a file that lies there is the one that is wanted, and so are those that came out of it."""
    if file.sha256 is None:
        _note(file, place, summed(target), [])
        return True
    if summed(target).sha256 != file.sha256:
        if not file.since:
            return False
        raise UsageError(
            f"{target} is not the file that was fetched on {file.since}. Somebody changed it, or it is damaged: delete "
            "it to fetch it again"
        )
    members: Mapping[str, str] = _notes(place).get(file.path, {}).get("members", {})
    return all((place / name).is_file() and summed(place / name).sha256 == sha for name, sha in members.items())


def _since(file: File, place: Path) -> str:
    if not file.since:
        return ""
    return f". It was another when it was first fetched, on {file.since}; to trust the new one, delete {place / NOTES}"


def _notes(place: Path) -> dict[str, Any]:
    path = place / NOTES
    if not path.is_file():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Delete it to trust what is fetched next") from None
    return found if isinstance(found, dict) else {}


def _note(file: File, place: Path, came: Sum, members: Sequence[Path]) -> None:
    day = datetime.now(UTC).date().isoformat()
    known = {path.relative_to(place).as_posix(): summed(path).sha256 for path in members}
    made: dict[str, Any] = {"url": file.url, "size": came.size, "sha256": came.sha256, "fetched": day}
    if known:
        made["members"] = known
    part = place / f"{NOTES}.part"
    part.write_text(json.dumps({**_notes(place), file.path: made}, indent=1) + "\n", encoding="utf-8")
    part.replace(place / NOTES)


def _unreached(file: File, target: Path, error: Exception) -> str:
    return (
        f"{file.url} cannot be reached: {why(error)}. Where there is no network, get the file elsewhere and put it at "
        f"{target}, or give the address of a mirror with --from"
    )
