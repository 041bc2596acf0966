"""`arena run`: play an experiment, show how far it is, and print what came out."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from arena.cli.exits import DONE, INTERRUPTED, SOME_FAILED, STOPPED
from arena.cli.spending import spending

if TYPE_CHECKING:
    from arena.plan import Experiment, Plan
    from arena.progress import Finished
    from arena.report import Report


@click.command(short_help="Play protocols on questions, and report what the judge got right.")
@click.argument("file", required=False, metavar="[EXPERIMENT.toml]", type=click.Path(path_type=Path))
@click.option(
    "--protocol", metavar="NAME", multiple=True, help="What to play; repeatable; also NAME?rounds=1.  [debate]"
)
@click.option("--dataset", metavar="NAME|PATH", help="Questions: a name, or a JSONL or CSV file.  [casefiles]")
@click.option("--filter", metavar="CONDITIONS", help="Only records such as words<=30,Category=Law|Health.")
@click.option("--limit", metavar="N|all", help="How many questions.  [100]")
@click.option("--seed", metavar="N", help="What chance draws from.  [0]")
@click.option("--set", metavar="KEY=VALUE", multiple=True, help="A setting of every protocol that has it; repeatable.")
@click.option("--debater", metavar="SPEC", help="The model of debaters, consultants and workers.  [simulated]")
@click.option("--judge", metavar="SPEC", help="The model of judges and overseers.  [simulated]")
@click.option("--seat", metavar="NAME=SPEC", multiple=True, help="The model of one seat or role; repeatable.")
@click.option("--no-baselines", "baselines", flag_value=False, default=None, help="Leave out naive and expert.")
@spending
@click.option("--repeats", metavar="N", help="How often each episode is played.  [1]")
@click.option("--belief", metavar="HOW", help="How judges state beliefs: verbalised or tokens.  [verbalised]")
@click.option("--shadow-judge", is_flag=True, default=None, help="Ask the judge after each round, unheard by anybody.")
@click.option("--train", metavar="N", help="Questions kept apart for protocols that learn.  [8]")
@click.option("--prompts", metavar="DIR", help="Prompts in place of a protocol's own: DIR/<protocol>/<cue>.md.")
@click.option("--out", metavar="DIR", help="The folder of the run.  [transcripts/<date>-<protocol>]")
@click.option("--reuse", metavar="RUN", multiple=True, help="Take replies that this run paid for; repeatable.")
@click.option("--resume", metavar="RUN", help="Go on with a run that was stopped.")
@click.option("--watch", is_flag=True, help="Open the screen over it; it plays on in a process of its own.")
@click.option("--pace", is_flag=True, help="Simulated models speak at a human speed: for watching.")
@click.option("--stream", is_flag=True, help="Tell words as they arrive, for whoever watches; --watch does so too.")
@click.option("--dry-run", is_flag=True, help="Say what would be played and what it would take; write nothing.")
@click.option("--reproducible", is_flag=True, default=None, help="Leave out clock and machine: the same bytes again.")
def run(**given: Any) -> int:
    """Play protocols on questions, log every call, and report what the judge got right.

    Without arguments: debate against its baselines on 100 casefiles between simulated models, offline and free. An
    experiment file holds the same options as keys (protocol = ["debate"], limit = 50, set = { rounds = 2 }); options
    on the command line go before it.
    """
    from arena.cli.desk import unwatched
    from arena.cli.money import UNCALLED, agreed, rehearsed
    from arena.cli.words import say
    from arena.plan import resolve
    from arena.reaching import reach

    folder, experiment = _asked(given)
    plan = resolve(experiment)
    _remind(str(plan.experiment.dataset))
    if given["dry_run"]:
        return _dry_run(plan)
    if given["watch"]:
        unwatched(plan)
    reach(plan.models.values())
    plan, bills = rehearsed(plan, folder)
    if not agreed(plan.models.values(), bills, plan.experiment.budget, yes=given["yes"]):
        say(UNCALLED)
        return DONE
    if given["watch"]:
        from arena.cli.watch import NO_TERMINAL, on_a_terminal, played

        if on_a_terminal():
            return played([*sys.argv[1:], "--yes"], folder, resuming=given["resume"] is not None)
        say(NO_TERMINAL)
    return _play(plan, folder, pace=given["pace"], stream=given["stream"])


def _remind(dataset: str) -> None:
    from arena.cli.words import say
    from arena.plan import secret

    if secret(dataset):
        say(f"{dataset} is not for publication: share no log or transcript of this run")


def _asked(given: dict[str, Any]) -> tuple[Path, Experiment]:
    """The folder to play in, and what to play there."""
    from arena.cli import asked, runs

    options = {key: value for key, value in given.items() if value not in (None, ()) and key not in _NOT_KEYS}
    for key in asked.PAIRS:
        if key in options:
            options[key] = asked.pairs(key, options[key])
    if given["resume"] is not None:
        for key in ("file", "out"):
            if given[key] is not None:
                options[key] = given[key]
        folder = runs.find(given["resume"])
        return folder, asked.resumed(folder, options)
    experiment = asked.experiment(given["file"], options)
    out = given["out"]
    return (runs.named(out) if out else runs.new(experiment.protocol[0].partition("?")[0])), experiment


_NOT_KEYS = ("file", "out", "resume", "dry_run", "watch", "pace", "yes", "stream")


def _dry_run(plan: Plan) -> int:
    from arena.cli.dry import told
    from arena.estimate import estimate

    plan.read()
    click.echo(told(plan, estimate(plan)))
    return DONE


def _play(plan: Plan, folder: Path, *, pace: bool = False, stream: bool = False) -> int:
    from arena import live
    from arena.cli.desk import Notes, beside_people, often, people, seated
    from arena.cli.dry import playing
    from arena.cli.progress import shown
    from arena.cli.words import say
    from arena.errors import DataError, Stopped
    from arena.runner import play

    go_on = _resume(plan, folder)
    if pace:
        from arena.models.pace import paced

        plan = replace(plan, models={spec: paced(model) for spec, model in plan.models.items()})
    sitting = people(plan.models.values())
    if sitting:
        plan = beside_people(plan)
    try:
        if sitting:
            for words in often(plan):
                say(words)
            notes = Notes(plan, folder)
            finished = seated(
                sitting, lambda: play(plan, folder, notes.tell, stream=stream), notes, lambda: live.ask(folder, "stop")
            )
        else:
            with shown(playing(plan, folder)) as tell:
                finished = play(plan, folder, tell, stream=stream)
    except (Stopped, KeyboardInterrupt) as why:
        if (folder / "run.json").exists():
            say(f"stopped{f': {why}' if str(why) else ''}; nothing is lost. Go on with: {go_on}")
        return STOPPED if isinstance(why, Stopped) else INTERRUPTED
    except DataError:
        _mend(plan, folder, go_on)
        raise
    if plan.experiment.reuse:
        say(_reused(finished))
    for notice in finished.notices:
        say(notice)
    if finished.stopped is not None:
        return _stopped(finished, finished.stopped, go_on)
    return _done(finished)


def _mend(plan: Plan, folder: Path, go_on: str) -> None:
    """Say what became of a run that began before a broken record was found."""
    from arena.cli.words import say

    if not plan.whole and (folder / "run.json").exists():
        say(f"what was played before this is kept; mend the data, then go on with: {go_on}")


def _resume(plan: Plan, folder: Path) -> str:
    """The command that goes on with a run. A budget is one sitting's, so it has to be given again."""
    from arena.cli.runs import short
    from arena.cli.words import command

    budget = plan.experiment.budget
    return command("run", "--resume", short(folder), *(["--budget", f"{budget:g}"] if budget else []))


