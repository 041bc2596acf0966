"""What every verb that calls models has in common: bounds, a range in dollars, a question, batches."""

import json
import urllib.request
from pathlib import Path

import pytest

from arena import log
from arena.events import Called, Scored, parse
from arena.fake.options import Options
from arena.fake.server import in_a_thread as served

CLAUDE = "anthropic/fake-claude-haiku-4-5@{root}"
PASSAGE = (
    "The ship left on a Monday with Doctor Adams aboard. It came back after the storm with Captain Brown alone. "
    "Nobody asked what Mister Clark had seen there."
)
VERBS = {
    "run": ("run", "--protocol", "naive", "--no-baselines", "--limit", "2", "--judge"),
    "rejudge": ("rejudge", "one", "--judge"),
    "ablate": ("ablate", "one", "--factor"),
    "data write": ("data", "write", "--from", "story.txt", "--count", "2", "--out", "q.jsonl", "--filter"),
    "data check": ("data", "check", "casefiles", "--limit", "2", "--judge"),
}
EACH = pytest.mark.parametrize("verb", VERBS)


@pytest.fixture(scope="module")
def fake():
    """A server whose batches take no time."""
    with served(Options(batch_seconds=0)) as fake:
        yield fake


@pytest.fixture
def typed(place, one_run, monkeypatch):
    """The words of a verb that asks a model."""
    (place / "story.txt").write_text(PASSAGE)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-nothing")
    monkeypatch.delenv("ANTHROPIC_BASE_URL", raising=False)
    monkeypatch.setenv("HOME", str(place))

    def words(verb, spec):
        return (*VERBS[verb], f"judge.model={spec}" if verb == "ablate" else spec)

    return words


def bill(fake):
    with urllib.request.urlopen(fake.root) as answer:  # noqa: S310  # a server of our own
        return json.load(answer)


def of(run, kind):
    return [event for line in log.scan(run, kind.__name__) if isinstance(event := parse(line), kind)]


@EACH
def test_it_is_not_spent_where_nobody_can_be_asked(arena, typed, unchanged, verb):
    """The real vendor is named, and never called."""
    with unchanged:
        done = arena(*typed(verb, "anthropic/claude-haiku-4-5"))
    assert done.exit_code == 2
    assert "anthropic/claude-haiku-4-5" in done.stderr
    assert " to " in done.stderr.partition("USD")[2]
    assert "Add --yes to spend it" in done.stderr


@EACH
def test_a_budget_without_room_for_one_call_is_refused(arena, typed, unchanged, verb):
    with unchanged:
        done = arena(*typed(verb, "anthropic/claude-haiku-4-5"), "--budget", "0.0000001")
    assert done.exit_code == 2
    assert "no room for a single call" in done.stderr


@EACH
def test_an_unknown_price_is_said_to_be_unknown(arena, typed, unchanged, verb):
    with unchanged:
        done = arena(*typed(verb, "anthropic/nobody-knows"))
    assert "unknown" in done.stderr
    assert done.exit_code == 2


@EACH
@pytest.mark.parametrize(
    "option", [("--budget", "-1"), ("--rpm", "0"), ("--tpm", "some"), ("--connections", "0"), ("--concurrency", "x")]
)
def test_a_bound_that_cannot_be_is_refused(arena, typed, unchanged, verb, option):
    with unchanged:
        done = arena(*typed(verb, "sim/judge"), *option)
    assert done.exit_code == 2
    assert option[0].strip("-") in done.stderr


@EACH
def test_simulated_models_cost_nothing_and_nobody_is_asked(arena, typed, verb):
    spec = "sim/writer" if verb == "data write" else "sim/judge?noise=0.3"
    done = arena(*typed(verb, spec))
    assert "USD" not in done.stderr
    assert done.exit_code in (0, 1)


@EACH
def test_it_goes_in_batches(arena, typed, verb, fake):
    before = bill(fake)
    done = arena(*typed(verb, CLAUDE.format(root=fake.root)), "--batch", "--rpm", "5000", "--connections", "7")
    assert done.exit_code in (0, 1), done.stderr
    after = bill(fake)
    assert after["calls"] == before["calls"]
    assert after["batched"] > before["batched"]
    assert "wave 1 of " in done.stderr


def test_a_model_that_takes_no_batches_is_refused_by_each(arena, typed, unchanged):
    for verb in VERBS:
        with unchanged:
            done = arena(*typed(verb, "sim/judge" if verb != "data write" else "sim/writer"), "--batch")
        assert done.exit_code == 2, verb
        assert "nothing to send in batches" in done.stderr


# What is left to pay


def test_a_rejudge_of_what_is_logged_is_free_and_nobody_is_asked(arena, typed, fake):
    spec = CLAUDE.format(root=fake.root)
    arena("rejudge", "one", "--judge", spec, "--out", "transcripts/two")
    before = bill(fake)["calls"]
    done = arena("rejudge", "two", "--judge", spec, "--out", "transcripts/three")
    assert done.exit_code == 0, done.stderr
    assert "USD" not in done.stderr
    assert bill(fake)["calls"] == before


def test_the_range_of_a_rejudge_holds_what_it_then_costs(arena, typed, fake):
    before = bill(fake)["sold"]["cost"]
    done = arena("rejudge", "one", "--judge", CLAUDE.format(root=fake.root), "--out", "transcripts/two")
    low, _, high = next(line for line in done.stderr.splitlines() if line.startswith("anthropic/")).split()[-3:]
    paid = bill(fake)["sold"]["cost"] - before
    assert 0 < paid < float(high)
    assert paid == pytest.approx(float(low), rel=0.4)
    calls = next(line for line in done.stderr.splitlines() if line.startswith("anthropic/")).split()[1]
    assert int(calls) == len(of(Path("transcripts/two"), Called))


# A budget in batches


def test_a_budget_ends_a_run_in_batches_and_more_money_goes_on_with_it(arena, typed, fake):
    run = Path("transcripts/b")
    start = bill(fake)
    words = ("run", "--protocol", "naive", "--no-baselines", "--limit", "12", "--batch")
    done = arena(*words, "--judge", CLAUDE.format(root=fake.root), "--budget", "0.006", "--out", str(run))
    assert done.exit_code == 3
    assert "has no room for the next call" in done.stderr
    assert "Go on with: " in done.stderr
    assert "--budget 0.006" in done.stderr
    spent = bill(fake)["sold"]["cost"] - start["sold"]["cost"]
    assert 0 < spent <= 0.006
    bought = len(of(run, Called))
    assert 0 < bought < 24
    done = arena("run", "--resume", "b", "--budget", "1")
    assert done.exit_code in (0, 1), done.stderr
    assert bill(fake)["batched"] - start["batched"] == len(of(run, Called)) == 24
    assert {score.outcome for score in of(run, Scored)} == {"ok"}
