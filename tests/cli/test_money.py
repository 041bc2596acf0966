"""What a run with paid models may cost: a range that is said before it begins, and a question."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.bill import CACHED_FROM, Charge, Charged, check_room, together
from arena.cli import money
from arena.errors import UsageError
from arena.estimate import estimate
from arena.events import Usage
from arena.models.base import Message, Reply, Request
from arena.models.prices import Rates
from arena.plan import Experiment, resolve
from arena.steps import Steps

PRICED = "openai/gpt-6-luna"
UNPRICED = "openai/nobody-knows"
RATES = Rates(input=2, output=10, cache_read=0.5, cache_write=2.5, batch=0.5)


@pytest.fixture
def keyed(monkeypatch, place):
    """A key, so that real models can be opened; nothing is sent to any."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-nothing")
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    monkeypatch.setenv("HOME", str(place))


class Real:
    """A paid model that is never called."""

    spec, simulated, account = "openai/x", False, "openai"

    def __init__(self, rates=RATES):
        self.rates = rates

    def most(self, request):
        return 1000

    def worst_cost(self, request, *, batch=False):
        return None if self.rates is None else 4.5 if batch else 9.0


class Standing:
    """Says as much as it is told to, and counts four characters a token."""

    spec, simulated = "sim/standing", True

    async def __call__(self, request):
        size = len(request.preface) + len(request.system) + sum(len(message.text) for message in request.messages)
        return Reply("So.", usage=Usage(input=size // 4, output=100))


def charged(*requests, rates=RATES, batch=False):
    charges, steps = [], Steps()
    model = Charged(Standing(), Real(rates), batch, charges, steps)

    async def all_of_them():
        for one in requests:
            await model(one)

    steps.run(all_of_them())
    return charges


def talk(*texts, preface="", system=""):
    roles = ("user", "assistant")
    return Request(
        system=system, messages=tuple(Message(roles[i % 2], text) for i, text in enumerate(texts)), preface=preface
    )


LONG = "x" * 4 * 4000
MILLION = 1_000_000


def test_at_its_lowest_a_reply_is_as_long_as_the_rehearsed_one_and_at_its_highest_as_long_as_it_may_be():
    (charge,) = charged(talk(LONG))
    assert charge.low == pytest.approx((4000 * 2 + 100 * 10) / MILLION)
    assert charge.high == pytest.approx((4000 * 2.5 + 1000 * 10) / MILLION)


def test_a_passage_that_an_earlier_request_held_is_read_from_a_cache_at_the_lowest():
    _, second = charged(talk("a", preface=LONG), talk("b", preface=LONG))
    assert second.cached == 4000
    assert second.low == pytest.approx((4000 * 0.5 + 100 * 10) / MILLION)


def test_a_turn_reads_from_a_cache_all_that_its_seat_was_sent_before():
    _, second = charged(talk(LONG, system=LONG), talk(LONG, "so", LONG, system=LONG))
    assert second.cached == 8000


def test_another_passage_is_not_read_from_a_cache():
    _, second = charged(talk("a", preface=LONG), talk("a", preface=f"y{LONG}"))
    assert second.cached == 0


def test_what_is_too_short_for_a_cache_is_not_read_from_one():
    short = "x" * 4 * (CACHED_FROM - 1)
    _, second = charged(talk("a", preface=short), talk("b", preface=short))
    assert second.cached == 0


def test_a_batch_costs_its_share():
    (once,), (batched,) = charged(talk(LONG)), charged(talk(LONG), batch=True)
    assert (batched.low, batched.high) == (pytest.approx(once.low / 2), pytest.approx(once.high / 2))


def test_an_unknown_price_is_unknown_and_not_nought():
    (charge,) = charged(talk(LONG), rates=None)
    assert (charge.low, charge.high, charge.least) == (None, None, None)
    assert money.dollars(charge) == "unknown"


def test_what_a_single_call_may_cost_is_that_of_a_call_in_a_batch_where_it_goes_in_one():
    (once,), (batched,) = charged(talk(LONG)), charged(talk(LONG), batch=True)
    assert (once.least, batched.least) == (9.0, 4.5)


def test_a_batch_at_an_unknown_share_is_unknown():
    (charge,) = charged(talk(LONG), rates=RATES.model_copy(update={"batch": None}), batch=True)
    assert money.dollars(charge) == "unknown"


AMOUNTS = st.floats(0, 1e6)
CHARGES = st.builds(Charge, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, st.none() | AMOUNTS, st.none() | AMOUNTS)


@given(CHARGES, CHARGES)
def test_of_a_sum_everything_is_unknown_that_is_unknown_of_a_part(one, other):
    both = together([{"m": one}, {"m": other}])["m"]
    assert (both.low is None) == (one.low is None or other.low is None)
    assert (both.high is None) == (one.high is None or other.high is None)
    assert both.calls == one.calls + other.calls


def test_nothing_can_cost_anything_where_no_call_has_a_price():
    assert money.free({})
    assert money.free({"m": Charge(5, 1, 1, 1, 0.0, 0.0)})
    assert not money.free({"m": Charge(5, 1, 1, 1, None, None)})
    assert not money.free({"m": Charge(5, 1, 1, 1, 0.0, 0.01)})


def test_a_budget_without_room_for_a_single_call_is_refused():
    bills = {"m": Charge(least=0.5), "n": Charge(least=0.25), "o": Charge(least=None)}
    check_room(bills, 0.25)
    check_room(bills, None)
    check_room({"o": Charge(least=None)}, 0.0001)
    with pytest.raises(UsageError, match=r"no room for a single call: the cheapest may cost 0\.2500"):
        check_room(bills, 0.24)


def test_the_calls_of_paid_seats_are_counted_and_those_of_simulated_ones_are_not(keyed):
    experiment = Experiment(protocol=("debate?rounds=2",), limit=6, judge=PRICED, baselines=False)
    charge = estimate(resolve(experiment), most=2).bills[PRICED]
    assert charge.calls == 6 * 2
    assert 0 < charge.low < charge.high
    assert set(estimate(resolve(experiment), most=2).bills) == {PRICED}


def test_what_is_done_of_a_run_is_not_paid_again(keyed):
    found = estimate(resolve(Experiment(protocol=("naive",), limit=8, judge=PRICED, baselines=False)), most=2)
    left = found.left({"naive": 6})
    assert left.bills[PRICED].calls == pytest.approx(found.bills[PRICED].calls / 4)
    assert left.total.episodes == 2
    assert found.left({"naive": 8}).bills[PRICED].high == 0


RUN = ("run", "--protocol", "naive", "--no-baselines", "--limit", "3", "--judge")


def test_a_dry_run_shows_the_range(arena, keyed, unchanged):
    with unchanged:
        done = arena(*RUN, PRICED, "--dry-run")
    assert done.exit_code == 0
    assert PRICED in done.stdout
    assert " to " in done.stdout.partition("USD")[2]


def test_a_dry_run_says_that_an_unknown_price_is_unknown(arena, keyed):
    done = arena(*RUN, UNPRICED, "--dry-run")
    assert "unknown" in done.stdout


def test_without_a_terminal_a_run_that_may_cost_money_is_refused_with_what_it_would_cost(arena, keyed, unchanged):
    with unchanged:
        done = arena(*RUN, PRICED)
    assert done.exit_code == 2
    assert PRICED in done.stderr
    assert "Add --yes to spend it" in done.stderr


def test_a_budget_without_room_for_one_call_is_refused_before_the_run(arena, keyed, unchanged):
    with unchanged:
        done = arena(*RUN, PRICED, "--budget", "0.0000001")
    assert done.exit_code == 2
    assert "no room for a single call" in done.stderr


def answered(answer, monkeypatch):
    """A terminal on which somebody answers."""
    import io
    import sys

    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Terminal(answer))
    monkeypatch.setattr(sys, "stderr", Terminal())


def of(plan):
    """What is asked before a run."""
    return plan.models.values(), estimate(plan).bills, plan.experiment.budget


@pytest.mark.parametrize("answer, spent", [("y\n", True), ("n\n", False), ("\n", False)])
def test_on_a_terminal_it_is_asked_and_nothing_is_spent_without_a_yes(keyed, place, monkeypatch, answer, spent):
    plan = resolve(Experiment(protocol=("naive",), limit=2, judge=PRICED, baselines=False))
    answered(answer, monkeypatch)
    assert money.agreed(*of(plan), yes=False) is spent


def test_a_yes_beforehand_is_an_answer_and_so_is_a_budget_where_nobody_can_be_asked(keyed, place):
    plan = resolve(Experiment(protocol=("naive",), limit=2, judge=PRICED, baselines=False))
    assert money.agreed(*of(plan), yes=True)
    plan = resolve(Experiment(protocol=("naive",), limit=2, judge=PRICED, baselines=False, budget=5.0))
    assert money.agreed(*of(plan), yes=False)


def test_a_price_of_nought_in_the_users_own_file_needs_no_answer(keyed, place, monkeypatch):
    own = place / "own.toml"
    own.write_text(f'[[list]]\n[list.models]\n"{UNPRICED.partition("/")[2]}" = {{ input = 0, output = 0 }}\n')
    monkeypatch.setenv("ARENA_PRICES", str(own))
    plan = resolve(Experiment(protocol=("naive",), limit=2, judge=UNPRICED, baselines=False))
    assert money.agreed(*of(plan), yes=False)
