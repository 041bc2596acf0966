"""What the headers of both vendors say of the quota that remains."""

from datetime import UTC, datetime

import pytest

from arena.models.quotas import quota
from arena.models.trouble import retry_after

NOW = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    "name, value, reading",
    [
        ("anthropic-ratelimit-requests-limit", "50", {"requests_limit": 50}),
        ("anthropic-ratelimit-input-tokens-remaining", "900", {"input_tokens_remaining": 900}),
        ("anthropic-ratelimit-output-tokens-remaining", "0", {"output_tokens_remaining": 0}),
        ("anthropic-ratelimit-tokens-reset", "2026-11-21T12:00:30Z", {"tokens_reset": 30, "tokens_grain": 1}),
        ("anthropic-ratelimit-tokens-reset", "2026-11-21T11:59:00Z", {"tokens_reset": 0, "tokens_grain": 1}),
        ("anthropic-ratelimit-tokens-reset", "2026-11-21T12:00:30.5Z", {"tokens_reset": 30.5}),
        ("x-ratelimit-limit-requests", "5000", {"requests_limit": 5000}),
        ("X-RateLimit-Remaining-Tokens", "12", {"tokens_remaining": 12}),
        ("x-ratelimit-reset-requests", "12ms", {"requests_reset": 0.012}),
        ("x-ratelimit-reset-requests", "1s", {"requests_reset": 1}),
        ("x-ratelimit-reset-tokens", "6m0s", {"tokens_reset": 360}),
        ("x-ratelimit-reset-tokens", "1h2m3.5s", {"tokens_reset": 3723.5}),
        ("x-ratelimit-reset-tokens", "7", {"tokens_reset": 7}),
        ("x-ratelimit-remaining-requests", "-1", {}),
        ("x-ratelimit-remaining-requests", "", {}),
        ("x-ratelimit-remaining-requests", "9" * 400, {}),
        ("x-ratelimit-reset-requests", "soon", {}),
        ("anthropic-ratelimit-tokens-reset", "2026-99-99", {}),
        ("anthropic-priority-input-tokens-limit", "5", {}),
        ("x-ratelimit-remaining-images", "5", {}),
    ],
)
def test_a_header_is_read_in_one_form_or_not_at_all(name, value, reading):
    found = quota({name.lower(): value}, NOW)
    assert found.keys() == reading.keys()
    assert list(found.values()) == pytest.approx(list(reading.values()))


def test_no_header_is_no_reading():
    assert quota({"content-type": "application/json"}) == {}


def test_a_wait_may_be_a_date():
    assert retry_after({"retry-after": "Sat, 21 Nov 2026 12:00:20 GMT"}, NOW) == pytest.approx(20)
