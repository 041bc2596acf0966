"""`arena judge`: a person judges the stored transcripts of a run, blind, round by round."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from arena.cli.exits import DONE, INTERRUPTED

if TYPE_CHECKING:
    from arena.counterfactual import Counterfactual
    from arena.exposure import Exposure
    from arena.schedule import Job


@click.command(short_help="Judge the debates of a run yourself: blind, round by round.")
@click.argument("run", required=False, metavar="[RUN]")
@click.option("--name", metavar="NAME", help="Under which name your verdicts are kept.  [$USER]")
@click.option("--arm", metavar="ARM", multiple=True, help="Only transcripts of this arm; repeatable.")
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="How many to judge, in all.  [every question]")
@click.option("--feedback", is_flag=True, help="Be told the right answer after each verdict.")
@click.option("--at-once", is_flag=True, help="Show each transcript whole, and ask for one belief only.")
@click.option("--out", metavar="DIR", help="The folder of the verdicts.  [<run>-<name>]")
def judge(run: str | None, name: str | None, **given: object) -> int:
    """Judge stored transcripts as the judge of the run did, on the very words that it was given.

    You are told neither the arm, nor the models, nor the truth. Each round is shown after you have said how likely
    each answer is. No question comes up that you have judged before, or whose answer you were told. Stop with ctrl+q
    whenever you like: the same command goes on at the same round. Your verdicts are a run of their own, which
    `arena report` puts beside the first.

    RUN is a folder, the name of a run under transcripts/, or a beginning of its name; the last that was played if none
    is named.
    """
    from arena.cli import runs
    from arena.cli.watch import on_a_terminal
    from arena.counterfactual import Twist, stage
    from arena.errors import UsageError
    from arena.exposure import Exposure
    from arena.models.human import open_model

    if not on_a_terminal():
        raise UsageError("judge needs a terminal, and this is none. A model judges without one: arena rejudge RUN.")
    folder = runs.find(run) if run is not None else runs.last_played()
    person = name or runs.user()
    spec = open_model(person, {}).spec
    out = Path(str(given["out"])) if given["out"] else folder.with_name(f"{folder.name}-{person}")
    twist, stepwise = Twist(judge=spec, orders="forward"), not given["at_once"]
    staged = stage(folder, [twist], arms=_arms(given["arm"]) or argued(folder), concurrency=1, shadow_judge=stepwise)
    chosen = drawn(staged, Exposure(runs.HOME, person), _limit(given["limit"]), out)
    return _judged(chosen, out, _again(run, folder), feedback=bool(given["feedback"]))


def _arms(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()


def _limit(given: object) -> int | None:
    return given if isinstance(given, int) else None


def argued(run: Path) -> tuple[str, ...]:
    """The arms in which somebody else than the judge has a seat: a baseline is judged only where it is named."""
    from arena import log
    from arena.errors import UsageError
    from arena.events import Scored

    arms = [arm for arm in log.header(run).get("arms") or () if isinstance(arm, dict)]
    played = {event.arm for event in log.of_kind(run, "Scored") if isinstance(event, Scored)}
    found = tuple(str(arm["name"]) for arm in arms if arm.get("name") in played and len(arm.get("seats") or ()) > 1)
    if not found:
        raise UsageError("nobody argues in this run; name an arm with --arm to judge it all the same")
    return found


def drawn(staged: Counterfactual, known: Exposure, limit: int | None, out: Path) -> Counterfactual:
    """One transcript of each question that the person may judge, `limit` in all, in an order that stays the same.

    Those that were judged in `out` are among them, and the one that was begun there.
    """
    from arena.errors import UsageError

    jobs = list(dealt([job for wave in staged.staged.waves for job in wave.jobs], out.name))
    done, begun = _episodes(out, "Scored"), _episodes(out, "Opened")
    mine = [job for job in jobs if job.id in begun or not known.knows(*_place(job), going_on=out.name)]
    chosen = mine[:limit]
    if all(job.id in done for job in chosen):
        raise UsageError(_nothing_left(len(chosen), len(mine), out))
    return staged.only(chosen)


def dealt(jobs: Sequence[Job], name: str) -> Iterator[Job]:
    """One transcript of each question, drawn from a name: the questions in any order, the arms in balance.

    In every stretch of as many questions as there are arms each arm comes up once, in an order of its own.
    """
    import random

    chance = random.Random(name)  # noqa: S311  # an order, and no secret
    by_place: dict[tuple[str, str], dict[str, list[Job]]] = {}
    for job in jobs:
        by_place.setdefault(_place(job), {}).setdefault(job.arm.name, []).append(job)
    arms, left = sorted({job.arm.name for job in jobs}), list[str]()
    for place in chance.sample(sorted(by_place), len(by_place)):
        left = left or chance.sample(arms, len(arms))
        arm = next((arm for arm in left if arm in by_place[place]), min(by_place[place]))
        left = [other for other in left if other != arm]
        yield chance.choice(sorted(by_place[place][arm], key=lambda job: job.id))


def _place(job: Job) -> tuple[str, str]:
    return job.item.question.dataset, job.item.question.id


def _nothing_left(judged: int, allowed: int, out: Path) -> str:
    from arena.cli.runs import short
    from arena.cli.words import count

    if judged < allowed:
        return f"{count(judged, 'transcript')} are judged in {short(out)}, and --limit asks for no more. Raise it."
    seen = f" {count(judged, 'transcript')} are judged in {short(out)}." if judged else ""
    return f"no question is left that you have neither judged nor been told the answer of.{seen}"


def _episodes(out: Path, kind: str) -> set[str]:
    from arena import log

    return {event.episode for event in log.of_kind(out, kind)} if out.is_dir() else set()


def _judged(staged: Counterfactual, out: Path, again: str, *, feedback: bool) -> int:
    """Open the screen, play, and say what came of it, and that `again` is how to go on."""
    from arena import live
    from arena.cli.desk import Notes, people, seated
    from arena.cli.runs import short
    from arena.cli.words import command, count, say
    from arena.errors import Stopped

    notes = Notes(staged.plan, out, thing="transcript", feedback=feedback)
    found = people(staged.plan.models.values())
    try:
        finished = seated(found, lambda: staged.play(out, notes.tell), notes, lambda: live.ask(out, "stop"))
        stopped = finished.stopped is not None
    except Stopped:
        stopped = True
    if judged := len(_episodes(out, "Scored")):
        numbers = command("report", short(staged.parent.run), short(out))
        say(f"{count(judged, 'transcript')} judged. The numbers: {numbers}")
    if stopped:
        say(f"nothing is lost; go on with: {again}")
    return INTERRUPTED if stopped else DONE


def _again(typed: str | None, run: Path) -> str:
    """The command as it was typed, with its run where none was `typed`: another one may be the last by then."""
    from arena.cli.runs import short
    from arena.cli.words import command

    return command("judge", *([] if typed else [short(run)]), *sys.argv[2:])
