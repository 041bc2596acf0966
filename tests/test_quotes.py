"""The verification of quotes, and the marks that show what it found."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from arena import quotes
from arena.events import Quote
from arena.quote_rule import MARKS, MAX_GAP, MAX_PARTS, MIN_CHARACTERS, MIN_WORDS, RULE, STATUSES, STEPS
from arena.quotes import MAX_QUOTES, check, marked

PASSAGE = (
    "The lamp was out when the ferry left. “He can’t swim,” said Bob — a well-known liar — and nobody laughed.\n\n"
    "It was 3.5 miles to the shore, at -5 degrees;\nthe theatre had cost $900 in May. "
    "Nobody asked the keeper why the lamp was out again. 灯塔的灯在渡船离开的时候已经灭了。\n"
    "Then, at 11:40, the keeper’s wife wrote <b>one</b> line: the wind had been non-toxic all night."
)


def found(quote, source=PASSAGE):
    (only,) = check(f"I say <quote>{quote}</quote>.", {"passage": source})
    return only


def status(quote, source=PASSAGE):
    return found(quote, source).status


def where(quote, source=PASSAGE):
    span = found(quote, source).span
    return source[slice(*span)] if span else None


# What a quote is.


@pytest.mark.parametrize(
    "speech, texts",
    [
        ("", []),
        ("no quote", []),
        ("<quote>one</quote> and <quote>two</quote>", ["one", "two"]),
        ("<quote>over\ntwo lines</quote>", ["over\ntwo lines"]),
        ("<quote></quote>", [""]),
        ("<quote> spaces kept </quote>", [" spaces kept "]),
        ("<quote>never closed", []),
        ("never opened</quote>", []),
        ("<quote>a <quote>inner</quote> b</quote>", ["inner"]),
        ("<quote>a</quote> b</quote> <quote>c</quote>", ["a", "c"]),
        ('<quote status="exact">typed</quote>', []),
        ('<quote status="exact"><quote>one</quote></quote>', ["one"]),
        ("<Quote>not plain</Quote>", []),
        ("<quote >not plain</quote>", []),
        ("<quote>a</quote >b</quote>", ["a</quote >b"]),
    ],
)
def test_only_a_plain_pair_of_tags_is_a_quote(speech, texts):
    assert [quote.text for quote in check(speech, {"passage": PASSAGE})] == texts


def test_a_speech_with_quotes_and_no_source_has_only_absent_ones():
    assert [q.status for q in check("<quote>The lamp was out</quote>", {})] == ["absent"]


def test_the_text_of_a_quote_is_never_repaired():
    wrong = " the lamp  was NOT out when "
    assert found(wrong).text == wrong


def test_the_best_status_over_all_sources_holds():
    sources = {"notes": "the lamp\nwas out", "passage": "so the lamp was out", "copy": "the lamp was out"}
    (quote,) = check("<quote>the lamp was out</quote>", sources)
    assert (quote.status, quote.source, quote.span) == ("exact", "passage", (3, 19))


# Exact.


@pytest.mark.parametrize(
    "quote", ["The lamp was out", "  The lamp was out\n", "degrees;\nthe theatre had cost", "灯在渡船离开的时候已经"]
)
def test_the_words_of_the_passage_are_exact(quote):
    assert found(quote).status == "exact"
    assert where(quote) == quote.strip()


words = st.sampled_from(["lamp", "was", "out", "don’t", "well-known", "3.5", "-5", "$9", "灯", "é", "ibid", "A", "50%"])
gaps = st.sampled_from([" ", ", ", "\n", " — ", "; “", "” ", " ... ", "\u00a0", " \n\n", " (", ") ", " - ", ": "])


@st.composite
def passages_with_a_quote(draw):
    """A passage and a part of it from the start of one word to the end of another."""
    pieces = draw(st.lists(st.tuples(words, gaps), min_size=5, max_size=40))
    first = draw(st.integers(0, len(pieces) - 4))
    last = draw(st.integers(first + 3, len(pieces) - 1))
    start = len("".join(word + gap for word, gap in pieces[:first]))
    end = len("".join(word + gap for word, gap in pieces[:last]) + pieces[last][0])
    text = "".join(word + gap for word, gap in pieces)
    assume(sum(map(str.isalnum, text[start:end])) >= MIN_CHARACTERS)
    return text, text[start:end]


@given(passages_with_a_quote())
def test_any_part_of_a_passage_cut_between_words_is_exact(case):
    passage, quote = case
    verdict = found(quote, passage)
    assert verdict.status == "exact"
    assert passage[slice(*verdict.span)] == quote


# Normalised: the declared rule, step by step.

DIFFERENCES = {
    "unseen": ("the lamp was out", "the la\u00admp was\u200b out"),
    "spaces": ("the lamp  was out", "the lamp\nwas\u00a0out"),
    "double quotes": ('said "the lamp" was out', "said “the lamp” was out"),
    "single quotes": ("the lamp wasn't out", "the lamp wasn’t out"),
    "ellipses": ("the lamp ... was out", "the lamp… was out"),
    "dashes": ("the lamp--it was out", "the lamp — it was out"),
    "less": ("the lamp ‹ it was out", "the lamp < it was out"),
    "greater": ("the lamp › it was out", "the lamp > it was out"),
    "ends": ('"the lamp was out."', "so the lamp was out, and"),
    "first letter": ("The lamp was out", "so the lamp was out"),
}


def test_every_step_of_the_rule_is_shown_here():
    assert list(DIFFERENCES) == [step.name for step in STEPS]


@pytest.mark.parametrize("step", DIFFERENCES)
def test_what_the_rule_sets_aside_makes_no_difference(step):
    quote, passage = DIFFERENCES[step]
    assert status(quote, passage) == "normalised"


MANGLED = str.maketrans({"’": "'", "“": '"', "”": '"', "—": "–", " ": "\n ", "\n": "  ", "…": "..."})


@given(passages_with_a_quote())
def test_a_mangled_quote_is_normalised_and_points_at_the_original(case):
    passage, quote = case
    mangled = quote.translate(MANGLED)
    assume(mangled != quote)
    verdict = found(mangled, passage)
    assert verdict.status in {"normalised", "exact"}
    assert verdict.status == "normalised" or mangled in passage
    assert passage[slice(*verdict.span)].translate(MANGLED).split() == mangled.split()


@given(passages_with_a_quote(), st.data())
@example(("the lamp was out", "the lamp was out"), None)
def test_a_changed_word_is_never_verified(case, data):
    passage, quote = case
    tokens = quote.split(" ")
    at = data.draw(st.integers(0, len(tokens) - 1)) if data else 1
    tokens[at] = "never"
    assert status(" ".join(tokens), passage) in {"near", "absent"}


@pytest.mark.parametrize(
    "quote",
    [
        "the lamp was not out again",
        "the lamp was outside again",
        "the LAMP was out again",
        "the lаmp was out again",  # a Cyrillic letter
        "the keepers wife wrote",
        "It was 35 miles to the shore",
        "It was 3,5 miles to the shore",
        "to the shore, at 5 degrees",
        "He can swim,” said Bob",
        "the no\u200bn-toxic all night",
        "had been non\u200b-toxic all night",
        "the theatre had cost 900 in may",
    ],
)
def test_a_change_that_a_reader_could_take_for_another_word_is_not_verified(quote):
    assert status(quote) in {"near", "absent"}


def test_a_quote_from_the_passage_as_it_is_shown_is_verified():
    """The passage is shown with its tags disarmed; a debater quotes what it was shown."""
    assert status("the keeper’s wife wrote ‹b›one‹/b› line") == "normalised"


# Whole words.


@pytest.mark.parametrize(
    "quote, passage",
    [
        ("he lamp was out", "the lamp was out"),
        ("the lamp was out", "the lamp was outside"),
        ("I said that he can", "I said that he can't swim"),
        ("toxic to all of us", "non-toxic to all of us"),
        ("5 miles to the shore", "3.5 miles to the shore"),
        ("5 miles to the shore", ".5 miles to the shore"),
        ("5 miles to the shore", "-5 miles to the shore"),
        ("5 miles to the shore", "$5 miles to the shore"),
        ("-5 miles to the shore", "5 miles to the shore"),
        (".5 miles to the shore", "5 miles to the shore"),
        ("10 people had drowned", "5–10 people had drowned"),
        ("the price rose by 5", "the price rose by 5%"),
        ("the price rose by 5", "the price rose by 5.25"),
        ("said it was a cafe", "said it was a cafe\u0301"),
    ],
)
def test_half_a_word_is_not_quoted(quote, passage):
    assert status(quote, passage) not in {"exact", "normalised"}


def test_half_a_word_here_does_not_hide_the_whole_word_there():
    passage = "the lamp was outside, and the lamp was out"
    assert found("the lamp was out", passage).span == (26, 42)


def test_a_dash_between_words_ends_them():
    assert status("the door was open", "he left—the door was open—and sang") == "exact"


# Too short.


@pytest.mark.parametrize(
    "quote", ["", " ", "\n", "…", "a", "lamp", "the lamp", "lamp was", "be it so", "“ferry” lamp!"]
)
def test_a_few_words_are_no_quote(quote):
    assert status(quote, f"{quote} {PASSAGE} be it so") == "absent"


def test_the_least_quote_is_one():
    quote = "was so odd"
    assert (len(quote), len(quote.split())) == (MIN_CHARACTERS, MIN_WORDS)
    assert status(quote, "it was so odd") == "exact"


# Ellipses.


@pytest.mark.parametrize("dots", ["...", "…", "[...]", "[…]", ". . .", "(...)", "\n...\n"])
def test_words_may_be_left_out_at_an_ellipsis(dots):
    quote = f"The lamp was out {dots} a well-known liar"
    assert status(quote) == "normalised"
    assert where(quote) == PASSAGE[: PASSAGE.index(" — and")]


def test_an_ellipsis_at_an_end_leaves_nothing_out():
    assert where("... the ferry left ...") == "the ferry left"


@pytest.mark.parametrize(
    "quote",
    [
        "a well-known liar ... The lamp was out when",
        "The lamp was out ... a liar",
        "The lamp was out ... a notorious liar",
        "The lamp was out when ... the lamp was out when",
    ],
)
def test_parts_in_the_wrong_order_too_short_or_invented_are_not_verified(quote):
    assert status(quote) not in {"exact", "normalised"}


@pytest.mark.parametrize("gap, verdict", [(MAX_GAP, "normalised"), (MAX_GAP + 1, "absent")])
def test_parts_may_not_be_far_apart(gap, verdict):
    passage = f"the lamp was out{' ' + 'x' * (gap - 2) + ' '}nobody was there"
    assert status("the lamp was out ... nobody was there", passage) == verdict


def test_parts_are_taken_from_where_they_fit():
    passage = f"the lamp was out. {'x' * MAX_GAP} The lamp was out, he knew that. {'y' * 200} and nobody was there"
    assert where("the lamp was out ... nobody was there", passage) == passage[passage.index("The lamp") :]


@pytest.mark.parametrize("parts, verdict", [(MAX_PARTS, "normalised"), (MAX_PARTS + 1, "absent")])
def test_a_quote_has_no_more_parts_than_the_rule_says(parts, verdict):
    passage = " and so on, ".join(f"part number {n}" for n in range(parts))
    quote = " ... ".join(f"part number {n}" for n in range(parts))
    assert (status(quote, passage) == "normalised") == (verdict == "normalised")


# Near, and absent.


@pytest.mark.parametrize(
    "quote, near",
    [
        ("The lamp was lit when the ferry left", "The lamp was out when the ferry left"),
        (
            "Nobody asked the keeper why the lamp was not out again",
            "Nobody asked the keeper why the lamp was out again",
        ),
        ("the theatre had cost $800 in May", "the theatre had cost $900 in May"),
        ("THE THEATRE HAD COST $900", "the theatre had cost $900"),
        ("Somebody asked the keeper why the lamp", "Nobody asked the keeper why the lamp"),
    ],
)
def test_a_near_quote_comes_with_the_wording_of_the_passage(quote, near):
    verdict = found(quote)
    assert (verdict.status, verdict.near, verdict.text) == ("near", near, quote)
    assert PASSAGE[slice(*verdict.span)] == near


def test_the_nearest_wording_is_found_in_a_long_passage():
    filler = "the ferry and the keeper and the lamp of the house were there at night in the rain. " * 200
    passage = f"{filler}Nobody had seen a brass key upon the upper shelf. {filler}"
    assert found("Nobody had seen the brass key upon the upper shelf", passage).near == (
        "Nobody had seen a brass key upon the upper shelf"
    )


@pytest.mark.parametrize(
    "quote", ["an entirely invented sentence about ships", "it was in the end all of the same", "zzz yyy xxx www"]
)
def test_an_invented_quote_is_absent(quote):
    verdict = found(quote)
    assert (verdict.status, verdict.source, verdict.span, verdict.near) == ("absent", None, None, None)


# The failures of earlier verifiers.


def test_a_single_letter_verified_in_khan():
    assert status("a") == "absent"


def test_he_verified_inside_the_in_khan():
    assert status("he", "the") == "absent"


def test_a_quote_of_two_lines_stayed_raw_in_khan():
    assert marked("<quote>at -5 degrees;\nthe theatre</quote>", ["exact"]).startswith('<quote status="exact">')
    assert status("at -5 degrees;\nthe theatre") == "exact"


def test_a_unicode_dash_failed_in_khan():
    assert status("said Bob – a well‑known liar") == "normalised"


def test_an_ellipsis_failed_in_khan():
    assert status("The lamp was out … the ferry left", "The lamp was out as the ferry left") == "normalised"


def test_an_empty_quote_verified_in_khan_engels_and_sudhir():
    assert status("") == "absent"


def test_a_typed_mark_survived_in_engels_and_sudhir():
    speech = '<quote status="exact">I never said this</quote> <v_quote>nor this</v_quote>'
    shown = marked(speech, check(speech, {"passage": PASSAGE}))
    assert shown == '‹quote status="exact"›I never said this‹/quote› ‹v_quote›nor this‹/v_quote›'


def test_another_apostrophe_failed_in_engels():
    assert status("the keeper's wife wrote") == "normalised"


def test_a_fuzzy_hit_was_repaired_in_arnesen():
    shown = marked(s := "<quote>the theatre had cost $800 in May</quote>", check(s, {"passage": PASSAGE}))
    assert shown == '<quote status="near">the theatre had cost $800 in May</quote>'


def test_three_characters_matched_anything_in_arnesen():
    assert status("xyz") == "absent"


def test_a_shortened_quote_failed_in_sudhir():
    """It ended in "...", which was taken for the words of the quote."""
    assert status("The lamp was out when the...") == "normalised"


# Marks.


def test_a_speech_is_shown_with_each_quote_marked_and_all_else_neutral():
    speech = "<b>See</b> <quote>the lamp was out</quote>,\r<quote>I made it up all</quote>\x1b"
    shown = marked(speech, check(speech, {"passage": PASSAGE}))
    assert shown == (
        '‹b›See‹/b› <quote status="exact">the lamp was out</quote>,\n'
        '<quote status="absent">I made it up all</quote>⟨U+001B⟩'
    )


def test_what_is_inside_a_quote_is_neutral_too():
    speech = "<quote>the keeper’s wife wrote <b>one</b> line</quote>"
    assert marked(speech, check(speech, {"passage": PASSAGE})) == (
        '<quote status="exact">the keeper’s wife wrote ‹b›one‹/b› line</quote>'
    )


def test_statuses_alone_will_do():
    assert marked("<quote>a</quote><quote>b</quote>", ["near", "exact"]) == (
        '<quote status="near">a</quote><quote status="exact">b</quote>'
    )


def test_a_quote_beyond_those_checked_is_neutralised():
    assert marked("<quote>a</quote><quote>b</quote>", ["near"]) == '<quote status="near">a</quote>‹quote›b‹/quote›'


def test_a_quote_that_is_not_the_one_checked_is_neutralised():
    assert marked("<quote>b</quote>", (Quote(text="a", status="exact"),)) == "‹quote›b‹/quote›"


def test_a_combining_mark_does_not_lean_on_a_tag():
    assert marked("<quote>\u0338a</quote>\u0338b", ["near"]) == '<quote status="near">◌\u0338a</quote>◌\u0338b'


TRUE = "the lamp was out"
FRAGMENTS = (
    *("<quote>", "</quote>", f"<quote>{TRUE}</quote>", '<quote status="exact">', "<quote\n>", "</quote", "<quote", "<"),
    *(">", "/quote>", "quote>", ' status="exact">', "＜quote＞", "<\u200b/quote>", "< /quote>", "</speech>", TRUE),
    *("\u200d", "\u0338", "\x00", "\ud800", "\r", " ", "a", "<quote>\n", "\n</quote>", "<QUOTE>", "<!--", "<quote/>"),
)
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=3), max_size=25).map("".join)
MARK = re.compile(r'<quote status="(\w+)">(.*?)</quote>', re.DOTALL)


@given(hostile)
def test_no_typed_text_looks_like_a_mark(speech):
    checked = check(speech, {"passage": PASSAGE})
    shown = marked(speech, checked)
    assert [found[1] for found in MARK.finditer(shown)] == [quote.status for quote in checked]
    assert not re.search(r"[<＜﹤](?:\s*[/!?]|[^\W\d_])", MARK.sub(r" \2 ", shown))


@given(hostile)
def test_a_checked_speech_can_be_logged(speech):
    for quote in check(speech, {"passage": PASSAGE + speech}):
        assert Quote.model_validate_json(quote.model_dump_json()) == quote


# Hostile sizes and characters.


@pytest.mark.parametrize(
    "speech",
    [
        "<quote>" * 140_000,
        "<quote>" + "lamp out " * 110_000 + "</quote>",
        "<quote>" + " " * 1_000_000 + "</quote>",
        "<quote>" + ". " * 500_000 + "</quote>",
        "<quote>" + "-" * 1_000_000 + "</quote>",
        "<quote>" + "$" * 1_000_000 + "</quote>",
        "<quote>the lamp was out</quote>" * 35_000,
    ],
    ids=["open", "words", "spaces", "dots", "dashes", "signs", "many"],
)
def test_a_megabyte_is_checked_and_shown(speech):
    checked = check(speech, {"passage": PASSAGE})
    assert marked(speech, checked).count("<quote status=") == len(checked)


def test_only_so_many_quotes_are_verified():
    statuses = [q.status for q in check("<quote>the lamp was out</quote>" * (MAX_QUOTES + 2), {"passage": PASSAGE})]
    assert statuses == ["exact"] * MAX_QUOTES + ["absent"] * 2


def test_only_so_many_words_have_their_nearest_sought():
    sources = {"passage": PASSAGE}
    altered = " <quote>Nobody asked the keeper why the lamp was lit</quote>" * MAX_QUOTES
    statuses = [quote.status for quote in check(altered, sources)]
    most = quotes.MAX_NEAR_WORDS_A_SPEECH // 9
    assert statuses == ["near"] * most + ["absent"] * (MAX_QUOTES - most)


def test_a_long_passage_keeps_its_offsets():
    passage = "“Quite,” — she said…\n\n" * 40_000 + "the lamp wasn’t out"
    assert where("the lamp wasn't out", passage) == "the lamp wasn’t out"


def test_control_characters_and_lone_surrogates_are_compared_like_any_other():
    passage = "the la\x00mp was\ud800 out"
    (quote,) = check("<quote>the la\x00mp was\ud800 out</quote>", {"passage": passage})
    assert (quote.status, quote.span, quote.text) == ("exact", (0, len(passage)), "the la\x00mp was\ufffd out")


# What speakers and judges are told.


def test_the_rule_names_every_step_and_every_limit():
    for said in (*(step.words for step in STEPS), MIN_WORDS, MIN_CHARACTERS, MAX_GAP, MAX_PARTS):
        assert str(said) in RULE


def test_the_marks_name_every_status_and_what_it_says():
    for status_, words_ in STATUSES.items():
        assert f'<quote status="{status_}"> means: {words_}.' in MARKS


def test_the_statuses_are_those_of_the_log():
    assert set(STATUSES) == {"exact", "normalised", "near", "absent"}
    for each in STATUSES:
        Quote(text="", status=each)
