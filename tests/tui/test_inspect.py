"""What is behind a turn: the prompt as it was sent, held against the hash that the call left."""

import asyncio

import pytest
from textual.widgets import Static

from arena import log
from arena.outline import page
from arena.plan import Experiment, resolve
from arena.runner import play
from arena.tui.screens.inspect import InspectScreen

from .conftest import debate, opened, settled


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One question played twice as a debate with token beliefs, and once under other protocols."""
    folder = tmp_path_factory.mktemp("played") / "run"
    protocols = ("debate", "consultancy?interactive=true", "amplification?iteration=2")
    play(resolve(Experiment(protocol=protocols, limit=1, repeats=2, reproducible=True)), folder)
    return folder


def episodes(run):
    names = {event.episode for event in log.of_kind(run, "Opened")}
    return [page(log.episode(run, name)) for name in sorted(names)]


def prompts(run, turns, header=None, tab="#prompt"):
    """What the tab says of the prompt of each of these (page, turn); or another tab."""

    async def look():
        app, told = opened(run), []
        async with app.run_test(size=(120, 40)) as pilot:
            await settled(pilot)
            for read, said in turns:
                await app.push_screen(InspectScreen(read, said, log.header(run) if header is None else header))
                await settled(pilot)
                told.append(str(app.screen.query_one(tab, Static).content))
                app.pop_screen()
        return told

    return asyncio.run(look())


def test_the_prompt_of_every_kind_of_turn_is_the_one_that_was_sent(run):
    turns = {(read.arm, said.seat, said.cue, said.order): (read, said) for read in episodes(run) for said in read.steps}
    assert len(turns) > 10
    for (_, said), text in zip(turns.values(), prompts(run, turns.values()), strict=True):
        assert text.startswith("as sent"), (said.episode, said.at)


def test_the_second_time_that_a_question_is_played_is_proven_too(run):
    again = next(read for read in episodes(run) if read.scored.repeat == 1)
    (text,) = prompts(run, [(again, again.steps[0])])
    assert text.startswith("as sent")


def test_a_prompt_that_is_not_the_one_that_was_sent_is_not_called_so(run):
    read = next(read for read in episodes(run) if read.arm == "debate")
    other = read.steps[0].model_copy(update={"cue": read.steps[0].cue, "fields": read.steps[2].fields})
    (text,) = prompts(run, [(read, other)])
    assert text.startswith("rendered again from the log")


def test_what_a_verdict_was_asked_for_is_shown_with_its_prompt(run):
    read = next(read for read in episodes(run) if read.arm == "debate")
    (text,) = prompts(run, [(read, read.verdicts[0])])
    assert "── system" in text
    assert "── user" in text


@pytest.mark.parametrize(
    "head", [{}, {"arms": 3}, {"arms": [{"name": "debate"}]}, {"arms": [{"name": "debate", "prompts": []}]}]
)
def test_a_header_that_does_not_hold_the_prompts_says_so(tmp_path, run, head):
    read = next(read for read in episodes(run) if read.arm == "debate")
    (text,) = prompts(run, [(read, read.steps[0])], head)
    assert "does not hold the prompts" in text


def test_a_turn_of_which_the_log_holds_no_call_is_still_shown(run):
    read = page([event for event in debate("q1", 0, 0).events if event.type != "Called"])
    (text,) = prompts(run, [(read, read.steps[0])], {})
    assert "does not hold" in text


def test_a_call_says_how_often_it_was_tried_where_that_was_more_than_once(run):
    events = debate("q1", 0, 0).events
    tries = [event.model_copy(update={"tries": 3}) if event.type == "Called" else event for event in events]
    turns = [(read, read.steps[0]) for read in map(page, (events, tries))]
    once, thrice = prompts(run, turns, tab="#numbers")
    assert "tries" not in once
    assert "finished by stop, 3 tries" in thrice
