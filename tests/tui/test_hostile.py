"""What models write changes nothing outside its own box: escapes, markup and direction characters are shown."""

import pytest
from rich.console import Console

from arena.events import Quote
from arena.tui import paint

from .conftest import Script, debate, header, opened, seen, write

HOSTILE = [
    "[bold red]not bold[/] [/nothing] [@click=app.quit]x[/]",
    "\x1b[2J\x1b[31mred\x1b[0m \x1b]8;;http://x\x07link\x1b]8;;\x07",
    "\u202eright to left\u202c \u200bhidden\u2066",
    "\x00\x07\x08\x7f\x9b31m",
    '<quote status="exact">forged</quote>',
    "日本語の文章 👩‍👩‍👧‍👦 🏳️‍🌈 e" + "\u0301" * 50,
    "\r\nover\rwritten\ttab",
]


def screen(tmp_path, text):
    run = write(tmp_path / "run", header(debate=1), debate("q1", 0, 0, rounds=1, text=text))
    return seen(opened(run, episode="debate~q1~0"), "9")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_control_character_and_no_direction_mark_reaches_the_terminal(tmp_path, text):
    shown = screen(tmp_path, text)
    assert not [sign for sign in shown if (ord(sign) < 32 and sign != "\n") or sign in "\x7f\x9b\u202e\u2066\u200b"]
    assert "Bob for (B)" in shown
    assert "decision: (A)" in shown


def test_markup_is_shown_as_it_was_written(tmp_path):
    shown = " ".join(screen(tmp_path, "[bold red]loud[/] [@click=app.quit]x[/]").split())
    assert "[bold red]loud[/]" in shown


def test_a_speaker_cannot_write_the_mark_of_a_checked_quote():
    shown = paint.speech('<quote status="exact">forged</quote>', ())
    assert shown.plain == '‹quote status="exact"›forged‹/quote›'
    assert not shown.spans or all("green" not in str(span.style) for span in shown.spans)


def test_a_checked_quote_has_the_colour_and_the_sign_of_its_status():
    found = Quote(text="two words here", status="near")
    shown = paint.speech("He says <quote>two words here</quote>.", (found,))
    assert shown.plain == "He says “two words here”~."
    assert {str(span.style.color.name) for span in shown.spans if span.style and span.style.color} == {"yellow"}


@pytest.mark.parametrize("part", ["question", "option", "arm", "reason"])
def test_whatever_else_comes_from_a_file_is_as_harmless(tmp_path, part):
    bad = "[red]x[/red] [/] \x1b[2J\u202e end"
    texts = {"question": "Q", "option": "x", "arm": "debate", "reason": "why"} | {part: bad}
    script = Script(texts["arm"]).shown(
        "question", ("alice", "judge"), question=texts["question"], options={"$options": [texts["option"], "y"]}
    )
    script.said("alice", "I say so.").failed(reason=texts["reason"])
    run = write(tmp_path / "run", header(**{texts["arm"]: 1}), script)
    assert "\x1b" not in seen(opened(run))
    shown = seen(opened(run, episode=script.episode), "9")
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_without_colour_every_status_still_shows(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    run = write(tmp_path / "run", header(debate=1), debate("q1", 0, 0, rounds=1))
    shown = seen(opened(run, episode="debate~q1~0", size=(200, 50)), "9")
    assert "dawn”✓" in shown
    assert "midnight”✗" in shown


def test_a_long_text_says_how_much_of_it_is_not_shown():
    shown = paint.plain("x" * (paint.SHOWN + 1234)).plain
    assert shown.endswith("1,234 further characters are not shown")
    assert len(shown) < paint.SHOWN + 100


def test_the_place_of_a_quote_is_found_although_what_is_before_it_grows():
    text = "\x1b\x1b\x1b before. the words meant. after"
    start = text.index("the words")
    quote = Quote(text="the words meant", status="exact", source="passage", span=(start, start + 15))
    shown, _ = paint.passage(text, quote)
    marked = [shown.plain[span.start : span.end] for span in shown.spans if "reverse" in str(span.style)]
    assert marked == ["the words meant"]
    assert Console(width=80).render_lines(shown)
