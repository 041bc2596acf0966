"""What a run is asked to be: options over an experiment file over the defaults, or an unfinished run's own words."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from arena import log, plugins
from arena.cli import runs
from arena.cli.words import say
from arena.errors import DataError, UsageError, unknown
from arena.models.book import NAME as BATCHES
from arena.plan import Experiment, filtered

PAIRS = ("set", "seat")
"""The keys that hold a table of names and values."""

RESUMABLE = ("budget", "concurrency", "rpm", "tpm", "connections", "batch", "reuse")
"""What may change from one sitting of a run to the next: nothing that a result depends on."""


def experiment(file: Path | None, options: Mapping[str, Any]) -> Experiment:
    """The experiment of a file, the options that were given put over it. Raises `UsageError` for what cannot be."""
    asked = _read(file) if file else {}
    for key, value in options.items():
        asked[key] = {**asked.get(key, {}), **value} if key in PAIRS else value
    if conditions := asked.pop("filter", None):
        if not asked.get("dataset"):
            raise UsageError("--filter chooses among the records of a dataset; name one with --dataset")
        asked["dataset"] = filtered(asked["dataset"], conditions)
    if asked.get("limit") == "all":
        asked["limit"] = None
    return _found(plugins.build(Experiment, _by_name(asked), str(file) if file else "a run"))


def _by_name(asked: dict[str, Any]) -> dict[str, Any]:
    """The same with whoever types for a person without a name."""

    def named(spec: Any) -> Any:
        return f"human/{runs.user()}" if spec == "human" else spec

    seats = {"seat": {seat: named(spec) for seat, spec in asked["seat"].items()}} if "seat" in asked else {}
    return asked | {key: named(asked[key]) for key in ("debater", "judge") if key in asked} | seats


def resumed(run: Path, options: Mapping[str, Any]) -> Experiment:
    """The experiment that an unfinished run began with; only budget and concurrency may be given anew."""
    if others := [name for name in options if name not in RESUMABLE]:
        raise UsageError(
            f"--resume goes on with a run as it began: {_option(others[0])} cannot be given with it, only --budget and "
            "--concurrency. To change anything else, begin a new run."
        )
    header = log.header(run)
    begun = header.get("experiment")
    if "parent" in header:
        raise UsageError(
            f"{run} was told from the transcripts of another run. To go on with it, give the same `arena rejudge` or "
            f"`arena ablate` once more, with --out {run}."
        )
    if not isinstance(begun, dict):
        raise DataError(f"{run / 'run.json'} does not say what the run was asked to be, so it cannot be resumed")
    batch = (run / BATCHES).exists()  # what was sent in batches is fetched, and not bought again
    asked = {**begun, "reuse": lenders(header), "batch": batch, **options}
    return _found(plugins.build(Experiment, asked, str(run / "run.json")))


def lenders(header: Mapping[str, Any]) -> list[str]:
    """The runs that a run was begun with the replies of; one that is gone is said to be, and left out."""
    told = header.get("reuse")
    named = [str(source["run"]) for source in told] if isinstance(told, list) else []
    gone = [name for name in named if not (Path(name) / "run.json").exists()]
    if gone:
        say(f"{', '.join(gone)}: not there any more, so its replies are not at hand. --reuse says where it lies now")
    return [name for name in named if name not in gone]


def _found(asked: Experiment) -> Experiment:
    """The experiment with the folders of the runs that it names."""
    return asked.model_copy(update={"reuse": tuple(runs.find(str(name)) for name in asked.reuse)})


def pairs(option: str, given: Sequence[str]) -> dict[str, str]:
    """`key=value` words as a mapping; raises `UsageError` for one that is not of that form."""
    for word in given:
        key, equals, _ = word.partition("=")
        if not (key and equals):
            raise UsageError(
                f"--{option} {word!r} has not the form key=value. Write it as in --{option} {_EXAMPLE[option]}"
            )
    return {key: value for key, _, value in (word.partition("=") for word in given)}


_EXAMPLE = {"set": "rounds=2", "seat": "judge=sim/judge?noise=0.5"}


def _option(name: str) -> str:
    return "--no-baselines" if name == "baselines" else "an experiment file" if name == "file" else f"--{name}"


def _read(file: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        hint = "" if file.suffix else f" To play a protocol: arena run --protocol {file}"
        raise DataError(f"there is no experiment file {str(file)!r}.{hint}") from None
    except OSError as why:
        raise DataError(f"the experiment file {file} cannot be read: {why.strerror}") from why
    except ValueError as why:
        raise DataError(f"{file} is not TOML: {why}") from why
    for key in found:
        if key not in Experiment.model_fields:
            raise unknown(f"key of an experiment ({file})", key, Experiment.model_fields)
    if isinstance(found.get("protocol"), str):
        found["protocol"] = [found["protocol"]]
    for key in PAIRS:
        if key in found:
            found[key] = _texts(found[key], f"{file}: {key}")
    return found


def _texts(table: Any, where: str) -> dict[str, str]:
    """A table with its values as they would be typed on the command line."""
    if not isinstance(table, dict):
        raise DataError(f"{where} must be a table of names and values, such as {{ rounds = 2 }}")
    for key, value in table.items():
        if isinstance(value, dict | list):
            raise DataError(f"{where}.{key} must be a text, a number, or true or false")
    return {key: str(value) for key, value in table.items()}
