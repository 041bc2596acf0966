"""Hostile text: what another reader may see of it, what a terminal may print of it, and where it is cut.

Every text of a model, a person or a data file may hold what its reader would take for something else: control and
direction characters, characters that do not show, tags that look like the arena's own. Nothing is dropped in silence:
what may not stand is replaced by a visible stand-in such as `⟨U+202E⟩`. All functions are pure and take linear time.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

MOST_MARKS = 4
"""How many combining marks (joiners and variation selectors counted) may follow each other."""

LONG_WORD = 40
"""A stretch without spaces of more characters than this counts as one word for every `CHARACTERS_A_WORD`."""

CHARACTERS_A_WORD = 6
CJK_CHARACTERS_A_WORD = 2

# Characters of the basic plane come first in each pair, the others second: `re` tests a class of the basic plane in one
# step, a wider one range by range.
# Never shown as they are: controls, soft hyphen, fillers, zero-width and direction characters, line and paragraph
# separators, interlinear annotations, shorthand and musical format controls, tag characters.
_HIDDEN = (
    (
        r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
        r"\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    ),
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000e01f0-\U000e0fff",
)
# Shown as they are where they mean something: joiners and variation selectors.
_JOINING = (r"\u200c\u200d\ufe00-\ufe0f\u180b-\u180d\u180f", r"\U000e0100-\U000e01ef")

_EMOJI = (
    r"\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25aa-\u27bf\u2900-\u297f\u2b00-\u2bff"
    r"\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Letters and marks of the cursive and the Indic scripts, in which a joiner changes the shape of a word.
_CURSIVE = (
    r"\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06ef\u06fa-\u06ff\u0710-\u08ff\u0900-\u0dff\u0f40-\u0fbc"
    r"\u1000-\u109f\u1780-\u17b3\u17b6-\u17d3\u1820-\u18aa\u1a20-\u1aad\u1b00-\u1b4b\ua840-\ua873\ua880-\ua8c5"
    r"\ua8e0-\ua9df\uaa00-\uaaff\uabc0-\uabed\ufb50-\ufdfb\ufe70-\ufefc\U00010a00-\U00011fff\U0001e900-\U0001e95f"
)
_MEANT = re.compile(
    rf"(?<=[{_CURSIVE}])[\u200c\u200d]"
    rf"|(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    rf"|(?<=[{_EMOJI}])[\ufe0e\ufe0f]"
    r"|(?<=[#*0-9])\ufe0f(?=\u20e3)"
    rf"|(?<=[\u2200-\u22ff\u2a00-\u2aff\u1000-\u109f\ua840-\ua873{_HAN}])[\ufe00-\ufe02]"
    rf"|(?<=[{_HAN}])[\U000e0100-\U000e01ef]"
    r"|(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]"
)
_MAY_BE_MEANT = re.compile(f"[{''.join(_JOINING)}]")
_RETURN = re.compile(r"\r\n?")
_WIDE = re.compile(r"[\U00010000-\U0010ffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

_CJK = rf"\u2e80-\u2fff\u3001-\u33ff{_HAN}\uff01-\uffef"
_RUN = re.compile(rf"([{_CJK}]+)|[^\s{_CJK}]+")
_HALF_A_TAG = re.compile(r"</?(?:q(?:u(?:o(?:te?)?)?)?)?\Z")

_LESS, _GREATER = "<\uff1c\ufe64", ">\uff1e\ufe65"


def utf8(text: str) -> str:
    """The text with each lone surrogate replaced by U+FFFD, so that it can be encoded; every offset stays."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def neutral(text: str) -> str:
    """What another reader may see of a text: nothing hidden in it, and nothing that looks like a tag.

    The `<` of whatever looks like a tag becomes `‹`, and the `>` that closes it `›`. A tag begins with `<` (or its
    full-width or small form) before a letter, `/`, `!` or `?`, whatever unseen characters or combining marks stand
    between. Spaces may stand there too, except that `< name` is a tag only where a `>` or an attribute follows the
    name: `x < y` is none. Hidden characters are replaced as in `terminal`. `neutral(neutral(x)) == neutral(x)`.
    """
    text = utf8(text)
    if any(sign in text for sign in _LESS):
        text = _tag(_wide(text)).sub(_disarmed, text)
    return _visible(text)


def terminal(text: str) -> str:
    """What may be printed of a text: tags left alone, no control but line feed and tab, nothing hidden.

    Carriage returns become line feeds, other controls, direction and invisible characters become stand-ins, equal
    ones in a row one stand-in with their number. Joiners and variation selectors stay where they mean something
    (emoji, scripts that use them). Of more than `MOST_MARKS` combining marks in a row the rest is cut. Markup of a
    terminal library is text here: the caller prints without interpreting it.
    """
    return _visible(utf8(text))


