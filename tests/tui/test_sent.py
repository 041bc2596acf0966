"""The prompt of a turn as it was sent is the one that the call's hash is of, for every protocol that ships."""

import pytest

from arena import log
from arena.outline import page
from arena.plan import Experiment, resolve
from arena.runner import play
from arena.tui import sent


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One question played under every protocol."""
    folder = tmp_path_factory.mktemp("played") / "run"
    protocols = ("debate", "consultancy?interactive=true", "amplification?iteration=2")
    play(resolve(Experiment(protocol=protocols, limit=1, reproducible=True)), folder)
    return folder


def episodes(run):
    names = {event.episode for event in log.of_kind(run, "Opened")}
    return [page(log.episode(run, name)) for name in sorted(names)]


def test_every_turn_is_rendered_again_to_the_letter(run):
    head = log.header(run)
    steps = [(read, step) for read in episodes(run) for step in read.steps]
    assert len(steps) > 30
    for read, step in steps:
        made = sent.request(read, step, head)
        assert made is not None
        assert sent.proven(made, read.calls[step.at][0], head, read.arm), (step.episode, step.at)


def test_a_prompt_that_is_not_the_one_that_was_sent_is_not_called_so(run):
    head = log.header(run)
    read = next(read for read in episodes(run) if read.arm == "debate")
    made = sent.request(read, read.steps[0], head)
    assert not sent.proven(made, read.calls[read.steps[1].at][0], head, read.arm)


@pytest.mark.parametrize(
    "head", [{}, {"arms": 3}, {"arms": [{"name": "debate"}]}, {"arms": [{"name": "debate", "prompts": []}]}]
)
def test_a_header_that_does_not_hold_the_prompts_gives_none(run, head):
    read = next(read for read in episodes(run) if read.arm == "debate")
    assert sent.request(read, read.steps[0], head) is None
    assert sent.models(head, "debate") == {}


def test_the_header_says_who_sat_where(run):
    assert sent.models(log.header(run), "debate")["judge"] == "sim/judge"
