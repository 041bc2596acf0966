"""The text of a story in HTML."""

from hypothesis import given
from hypothesis import strategies as st

from arena.datasets.markup import readable


def test_paragraphs_come_apart_and_italics_do_not():
    page = (
        "<html><head><title>T</title><style>p{}</style></head><body><p>One <i>bright</i>\nday.</p><p>A&amp;B</p></body>"
    )
    assert readable(page) == "One bright day.\n\nA&B"


def test_a_text_without_tags_is_left_as_it_is():
    assert readable("a < b,\n\n and <sigh> so on") == "a < b,\n\n and <sigh> so on"


@given(st.text(alphabet="<>/p!-&; a\0", max_size=60))
def test_no_markup_breaks_it(text):
    assert "\0" not in readable("<p>" + text)
