"""What of a verdict is shown as its reasons."""

import pytest

from arena.tui import paint


@pytest.mark.parametrize(
    "text",
    [
        "The log is clear.\n<belief>\nA: 80\nB: 20\n</belief>\n<choice>A</choice>",
        '{"reasons": "The log is clear.", "belief": {"A": 80, "B": 20}, "choice": "A"}',
        "The log is clear.",
    ],
)
def test_the_form_of_a_verdict_is_no_part_of_its_reasons(text):
    assert paint.reasons(text) == "The log is clear."
