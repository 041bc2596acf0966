"""What debaters read comes from the prompt caches, by the vendors' rules and the fake provider's bill."""

import pytest

from arena.models import anthropic
from benchmarks.cache import AIM, MODELS, items, sold


@pytest.mark.parametrize("vendor", MODELS)
def test_most_of_what_debaters_read_was_cached_before(vendor):
    """Three rounds on a passage of 6,000 tokens, four questions a passage, all of them at once."""
    bill = sold(vendor, passages=2, questions=4, concurrency=32, latency="0.02")
    assert bill["replies"] == 2 * 4 * 3 * 2
    assert bill["cache_read"] / bill["input"] >= AIM


def test_a_passage_is_written_once_whatever_is_asked_about_it():
    bill = sold("anthropic", passages=1, questions=4, concurrency=32, latency="0.02")
    (passage,) = {item.question.passage for item in items(1, 4)}
    assert bill["cache_write"] + bill["fresh"] < 3 * len(passage) / 4


@pytest.mark.parametrize("cache, caches", [("5m", True), ("1h", True), ("off", False)])
def test_a_seat_that_is_to_keep_nothing_waits_for_no_prefix(cache, caches):
    model = anthropic.open_model("claude-sonnet-5", {"cache": cache}, {"ANTHROPIC_API_KEY": "sk-test-1234567"})
    assert model.caches is caches
