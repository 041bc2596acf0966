"""`arena fake-provider`: what it says, serves, and refuses."""

import json
import re
import shlex
import signal
import subprocess
import sys
from contextlib import closing, contextmanager
from http.client import HTTPConnection

import pytest

ARENA = (sys.executable, "-m", "arena")


@contextmanager
def serving(*options):
    """The command in a process of its own; gives it, and the lines with which it begins."""
    command = [*ARENA, "fake-provider", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process, [process.stdout.readline() for _ in range(5)]
        finally:
            process.kill()


def told_by(host):
    """The bill that is told at an address."""
    with closing(HTTPConnection(host)) as connection:
        connection.request("GET", "/")
        return json.load(connection.getresponse())


def test_the_line_that_it_prints_is_a_run_against_it_and_its_bill_is_that_runs(place):
    with serving() as (process, lines):
        typed = shlex.split(lines[4])
        done = subprocess.run([*typed[:-1], "2", "--out", "run"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert "simulated models" in done.stdout
        bill = told_by(re.search(r"http://([\d.:]+)/", lines[1])[1])
        process.send_signal(signal.SIGINT)
        last = process.stdout.read()
        assert process.wait() == 0
    report = [*ARENA, "report", "run", "--json"]
    told = json.loads(subprocess.run(report, capture_output=True, text=True, check=True).stdout)
    assert told["simulated"] is True
    cost = [arm["cost"] for arm in told["arms"]]
    assert sum(arm["calls"] for arm in cost) == bill["sold"]["replies"] == bill["calls"] > 10
    for name in ("input", "output", "cache_read", "cache_write"):
        assert sum(arm["tokens"][name] for arm in cost) == bill["sold"][name] > 0
    assert sum(arm["usd"] for arm in cost) == pytest.approx(bill["sold"]["cost"])
    assert f"{bill['calls']} calls" in last
    assert "fake-gpt-6-luna" in last


@pytest.mark.parametrize(
    "options, said",
    [
        (["--batch-lost", "2"], "--batch-lost has the rate '2'"),
        (["--batch-missing", "some"], "--batch-missing has the rate 'some'"),
        (["--fault", "mood=0.1"], "no fault is called 'mood'"),
        (["--fault", "429=2"], "write a share of all calls from 0 to 1"),
        (["--fault", "429=0.7", "--fault", "hang=0.7"], "add up to 1.4"),
        (["--latency", "soon"], "'soon' is no latency"),
        (["--latency", "2..1"], "is no latency"),
        (["--rpm", "0"], "'0' is no limit"),
        (["--tpm", "many"], "'many' is no limit"),
        (["--limits", "leaky"], "no choice of --limits is called 'leaky'"),
        (["--tells", "lies"], "no choice of --tells is called 'lies'"),
        (["--say", "song"], "no choice of --say is called 'song'"),
        (["--batch-errors", "x"], "--batch-errors has the rate 'x'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(arena, options, said):
    done = arena("fake-provider", *options)
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
