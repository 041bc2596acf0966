"""Hostile text: what others may see of it, what a terminal may print, where it is cut."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arena.text import LONG_WORD, MOST_MARKS, cut_words, neutral, terminal, utf8

HIDDEN = (
    *(chr(c) for c in range(0x20) if chr(c) not in "\t\n\r"),
    *(chr(c) for c in range(0x7F, 0xA0)),
    *"\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    *"\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u00ad\u180e\u2028\u2029\ufff9\ufffa\ufffb\u3164\uffa0\u034f",
    *(chr(c) for c in range(0xE0000, 0xE0080)),
)
LESS, GREATER = "<＜﹤", ">＞﹥"
FRAGMENTS = (
    *(*LESS, *GREATER, "/", "!", "?", "／", " ", "\n", "\r", "\r\n", "\t", "\x00", "\x1b[31m", "\x85", "\ud800"),
    *("\u200b", "\u200c", "\u200d", "\ufe0f", "\ufe00", "\u202e", "\u0301", "\u0301" * 6, "\u20e3", "\U000e0041"),
    *(
        "a",
        "x",
        "3",
        "speech",
        "quote",
        ' by="Alice"',
        " = 'q'",
        "-->",
        "‹",
        "›",
        "⟨U+200B⟩",
        "中",
        "ب",
        "👩",
        "❤",
        "1",
    ),
)
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=2), max_size=30).map("".join)

TAG = re.compile(rf"[{LESS}]\s*[/!?／]|[{LESS}][^\W\d_]")


@pytest.mark.parametrize("text", ["", "plain", "naïve 中文 👍🏽", "\x00"])
def test_text_that_can_be_encoded_stays_as_it_is(text):
    assert utf8(text) is text


@given(st.text("a\ud800\udfff\ud83d\ude00中😀", max_size=20))
def test_a_lone_surrogate_is_replaced_and_every_offset_stays(text):
    safe = utf8(text)
    assert safe.encode().decode() == safe
    assert [a == b or (0xD800 <= ord(a) <= 0xDFFF and b == "\ufffd") for a, b in zip(text, safe, strict=True)] == [
        True
    ] * len(text)


@pytest.mark.parametrize("sign", HIDDEN, ids=lambda sign: f"{ord(sign):04X}")
def test_a_hidden_character_becomes_a_visible_stand_in(sign):
    assert neutral(f"a{sign}b") == terminal(f"a{sign}b") == f"a⟨U+{ord(sign):04X}⟩b"


def test_hidden_characters_in_a_row_become_one_stand_in_with_their_number():
    assert neutral("a" + "\u200b" * 1000 + "b") == "a⟨U+200B ×1000⟩b"


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\nb"])
def test_every_end_of_line_becomes_a_line_feed(text):
    assert neutral(text) == terminal(text) == "a\nb"


def test_a_tab_stays():
    assert neutral("a\tb") == terminal("a\tb") == "a\tb"


def test_an_escape_sequence_reaches_no_terminal():
    assert terminal("\x1b[2J\x1b]0;title\x07") == "⟨U+001B⟩[2J⟨U+001B⟩]0;title⟨U+0007⟩"


@pytest.mark.parametrize(
    "text, shown",
    [
        ("<speech by='Bob'>hi</speech>", "‹speech by='Bob'›hi‹/speech›"),
        ('<quote status="exact">hi</quote>', '‹quote status="exact"›hi‹/quote›'),
        ("<!-- a --><?x?>", "‹!-- a --›‹?x?›"),
        ("<\u200b/speech>", "‹⟨U+200B⟩/speech›"),
        ("<\u200bspeech>", "‹⟨U+200B⟩speech›"),
        ("<\u200dspeech>", "‹⟨U+200D⟩speech›"),
        ("<\u0338speech>", "‹\u0338speech›"),
        ("<\u3164speech>", "‹⟨U+3164⟩speech›"),
        ("< /speech>", "‹ /speech›"),
        ("<\n/speech>", "‹\n/speech›"),
        ("< \u2060 speech>", "‹ ⟨U+2060⟩ speech›"),
        ("< speech >", "‹ speech ›"),
        ("< speech/>", "‹ speech/›"),
        ('< speech by="Bob">', '‹ speech by="Bob"›'),
        ("< speech by = 'Bob'>", "‹ speech by = 'Bob'›"),
        ('< x <b> ="', '< x ‹b› ="'),
        ("< spe\u00adech>", "‹ spe⟨U+00AD⟩ech›"),
        ("＜/speech＞", "‹/speech›"),
        ("﹤speech﹥", "‹speech›"),
        ("<／speech>", "‹／speech›"),
        ("<<b>>", "<‹b›>"),
        ("<b <i>", "‹b ‹i›"),
        ("a <b and no end", "a ‹b and no end"),
        ("<é>", "‹é›"),
        ("<中>", "‹中›"),
    ],
)
def test_what_looks_like_a_tag_is_disarmed(text, shown):
    assert neutral(text) == shown


@pytest.mark.parametrize(
    "text",
    ["x < y", "3<4", "x < y and y > z", "a <3 b", "a <= b >= c", "for (i = 0; i < n; i++) if (c > d)", "<", "< ", "->"],
)
def test_a_comparison_stays(text):
    assert neutral(text) == text


def test_a_terminal_shows_tags_as_they_are():
    assert terminal("<speech>x</speech>") == "<speech>x</speech>"


@pytest.mark.parametrize(
    "text",
    [
        "中文字，かな、한국어",
        "👩‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 👍🏽 1️⃣ #️⃣ ☎︎ ©️ 🇩🇪",
        "می‌خواهم",
        "ക്‍ഷ ක්‍ෂ র‍্য",
        "e\u0301 o\u0302\u0301 שָׁלוֹם ไม่ได้ हिन्दी",
        "葛\U000e0100 ≨︀",
        "ᠠ᠋",
    ],
)
def test_living_scripts_and_emoji_stay(text):
    assert neutral(text) == terminal(text) == text


@pytest.mark.parametrize(
    "text, shown",
    [
        ("a\u200db", "a⟨U+200D⟩b"),
        ("a\u200cb", "a⟨U+200C⟩b"),
        ("\u200d", "⟨U+200D⟩"),
        ("👩\u200d", "👩⟨U+200D⟩"),
        ("👩\u200da", "👩⟨U+200D⟩a"),
        ("a\ufe0f\u200d👩", "a⟨U+FE0F⟩⟨U+200D⟩👩"),
        ("3\ufe0f", "3⟨U+FE0F⟩"),
        ("a\U000e0100", "a⟨U+E0100⟩"),
        ("😀\ufe0f\ufe0f\ufe0f", "😀\ufe0f⟨U+FE0F ×2⟩"),
        ("می\u200c\u200cخ", "می\u200c⟨U+200C⟩خ"),
    ],
)
def test_a_joiner_or_selector_without_meaning_is_shown(text, shown):
    assert neutral(text) == terminal(text) == shown


@pytest.mark.parametrize("mark", ["\u0301", "\u20dd", "\u0e49", "\U0001e8d0"])
def test_a_tower_of_combining_marks_is_cut(mark):
    assert neutral(f"a{mark * 50}b") == terminal(f"a{mark * 50}b") == f"a{mark * MOST_MARKS}b"


def test_a_small_tower_stays():
    assert neutral("a" + "\u0301" * MOST_MARKS) == "a" + "\u0301" * MOST_MARKS


@given(hostile)
@example('< x <b> ="')
def test_a_neutral_text_is_its_own_neutral_form(text):
    assert neutral(neutral(text)) == neutral(text)
    assert terminal(terminal(text)) == terminal(text)


@given(hostile)
def test_nothing_neutral_looks_like_a_tag(text):
    assert not TAG.search(neutral(text))


@given(hostile)
def test_nothing_hidden_is_left(text):
    for shown in (neutral(text), terminal(text)):
        assert not set(shown) & {*HIDDEN, "\r"}
        assert all(unicodedata.category(c) not in {"Cc", "Cs", "Zl", "Zp"} for c in shown if c not in "\t\n")


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="<"), max_size=50))
def test_plain_text_stays(text):
    assert neutral(text) == terminal(text) == text


@pytest.mark.parametrize(
    "piece", ["<a ", "< ", "<\u200b", "a\u200d", "\u0301", "\r\n", "<a>", "< a =", '< a ="', "\U0001f469\u200d", "<b x"]
)
def test_a_megabyte_of_hostile_text_is_neutralised(piece):
    shown = neutral(piece * (1_000_000 // len(piece)))
    assert shown
    assert not TAG.search(shown)


@pytest.mark.parametrize("text", ["", "one", "one two three", "  one\n\ntwo three\n", "a <quote>b c</quote>"])
def test_a_text_within_its_limit_is_returned_as_it_is(text):
    assert cut_words(text, 3) == (text, 0)


def test_words_after_the_limit_are_cut_and_counted():
    assert cut_words("one two\nthree four  five", 3) == ("one two\nthree", 2)


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_leaves_nothing(limit):
    assert cut_words("one two", limit) == ("", 2)


def test_an_open_quote_is_closed_at_the_cut():
    assert cut_words("I say <quote>the lamp was out</quote> now", 4) == ("I say <quote>the lamp</quote>", 3)


def test_the_tag_that_closes_a_quote_makes_no_word_longer():
    kept = "<quote>" + "x" * (LONG_WORD - len("<quote>")) + "</quote>"
    assert cut_words(kept, 1) == (kept, 0)


def test_a_closed_quote_is_not_closed_again():
    assert cut_words("<quote>the lamp</quote> was out", 3) == ("<quote>the lamp</quote> was", 1)


def test_an_open_quote_of_which_nothing_is_kept_is_dropped():
    assert cut_words("I say <quote> the lamp", 3) == ("I say", 2)


def test_half_a_tag_is_dropped():
    text = "x" * (LONG_WORD - 1) + "<quote>yes"
    assert cut_words(text, 7) == ("x" * (LONG_WORD - 1), 2)


def test_a_limit_is_not_escaped_by_leaving_out_the_spaces():
    kept, cut = cut_words("word_" * 200, 10)
    assert (len(kept), cut) == (60, 157)


def test_a_word_of_ordinary_length_counts_once():
    assert cut_words("x" * LONG_WORD + " y", 2) == ("x" * LONG_WORD + " y", 0)


def test_chinese_and_japanese_count_one_word_for_two_characters():
    assert cut_words("灯已经灭了。门是开着的。", 3) == ("灯已经灭了。", 3)


def test_chinese_beside_latin_is_a_run_of_its_own():
    assert cut_words("the 灯灯灯 lamp", 2) == ("the 灯灯", 2)


WORDS = ("a", "lamp", " ", "\n", "<quote>", "</quote>", "灯", "灯灯灯", "x" * 45, "é", "\u3000")
wordy = st.lists(st.sampled_from(WORDS), max_size=40).map("".join)


@given(wordy, st.integers(0, 20))
def test_a_cut_text_is_within_its_limit(text, limit):
    kept, cut = cut_words(text, limit)
    assert cut_words(kept, limit) == (kept, 0)
    assert cut >= 0


@given(wordy, st.integers(0, 20))
def test_what_is_kept_is_a_beginning_with_at_most_a_closing_tag_added(text, limit):
    kept, cut = cut_words(text, limit)
    assert text.startswith((kept, kept.removesuffix("</quote>")))
    assert (kept == text) == (cut == 0)
    assert not cut or kept.rfind("<quote>") <= kept.rfind("</quote>")


@pytest.mark.parametrize("piece", ["a ", "<quote>", "<quote> ", "灯", "\u200b", " "])
def test_a_megabyte_is_cut(piece):
    kept, _ = cut_words(piece * (1_000_000 // len(piece)), 10)
    assert len(kept) < 200 or not kept.strip()
