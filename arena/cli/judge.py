"""`arena judge`: a person judges the stored transcripts of a run, blind, round by round."""

from __future__ import annotations

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
@click.option("--limit", metavar="N", type=click.IntRange(min=1), help="How many to judge.")
@click.option("--feedback", is_flag=True, help="Be told the right answer after each verdict.")
@click.option("--at-once", is_flag=True, help="Show each transcript whole, and ask for one belief only.")
@click.option("--out", metavar="DIR", help="The folder of the verdicts.  [<run>-<name>]")
def judge(run: str | None, name: str | None, **given: object) -> int:
    """Judge stored transcripts as the judge of the run did, on the very words that it was given.

    You are not told the arm, the models or the truth. Each round is shown after you have said how likely each answer
    is. No question comes up that you have judged before, or whose answer you have seen. Stop with ctrl+q whenever you
    like; the same command goes on. Your verdicts are a run of their own, which `arena report` puts beside the first.

    RUN is a folder, the name of a run under transcripts/, or a beginning of its name; the last one if none is named.
    """
    from arena.cli import runs
    from arena.cli.watch import on_a_terminal
    from arena.counterfactual import Twist, stage
    from arena.errors import UsageError
    from arena.exposure import Exposure

    if not on_a_terminal():
        raise UsageError("judge needs a terminal, and this is none. A model judges without one: arena rejudge RUN.")
    folder = runs.find(run) if run is not None else runs.last()
    spec = f"human/{name or _user()}"
    person = spec.partition("/")[2]
    out = Path(str(given["out"])) if given["out"] else folder.with_name(f"{folder.name}-{person}")
    known = Exposure(runs.HOME, person)
    staged = stage(folder, [Twist(judge=spec, orders="forward")], arms=_arms(given["arm"]), concurrency=1)
    staged = staged if given["arm"] else argued(staged)
    chosen = drawn(staged, known, _limit(given["limit"]), out)
    return _judged(chosen, known, out, feedback=bool(given["feedback"]), stepwise=not given["at_once"])


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody"


def _arms(given: object) -> tuple[str, ...]:
    return given if isinstance(given, tuple) else ()


def _limit(given: object) -> int | None:
    return given if isinstance(given, int) else None


def argued(staged: Counterfactual) -> Counterfactual:
    """Only transcripts in which somebody else than the judge has a seat: a baseline is asked for by its name."""
    from arena.errors import UsageError

    jobs = [job for wave in staged.staged.waves for job in wave.jobs if job.retold and len(job.retold.seats) > 1]
    if not jobs:
        raise UsageError("nobody argues in this run; name an arm with --arm to judge it all the same")
    return staged.only(jobs)


def drawn(staged: Counterfactual, known: Exposure, limit: int | None, out: Path) -> Counterfactual:
    """One transcript of each question that the person may judge, in an order drawn from their name.

    Which arm a question comes from is drawn, so that arms are balanced and cannot be guessed. Those that were begun
    in `out` are among them.
    """
    import random

    from arena.cli.runs import finished
    from arena.errors import UsageError

    jobs = [job for wave in staged.staged.waves for job in wave.jobs]
    random.Random(f"{out.name}").shuffle(jobs)  # noqa: S311  # an order, and no secret
    done = _done(out)
    mine: dict[tuple[str, str], Job] = {}
    for job in jobs:
        place = (job.item.question.dataset, job.item.question.id)
        if job.id in done or (place not in mine and not known.knows(*place)):
            mine.setdefault(place, job)
    chosen = [job for job in jobs if mine.get((job.item.question.dataset, job.item.question.id)) is job]
    if limit is not None:
        chosen = [job for job in chosen if job.id in done] + [job for job in chosen if job.id not in done][:limit]
    if not [job for job in chosen if job.id not in done]:
        seen = f" {finished(out)} are judged in {out}." if done else ""
        raise UsageError(f"no question is left that you have neither judged nor seen the answer of.{seen}")
    return staged.only(chosen)


def _done(out: Path) -> set[str]:
    from arena import log

    return {event.episode for event in log.of_kind(out, "Scored")} if out.is_dir() else set()


def _judged(staged: Counterfactual, known: Exposure, out: Path, *, feedback: bool, stepwise: bool) -> int:
    """Open the screen, play, and say what came of it."""
    from arena.cli.desk import people, seated
    from arena.cli.runs import short
    from arena.cli.words import command, count, say
    from arena.errors import Stopped

    notes = _Notes(known, out, staged, feedback=feedback)
    found = people(staged.plan.models.values())
    try:
        finished = seated(found, lambda: staged.play(out, notes.tell), stepwise=stepwise, feedback=notes.news)
        stopped = finished.stopped is not None
    except Stopped:
        stopped = True
    numbers = command("report", short(staged.parent.run), short(out))
    say(f"{count(notes.judged, 'transcript')} judged. The numbers: {numbers}")
    if stopped:
        name = found[0].spec.partition("/")[2]
        say(f"go on with: {command('judge', short(staged.parent.run), '--name', name)}")
    return INTERRUPTED if stopped else DONE


class _Notes:
    """Keeps what the person has judged and seen, as the episodes end."""

    def __init__(self, known: Exposure, out: Path, staged: Counterfactual, *, feedback: bool) -> None:
        self._known, self._out, self._feedback = known, out, feedback
        self._questions = {item.question.id: item for item in staged.plan.test}
        self._seen = _done(out)
        self._news: str | None = None
        self.judged = 0

    def tell(self, _: object) -> None:
        """An episode may have ended."""
        from arena import log
        from arena.events import Scored

        for event in log.of_kind(self._out, "Scored"):
            if isinstance(event, Scored) and event.episode not in self._seen:
                self._seen.add(event.episode)
                self.judged += 1
                self._known.note(
                    event.dataset, event.question, "answer" if self._feedback else "judged", self._out.name
                )
                self._news = self._told(event.question) if self._feedback else None

    def _told(self, question: str) -> str:
        item = self._questions[question]
        return f"The right answer was: {item.question.options[item.key.option]}"

    def news(self) -> str | None:
        """The truth about the last question, once."""
        said, self._news = self._news, None
        return said