def _reused(finished: Finished) -> str:
    """How many replies were taken from other runs, and what they had cost."""
    from arena.dollars import money

    number, saved = finished.progress.reused, finished.progress.saved
    if not number:
        return "reused no reply: no request of this run, to the same model, is in the runs that --reuse names"
    replies = f"{number:,} repl{'y' if number == 1 else 'ies'} of earlier runs"
    return f"reused {replies}" + (f": {money(saved)} USD not spent again" if saved else "")


def _stopped(finished: Finished, why: str, go_on: str) -> int:
    from arena import runner
    from arena.cli.progress import batches
    from arena.cli.words import count, say

    progress, by_signal = finished.progress, why == runner.INTERRUPTED
    if not by_signal:
        say(why)
    if progress.batches:
        left = f"{batches(progress)} of {count(progress.batched, 'call')}"
        say(f"at the provider: {left}, which go on there. Going on with the run fetches what they hold.")
    done = f"stopped after {progress.done:,} of {count(progress.total, 'episode')}; nothing is lost."
    say(f"{done} Go on with: {go_on}")
    return INTERRUPTED if by_signal else STOPPED


def _done(finished: Finished) -> int:
    """Print the report and what to look at next."""
    from arena.cli.words import colour, say, width
    from arena.report import build, to_text

    report = build(finished.run)
    click.echo(to_text(report, width(), colour=colour()))
    click.echo(_next(finished.run))
    if failures := _failures(report):
        say(failures)
        if example := _example(finished.run):
            say(example)
        return SOME_FAILED
    return DONE


def _next(folder: Path) -> str:
    from arena.cli.runs import short
    from arena.cli.words import columns, command

    name = short(folder)
    commands = [
        (command("replay", name, "1", "--plain"), "read an episode"),
        (command("report", name, "--json"), "for programs"),
        (command("list", "protocols"), "what else there is"),
    ]
    return f"Transcripts: {folder}\n\nNext:\n{columns(commands, '  ')}"


def _failures(report: Report) -> str | None:
    """How many episodes failed and how many verdicts are missing, and of what; `None` where none did."""
    from collections import Counter

    from arena.cli.words import count, tally

    failed: Counter[str] = Counter()
    missing: Counter[str] = Counter()
    for arm in report.arms:
        failed.update(arm.failed)
        missing.update(arm.missing.by_outcome)
    if not missing:
        return None
    episodes = f"{count(failed.total(), 'episode')} failed" + (f" ({tally(failed)})" if failed else "")
    verdicts = f"{count(missing.total(), 'verdict')} missing ({tally(missing)})"
    return f"{episodes}, {verdicts}: the report counts them apart"


def _example(run: Path) -> str:
    """The first failure of a run in its own words, and how to read the episode; empty where only verdicts failed."""
    from arena import log
    from arena.cli.runs import short
    from arena.cli.words import command
    from arena.events import Failed, parse

    first = next((parse(line) for line in log.scan(run, "Failed")), None)
    if not isinstance(first, Failed):
        return ""
    return f"the first: {first.reason[:REASON]}\nread it: {command('replay', short(run), first.episode)}"


REASON = 200
"""How much of the reason of a failure is shown."""