def cut_words(text: str, limit: int) -> tuple[str, int]:
    """The text up to its `limit`-th word, and the number of words that were cut.

    Words are what white space separates. A stretch of more than `LONG_WORD` characters counts as one word for every
    six characters begun, and may be cut inside. Chinese and Japanese characters (their punctuation too) are runs of
    their own and count as one word for every two begun. A `<quote>` that is open at the cut is closed, or dropped
    where nothing of it was kept. A text within the limit is returned as it is.
    """
    if text.isascii() and len(words := text.split()) <= limit and len(max(words, key=len, default="")) <= LONG_WORD:
        return text, 0
    total, end = 0, None
    for run in _RUN.finditer(text.removesuffix("</quote>")):
        counted, width = _measure(run)
        if end is None and total + counted > limit:
            end = run.start() + max(limit - total, 0) * width
        total += counted
    if end is None:
        return text, 0
    return _closed(_HALF_A_TAG.sub("", text[:end])), total - max(limit, 0)


def _measure(run: re.Match[str]) -> tuple[int, int]:
    """How many words a run counts, and how many characters each of them has."""
    length = run.end() - run.start()
    if run[1] is not None:
        width = CJK_CHARACTERS_A_WORD
    elif length > LONG_WORD:
        width = CHARACTERS_A_WORD
    else:
        width = length
    return -(-length // width), width


def _closed(text: str) -> str:
    text = text.rstrip()
    while text.endswith("<quote>"):
        text = text.removesuffix("<quote>").rstrip()
    return f"{text}</quote>" if text.rfind("<quote>") > text.rfind("</quote>") else text


def _visible(text: str) -> str:
    text, wide = _RETURN.sub("\n", text), _wide(text)
    text = _unseen(wide).sub(_stand_in, text)
    return text if text.isascii() else _pile(wide).sub(r"\1", text)


def _stand_in(found: re.Match[str]) -> str:
    """The stand-in for a run of one character, whose first may be meant."""
    sign, count, kept = found[1], len(found[0]), ""
    if _MAY_BE_MEANT.match(sign) and _MEANT.match(found.string, found.start()):
        kept, count = sign, count - 1
    if count == 0:
        return kept
    times = f" ×{count}" if count > 1 else ""
    return f"{kept}⟨U+{ord(sign):04X}{times}⟩"


def _disarmed(tag: re.Match[str]) -> str:
    text = tag[0]
    return f"‹{text[1:-1]}›" if text[-1] in _GREATER else f"‹{text[1:]}"


def _wide(text: str) -> bool:
    """Whether a text has characters outside the basic plane."""
    return not text.isascii() and _WIDE.search(text) is not None


def _inside(pair: tuple[str, str], wide: bool) -> str:
    return pair[0] + pair[1] * wide


@cache
def _marks(wide: bool) -> str:
    """All combining marks that take no room of their own, as the inside of a character class."""
    planes = range(0x300, 0x1F000 if wide else 0x10000)
    return "".join(chr(c) for c in planes if unicodedata.category(chr(c)) in {"Mn", "Me"})


@cache
def _unseen(wide: bool) -> re.Pattern[str]:
    return re.compile(rf"([{_inside(_HIDDEN, wide)}{_inside(_JOINING, wide)}])\1*")


@cache
def _pile(wide: bool) -> re.Pattern[str]:
    marks = f"[{_marks(wide)}{_inside(_JOINING, wide)}]"
    return re.compile(rf"({marks}{{{MOST_MARKS}}}){marks}++")


@cache
def _tag(wide: bool) -> re.Pattern[str]:
    """Whatever a reader could take for a tag, up to the `>` that closes it, or to where it cannot be closed."""
    space = r" \t\n\r\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
    unseen = f"{_inside(_HIDDEN, wide)}{_inside(_JOINING, wide)}{_marks(wide)}"
    letter = r"[^\W\d_]"
    inside = rf"[^{_LESS}{_GREATER}‹›]"
    slash = "[/!?\u2044\u2215\u29f8\uff0f\uff01\uff1f\ufe56\ufe57]"
    return re.compile(
        rf"[{_LESS}](?:"
        rf"[{space}{unseen}]*+(?={slash})"
        rf"|(?:[{space}]*+[{unseen}][{space}{unseen}]*+)?+(?={letter})"
        rf"|[{space}]++(?={letter}[\w:.\-{unseen}]*+"
        rf"(?:[{space}]*+(?:/[{space}]*+)?[{_GREATER}]|[{space}]{inside}*=[{space}]*+[\"'“”‘’]))"
        rf")[^{_LESS}{_GREATER}]*+[{_GREATER}]?"
    )
