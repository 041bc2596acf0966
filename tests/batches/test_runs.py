"""Whole runs in batches, against the fake provider: what its own bill says was bought."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import replace

import pytest

from arena import log
from arena.errors import UsageError
from arena.estimate import estimate
from arena.events import Called, Lost, Scored, parse
from arena.fake.options import Options
from arena.fake.server import in_a_thread as served
from arena.models.book import NAME
from arena.plan import Experiment, resolve
from arena.progress import Progress
from arena.runner import play

CLAUDE, GPT = "anthropic/fake-claude-haiku-4-5@{root}", "openai/fake-gpt-6-luna@{root}/v1"


def bill(root):
    with urllib.request.urlopen(root) as answer:  # noqa: S310  # a server of our own
        return json.load(answer)


def experiment(root, **more):
    asked = {
        "protocol": ("debate?rounds=2",),
        "limit": 4,
        "debater": CLAUDE.format(root=root),
        "judge": GPT.format(root=root),
        "baselines": False,
        "batch": True,
    }
    return Experiment(**(asked | more))


def of(run, kind):
    return [event for line in log.scan(run, kind.__name__) if isinstance(event := parse(line), kind)]


def made(run):
    """The sizes of the batches that were made, in their order."""
    lines = [json.loads(line) for line in (run / NAME).read_text().splitlines()]
    sizes = {line["intent"]: len(line["keys"]) for line in lines if "keys" in line}
    return [sizes[line["intent"]] for line in lines if "id" in line]


def test_a_debate_of_two_rounds_is_three_waves_whatever_the_number_of_questions(tmp_path):
    waves = []
    with served(Options(batch_seconds=0)) as fake:
        plan = resolve(experiment(fake.root))
        finished = play(plan, tmp_path / "run", lambda progress: waves.append(progress.wave))
        sold = bill(fake.root)
    assert finished.stopped is None
    assert max(waves) == 3
    assert made(finished.run) == [8, 8, 8]
    assert (sold["calls"], sold["batched"]) == (0, 24)
    assert {row.outcome for row in of(finished.run, Scored)} == {"ok"}


PROTOCOLS = {
    "debate": ("debate?rounds=2", "naive", "expert"),
    "in turn": ("debate?rounds=2&turns=sequential",),
    "consultancy": ("consultancy?rounds=2",),
    "nothing but the judge": ("naive",),
}


@pytest.mark.parametrize("protocol", PROTOCOLS.values(), ids=PROTOCOLS)
@pytest.mark.parametrize("debater", [None, CLAUDE], ids=["simulated debaters", "all of them real"])
def test_how_many_waves_a_run_takes_is_known_before(tmp_path, protocol, debater):
    waves = []
    with served(Options(batch_seconds=0)) as fake:
        asked = experiment(fake.root, protocol=protocol, limit=3, debater=debater and debater.format(root=fake.root))
        plan = resolve(asked)
        plan = replace(plan, waves=estimate(plan, most=2).waves)
        play(plan, tmp_path / "run", lambda progress: waves.append((progress.wave, progress.waves)))
    assert max(waves) == (plan.waves, plan.waves)


def test_a_run_that_learns_takes_the_waves_of_its_teachers_too(tmp_path):
    """Fewer where what a teacher bought serves its pupil."""
    waves = []
    with served(Options(batch_seconds=0)) as fake:
        asked = experiment(fake.root, protocol=("amplification?iterations=2&distil=true",), limit=2, train=2)
        asked = asked.model_copy(update={"dataset": "casefiles?hops=4", "debater": None})
        plan = resolve(asked)
        waves_planned = estimate(plan).waves
        play(plan, tmp_path / "run", lambda progress: waves.append(progress.wave))
    assert 2 < max(waves) <= waves_planned <= max(waves) + 1


def test_a_run_that_is_gone_on_with_does_not_say_how_many_waves_are_left(tmp_path):
    seen = []
    with served(Options(batch_seconds=0)) as fake:
        plan = replace(resolve(experiment(fake.root, protocol=("naive",), limit=2)), waves=1)
        run = play(plan, tmp_path / "run").run
        (events,) = run.glob("events*.jsonl")
        events.write_bytes(b"".join(events.read_bytes().splitlines(keepends=True)[:-4]))
        play(plan, run, lambda progress: seen.append(progress.waves))
    assert set(seen) == {0}


def test_calls_in_batches_cost_what_the_server_bills_for_them(tmp_path):
    rates = "{ input = 1, output = 5, cache_write = 1, cache_read = 1 }"
    with served(Options(batch_seconds=0)) as fake, pytest.MonkeyPatch.context() as patch:
        own = tmp_path / "own.toml"
        own.write_text(f'[[list]]\nbatch = 0.5\n[list.models]\n"fake-claude-haiku-4-5" = {rates}\n')
        patch.setenv("ARENA_PRICES", str(own))
        spec = CLAUDE.format(root=fake.root)
        finished = play(resolve(experiment(fake.root, protocol=("naive",), judge=spec)), tmp_path / "run")
        sold = bill(fake.root)["sold"]
    calls = of(finished.run, Called)
    assert [call.cost for call in calls] == pytest.approx(
        [0.5 * (call.usage.input + 5 * call.usage.output) / 1e6 for call in calls]
    )
    assert sum(call.usage.input + call.usage.output for call in calls) == sold["input"] + sold["output"]


def test_calls_that_fail_or_expire_in_a_batch_go_with_the_next_wave_until_all_is_done(tmp_path):
    with served(Options(batch_seconds=0, batch_errors=0.1, batch_expiry=0.1)) as fake:
        finished = play(resolve(experiment(fake.root, protocol=("naive",), limit=10)), tmp_path / "run")
        sold = bill(fake.root)
    calls = of(finished.run, Called)
    assert finished.stopped is None
    assert sold["batched"] == len({call.key for call in calls}) == len(calls)


EITHER = pytest.mark.parametrize("judge", [CLAUDE, GPT], ids=["anthropic", "openai"])


def whole(finished, sold):
    """That a run is complete, and each of its calls was bought once."""
    calls = of(finished.run, Called)
    assert finished.stopped is None
    assert {row.outcome for row in of(finished.run, Scored)} == {"ok"}
    assert sold["batched"] == len({call.key for call in calls}) == len(calls)


@EITHER
def test_calls_of_which_no_result_comes_go_with_the_next_wave(tmp_path, judge):
    with served(Options(batch_seconds=0, batch_missing=0.3)) as fake:
        asked = experiment(fake.root, protocol=("naive",), limit=6, judge=judge.format(root=fake.root))
        whole(play(resolve(asked), tmp_path / "run"), bill(fake.root))
    assert len(made(tmp_path / "run")) > 1


@EITHER
def test_a_batch_whose_making_was_not_answered_is_not_bought_again(tmp_path, judge):
    with served(Options(batch_seconds=0, batch_lost=1)) as fake:
        asked = experiment(fake.root, protocol=("naive",), limit=6, judge=judge.format(root=fake.root))
        whole(play(resolve(asked), tmp_path / "run"), bill(fake.root))
    assert made(tmp_path / "run") == [12]


@EITHER
def test_a_batch_whose_id_died_with_its_process_is_found_at_the_vendor(tmp_path, judge):
    """The run is left as a process leaves it that dies between handing in a batch and writing down its id."""
    with served(Options(batch_seconds=0)) as fake:
        plan = resolve(experiment(fake.root, protocol=("naive",), limit=6, judge=judge.format(root=fake.root)))
        first, run = play(plan, tmp_path / "first").run, tmp_path / "run"
        run.mkdir()
        (run / "run.json").write_bytes((first / "run.json").read_bytes())
        (run / NAME).write_bytes((first / NAME).read_bytes().partition(b"\n")[0] + b"\n")
        whole(play(plan, run), bill(fake.root))
    assert made(run) == [12]


@pytest.mark.parametrize("field", ["prompt_cache_key", "max_tokens"])
def test_a_form_that_a_server_refuses_is_learnt_in_one_wave(tmp_path, field):
    with served(Options(batch_seconds=0, refuses=frozenset({field}))) as fake:
        asked = experiment(fake.root, protocol=("expert",), limit=6, judge=GPT.format(root=fake.root))
        finished = play(resolve(asked), tmp_path / "run")
        whole(finished, bill(fake.root))
    assert made(finished.run) == [12, 12]
    assert not of(finished.run, Lost)


@pytest.mark.parametrize("judge, field", [(GPT, "response_format"), (CLAUDE, "output_config")])
def test_a_server_that_takes_no_schema_is_asked_for_tags_in_the_next_wave(tmp_path, judge, field):
    with served(Options(batch_seconds=0, refuses=frozenset({field}))) as fake:
        asked = experiment(fake.root, protocol=("naive",), limit=6, judge=judge.format(root=fake.root))
        finished = play(resolve(asked), tmp_path / "run")
        whole(finished, bill(fake.root))
    assert made(finished.run) == [12, 12]
    assert [notice.count("takes no schema") for notice in finished.notices] == [1]


def test_a_setting_that_a_server_refuses_stops_the_run_with_one_message(tmp_path):
    with served(Options(batch_seconds=0, refuses=frozenset({"temperature"}))) as fake:
        spec = f"{GPT.format(root=fake.root)}?temperature=0.5"
        asked = experiment(fake.root, protocol=("naive",), limit=6, judge=spec)
        finished = play(resolve(asked), tmp_path / "run")
        sold = bill(fake.root)
    assert "temperature" in finished.stopped
    assert finished.stopped.count("HTTP 400") == 1
    assert sold["batched"] == 0


def cancelling(fake, judge):
    """What cancels the first batch at half its time when progress first tells of it; later ones take no time."""
    first, kind = (MESSAGES, "msgbatch_") if judge == CLAUDE else (BATCHES, "batch_")
    left = [f"{fake.root}{first}/{kind}{1:012x}/cancel"]

    def tell(progress):
        if progress.batches and left:
            fake.desk.clock = lambda: time.monotonic() + 1800
            urllib.request.urlopen(left.pop(), data=b"").close()  # noqa: S310  # a server of our own
            fake.desk.options = replace(fake.desk.options, batch_seconds=0)

    return tell


MESSAGES, BATCHES = "/v1/messages/batches", "/v1/batches"


@EITHER
def test_what_a_cancelled_batch_left_undone_is_sent_anew(tmp_path, judge):
    """Somebody cancels the first batch at the vendor, when half of it is done."""
    with served(Options(batch_seconds=3600)) as fake:
        asked = experiment(fake.root, protocol=("naive",), limit=6, judge=judge.format(root=fake.root))
        finished = play(resolve(asked), tmp_path / "run", cancelling(fake, judge))
        whole(finished, bill(fake.root))
    assert made(finished.run)[0] == 12
    assert len(made(finished.run)) > 1


def test_simulated_models_in_the_same_run_are_called_as_ever(tmp_path):
    with served(Options(batch_seconds=0)) as fake:
        plan = resolve(experiment(fake.root, debater=None))
        finished = play(plan, tmp_path / "run")
        sold = bill(fake.root)
    assert finished.stopped is None
    assert made(finished.run) == [8]
    assert sold["batched"] == 8


def test_a_run_of_simulated_models_has_nothing_to_send_in_batches(tmp_path):
    with pytest.raises(UsageError, match="nothing to send in batches"):
        play(resolve(Experiment(limit=2, batch=True)), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_server_that_takes_no_batches_is_refused_before_anything_is_written(tmp_path):
    from tests.models.server import in_a_thread as scripted
    from tests.models.server import told

    with scripted(lambda asked: told({"detail": "Not Found"}, 404)) as server:
        spec = f"openai/x@{server.url}"
        plan = resolve(Experiment(protocol=("naive",), limit=2, baselines=False, judge=spec, batch=True))
        with pytest.raises(UsageError, match="takes no batches"):
            play(plan, tmp_path / "run")
    assert not (tmp_path / "run").exists()


# A process that ends while its batch is under way


def started(run, root):
    """Begin a run in another process, whose batches take longer than it lives; returns it when one is in the book."""
    words = ["run", "--batch", "--yes", "--protocol", "naive", "--no-baselines", "--limit", "4", "--out", str(run)]
    command = [sys.executable, "-m", "arena", *words, "--judge", GPT.format(root=root)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    while not (run / NAME).exists() or b'{"id"' not in (run / NAME).read_bytes():
        assert process.poll() is None, process.communicate()
    return process


@pytest.mark.parametrize("number, code", [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_batch_outlives_its_process_and_is_fetched_and_not_bought_again(tmp_path, number, code):
    run = tmp_path / "run"
    with served(Options(batch_seconds=2)) as fake:
        process = started(run, fake.root)
        os.kill(process.pid, number)
        _, said = process.communicate()
        assert process.returncode == code
        assert ("at the provider: 1 batch of 8 calls, which go on there" in said) == (number == signal.SIGINT)
        assert not of(run, Called)
        again = [sys.executable, "-m", "arena", "run", "--resume", str(run), "--yes"]
        done = subprocess.run(again, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        sold = bill(fake.root)
    assert sold["batched"] == 8
    assert made(run) == [8]
    assert {row.outcome for row in of(run, Scored)} == {"ok"}
    assert len({call.key for call in of(run, Called)}) == 8


def test_how_far_a_run_in_batches_is():
    from arena.cli.progress import waving

    assert waving(Progress(total=9)) == ""
    assert waving(Progress(total=9, wave=2, batches=1, batched=1)) == "wave 2: 1 batch of 1 call"
    assert waving(Progress(total=9, wave=2, batches=3, batched=1200)) == "wave 2: 3 batches of 1,200 calls"
    assert waving(Progress(total=9, wave=2)) == "wave 2 is over"
    assert waving(Progress(total=9, wave=2, waves=4, batches=1, batched=8)) == "wave 2 of 4: 1 batch of 8 calls"
    assert waving(Progress(total=9, wave=5, waves=4)) == "wave 5 (4 were planned) is over"
