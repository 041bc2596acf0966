"""What the caches take and give, by the rules of the two vendors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arena.fake.asked import Asked, Block, Tally
from arena.fake.caching import FIRST, STEP, Cache, least

LONG, LONGER = "a" * 4 * 600, "b" * 4 * 2000


def claude(*blocks, model="fake-claude-haiku-5-5"):
    return Asked(model, tuple(blocks), 100)


def gpt(*texts, model="fake-gpt-6-luna"):
    return Asked(model, tuple(Block("user", text) for text in texts), 100)


def user(text, ttl=None):
    return Block("user", text, ttl)


class Bank:
    """A cache and a clock; `ask` sends a request, and begins its response at once."""

    def __init__(self, vendor):
        self.cache, self.vendor, self.now = Cache(), vendor, 0.0

    def ask(self, asked):
        found = self.cache.find(self.vendor, asked, self.now)
        self.cache.leave(found, self.now)
        return found.tally


@pytest.fixture
def anthropic():
    return Bank("anthropic")


@pytest.fixture
def openai():
    return Bank("openai")


def test_a_prefix_is_written_once_and_read_after(anthropic):
    asked = claude(user(LONG, "5m"), user("q" * 40))
    assert anthropic.ask(asked) == Tally(fresh=10, written=600)
    assert anthropic.ask(asked) == Tally(fresh=10, read=600)


def test_nothing_is_cached_without_a_breakpoint(anthropic):
    asked = claude(user(LONG))
    assert [anthropic.ask(asked), anthropic.ask(asked)] == [Tally(600)] * 2


@pytest.mark.parametrize("length, written", [(511, 0), (512, 512)])
def test_what_is_too_short_is_silently_not_cached(anthropic, length, written):
    assert anthropic.ask(claude(user("a" * 4 * length, "5m"))).written == written


@pytest.mark.parametrize(
    "model, tokens",
    [
        ("claude-haiku-5-5", 512),
        ("claude-opus-5", 512),
        ("claude-sonnet-5", 1024),
        ("claude-opus-4-8", 1024),
        ("claude-opus-4-7", 2048),
        ("claude-haiku-4-5", 4096),
        ("claude-opus-4-5", 4096),
        ("claude-sonnet-4-6", 1024),
    ],
)
def test_the_least_length_is_the_models(model, tokens):
    assert least(model) == tokens


def test_a_longer_request_reads_what_a_shorter_one_wrote_and_writes_the_rest(anthropic):
    anthropic.ask(claude(user(LONG, "5m")))
    grown = claude(user(LONG), Block("assistant", "c" * 400), user("d" * 400, "5m"))
    assert anthropic.ask(grown) == Tally(0, read=600, written=200)


def test_a_change_anywhere_before_the_breakpoint_is_another_prefix(anthropic):
    anthropic.ask(claude(user(LONG, "5m")))
    assert anthropic.ask(claude(user("x" + LONG[1:], "5m"))).read == 0
    assert anthropic.ask(claude(Block("system", LONG, "5m"))).read == 0


def test_a_cache_is_the_models_own(anthropic):
    anthropic.ask(claude(user(LONG, "5m")))
    assert anthropic.ask(claude(user(LONG, "5m"), model="fake-claude-opus-5-5")).read == 0


@pytest.mark.parametrize("ttl, ends", [("5m", 300), ("1h", 3600)])
def test_a_prefix_is_forgotten_after_its_time_and_reading_it_renews_it(anthropic, ttl, ends):
    asked = claude(user(LONG, ttl))
    anthropic.ask(asked)
    anthropic.now = ends - 1
    assert anthropic.ask(asked).read == 600
    anthropic.now = 2 * ends - 2
    assert anthropic.ask(asked).read == 600
    anthropic.now = 3 * ends
    assert anthropic.ask(asked).read == 0


def test_what_is_kept_for_an_hour_is_told_apart(anthropic):
    tally = anthropic.ask(claude(Block("system", LONG, "1h"), user(LONGER, "5m")))
    assert (tally.written, tally.kept_1h) == (2600, 600)


@pytest.mark.parametrize("between, read", [(20, 600), (21, 0)])
def test_a_breakpoint_looks_back_twenty_blocks(anthropic, between, read):
    anthropic.ask(claude(user(LONG, "5m")))
    more = [user(f"{i:04}") for i in range(between - 1)]
    assert anthropic.ask(claude(user(LONG), *more, user("last", "5m"))).read == read


def test_what_was_asked_before_the_first_response_began_reads_nothing(anthropic):
    asked = claude(user(LONG, "5m"))
    first = anthropic.cache.find("anthropic", asked, 0.0)
    assert anthropic.cache.find("anthropic", asked, 0.0).tally.read == 0
    anthropic.cache.leave(first, 1.0)
    assert anthropic.cache.find("anthropic", asked, 1.0).tally.read == 600


def test_openai_caches_from_1024_tokens_in_steps(openai):
    short, long = gpt("a" * 4 * 1000), gpt("a" * 4 * 1500)
    assert openai.ask(short) == openai.ask(short) == Tally(1000)
    assert openai.ask(long).written == FIRST + 3 * STEP
    again = openai.ask(long)
    assert (again.read, again.written, again.input) == (FIRST + 3 * STEP, 0, 1500)


def test_openai_reads_the_longest_common_beginning(openai):
    openai.ask(gpt("a" * 4 * 2000, "one"))
    assert openai.ask(gpt("a" * 4 * 2000, "b" * 4 * 2000)).read == FIRST + 7 * STEP


def test_writes_are_not_counted_for_openais_older_models(openai):
    asked = gpt("a" * 8000, model="fake-gpt-4o")
    assert openai.ask(asked) == Tally(2000)
    assert openai.ask(asked).read == 1920


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from([LONG, LONGER, "short"]), st.sampled_from([None, "5m", "1h"])), min_size=1),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["anthropic", "openai"]),
)
def test_every_token_is_counted_once_and_nothing_twice(conversations, vendor):
    bank = Bank(vendor)
    for blocks in conversations:
        asked = claude(*(user(text, ttl) for text, ttl in blocks))
        tally = bank.ask(asked)
        assert tally.input == sum(len(text) // 4 + bool(len(text) % 4) for text, _ in blocks)
        assert min(tally) >= 0
        assert tally.kept_1h <= tally.written
        again = bank.ask(asked)
        assert again.written == 0
        assert again.read >= tally.read + tally.written if vendor == "anthropic" else again.read >= tally.read
