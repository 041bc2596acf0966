"""Verification of quotes: which `<quote>`s of a speech stand in the source, under the rule of `arena.quote_rule`.

A quote is never repaired: `Quote.text` is what the speaker wrote, whatever was found.

Quotes checked against the source and marked for the judge: Khan et al. 2024, Michael et al. 2023.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import itemgetter

from arena.events import Quote
from arena.quote_rule import (
    MAX_GAP,
    MAX_PARTS,
    MIN_CHARACTERS,
    MIN_WORDS,
    REWRITES,
    Status,
    other_case,
    trimmed,
)
from arena.text import neutral, utf8

Span = tuple[int, int]

MAX_QUOTES = 50
"""Quotes of one speech that are verified; any further ones are `absent` without a look."""

SIMILAR = 0.7
"""From this similarity on a quote is `near`: 1 less the characters of changed words over those of all words."""

MAX_NEAR_WORDS, MAX_NEAR_WORDS_A_SPEECH = 100, 400
"""A nearest wording is sought for quotes up to the first length, until the second is used up: it costs the most."""

_MAX_PLACES, _MAX_VOTES_A_WORD, _WINDOWS, _LONGEST_WORD = 500, 64, 2, 200


def check(speech: str, sources: Mapping[str, str]) -> tuple[Quote, ...]:
    """What the sources (name → text) say of each plain `<quote>…</quote>` of a speech, in order.

    Only an opening tag and the next closing one count, both without attributes and with no other in between. The
    best status over all sources holds, of equal ones the first source's. `span` is in characters of that source.
    """
    text = utf8(speech)
    found: list[Quote] = []
    allowance = MAX_NEAR_WORDS_A_SPEECH
    for _, quote, _ in _pairs(text):
        verified = None
        if len(found) < MAX_QUOTES and _long_enough(settled := _settled(quote)):
            named = {name: _source(source) for name, source in sources.items()}
            verified = _verified(quote, settled, named)
            if verified is None and (words := len(_words(quote))) <= min(MAX_NEAR_WORDS, allowance):
                allowance -= words
                verified = _nearest(quote, named)
        found.append(verified or Quote(text=quote, status="absent"))
    return tuple(found)


def marked(speech: str, found: Sequence[Quote | Status]) -> str:
    """A speech as other seats read it: each quote in a mark with its status, everything else `neutral`.

    `found` is what `check` said of this speech, or only the statuses. A pair of tags beyond those, or whose words are
    not those that were checked, is neutralised like any other text.
    """
    text, parts, last = utf8(speech), [], 0
    for (start, quote, end), mark in zip(_pairs(text), found, strict=False):
        if isinstance(mark, Quote) and mark.text != quote:
            continue
        status = mark.status if isinstance(mark, Quote) else mark
        parts.append(f'{_apart(text[last:start])}<quote status="{status}">{_apart(quote)}</quote>')
        last = end
    return "".join([*parts, _apart(text[last:])])


# One word: letters and digits with what belongs to them inside. "can" is no whole word of "can't", "toxic" none of
# "non-toxic", "5" none of "3.5", "-5", ".5", "$5" or "5%". Scripts without spaces have a word in every character.
_ALONE = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(
    rf"[{_ALONE}]|(?:(?<![\w.\-])[\-−$€£¥]{{0,3}}\.?(?=\d))?[^\W{_ALONE}]"
    rf"(?:[^\W{_ALONE}]|[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0903\u093a-\u094f\u00ad\u200b-\u200d]"
    rf"|['’ʼ\-‐‑](?=[^\W{_ALONE}])|(?<=\d)(?:[.,:/–−](?=\d)|%))*"
)
_FOLD = str.maketrans("’ʼ‐‑−", "''---", "\u00ad\u200b")


def _pairs(text: str) -> Iterator[tuple[int, str, int]]:
    """The plain pairs of tags: where one begins, what it holds, where it ends."""
    for one, other in pairwise(re.finditer("</?quote>", text)):
        if (one[0], other[0]) == ("<quote>", "</quote>"):
            yield one.start(), text[one.end() : other.start()], other.end()


def _apart(text: str) -> str:
    """A neutral text that does not lean on the tag before it: a leading combining mark gets a circle to stand on."""
    text = neutral(text)
    return f"\u25cc{text}" if unicodedata.category(text[:1] or " ").startswith("M") else text


def _words(text: str) -> list[str]:
    return [word.translate(_FOLD).casefold() for word in _WORD.findall(text)]


def _settled(quote: str) -> str:
    """The quote with the rewrites done; what it hides itself is not set aside, for a reader is shown a stand-in."""
    for rewrite in REWRITES:
        quote = rewrite(quote) if rewrite.sign else quote
    return quote.strip()


def _long_enough(settled: str) -> bool:
    quote = trimmed(settled)
    return len(quote) >= MIN_CHARACTERS and len(_WORD.findall(quote.replace("-", " "))) >= MIN_WORDS


class _Source:
    """A text to verify quotes against; each thing is prepared when a quote first needs it."""

    def __init__(self, text: str) -> None:
        self.text = utf8(text)

    @cached_property
    def rewritten(self) -> tuple[str, array[int]]:
        """The text with the rewrites done, and where each of its characters began."""
        plain, at = self.text, array("L", range(len(self.text) + 1))
        for rewrite in REWRITES:
            plain, at = rewrite.mapped(plain, at)
        return plain, at

    @cached_property
    def spans(self) -> list[Span]:
        """The place of each word."""
        return [found.span() for found in _WORD.finditer(self.text)]

    @cached_property
    def words(self) -> list[str]:
        return _words(self.text)

    @cached_property
    def index(self) -> dict[str, list[int]]:
        """Where each word stands among the words."""
        index: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(self.words):
            index[word].append(place)
        return dict(index)

    def verbatim(self, quote: str) -> Span | None:
        """The first place of the quote as it is, with whole words at its ends."""
        spans = ((place, place + len(quote)) for place in _places(self.text, quote))
        return next(filter(self._whole, spans), None)

    def settled(self, quote: str) -> Iterator[Span]:
        """The places of a settled quote or a form of it that makes no difference, the most literal form first."""
        bare = trimmed(quote)
        for form in dict.fromkeys((quote, bare, other_case(quote), other_case(bare))):
            spans = (self._span(place, place + len(form)) for place in _places(self.rewritten[0], form))
            yield from filter(self._whole, spans)

    def _span(self, start: int, end: int) -> Span:
        """The original place of a stretch of the settled text, spaces at its ends left out."""
        start, end = self.rewritten[1][start], self.rewritten[1][end]
        stretch = self.text[start:end]
        return end - len(stretch.lstrip()), start + len(stretch.rstrip())

    def _whole(self, span: Span) -> bool:
        """Whether neither end lies inside a word; no word holds white space, and none is looked at from further off."""
        for place in span:
            space = max(self.text.rfind(sign, 0, place) for sign in " \n")
            for word in _WORD.finditer(self.text, max(space + 1, place - _LONGEST_WORD)):
                if word.start() >= place:
                    break
                if word.end() > place:
                    return False
        return True


_source = lru_cache(maxsize=64)(_Source)


def _places(text: str, part: str) -> Iterator[int]:
    place = text.find(part)
    for _ in range(_MAX_PLACES):
        if place < 0:
            return
        yield place
        place = text.find(part, place + 1)


def _verified(quote: str, settled: str, sources: Mapping[str, _Source]) -> Quote | None:
    for name, source in sources.items():
        if span := source.verbatim(quote.strip()):
            return Quote(text=quote, status="exact", source=name, span=span)
    for name, source in sources.items():
        if span := next(source.settled(settled), None) or _chained(settled, source):
            return Quote(text=quote, status="normalised", source=name, span=span)
    return None


def _chained(quote: str, source: _Source) -> Span | None:
    """All that an ellipsis quote spans: its parts in order, each at most `MAX_GAP` after the one before."""
    parts = [part for part in quote.split("…") if trimmed(part)]
    if not 1 < len(parts) <= MAX_PARTS or not all(map(_long_enough, parts)):
        return None
    reached = sorted(source.settled(parts[0]), key=itemgetter(1))
    for part in parts[1:]:
        ends, further = [end for _, end in reached], []
        for start, end in sorted(source.settled(part), key=itemgetter(1)):
            last = bisect_right(ends, start) - 1
            if last >= 0 and start - ends[last] <= MAX_GAP:
                further.append((reached[last][0], end))
        reached = further
    return next(iter(reached), None)


def _nearest(quote: str, sources: Mapping[str, _Source]) -> Quote | None:
    """The quote as `near`, where a source has similar words."""
    words, best = _words(quote), (0.0, "", (0, 0))
    for name, source in sources.items():
        for window in _windows(words, source):
            cost, start, end = _aligned(words, source.words[window])
            start, end = start + window.start, end + window.start
            size = max(_size(words), _size(source.words[start:end]))
            if start < end and 1 - cost / size > best[0]:
                best = 1 - cost / size, name, (source.spans[start][0], source.spans[end - 1][1])
    similarity, name, (start, end) = best
    if similarity < SIMILAR:
        return None
    return Quote(text=quote, status="near", source=name, span=(start, end), near=sources[name].text[start:end])


def _size(words: Sequence[str]) -> int:
    return sum(map(len, words))


def _windows(words: Sequence[str], source: _Source) -> Iterator[slice]:
    """The stretches of words that share most with the quote, best first.

    Each word that both have votes, by its length, for where the quote would begin; beginnings are counted in
    stretches of half a quote, and two neighbours together make a window, so that none is cut at a border.
    """
    width, votes = len(words) // 2 + 2, Counter[int]()
    for i, word in enumerate(words):
        for place in source.index.get(word, [])[:_MAX_VOTES_A_WORD]:
            votes[(place - i) // width] += len(word)
    pairs = Counter({at: count + votes.get(at + 1, 0) for at, count in votes.items()})
    for at, count in pairs.most_common(_WINDOWS):
        if count * 2 >= _size(words):
            yield slice(max(at * width, 0), (at + 2) * width + len(words) + width)


def _aligned(words: Sequence[str], text: Sequence[str]) -> tuple[int, int, int]:
    """The stretch of `text` nearest to `words`: the characters of changed words, where it starts, where it ends.

    The dynamic programme of Sellers 1980, over words: what comes before and after the stretch costs nothing.
    """
    column = [(_size(words[:i]), 0) for i in range(len(words) + 1)]
    best = (*column[-1], 0)
    for place, have in enumerate(text, start=1):
        fresh = [(0, place)]
        for i, word in enumerate(words):
            (left, began), (above, since) = column[i], column[i + 1]
            changed = left + (0 if word == have else max(len(word), len(have)))
            fresh.append(min((changed, began), (above + len(have), since), (fresh[i][0] + len(word), fresh[i][1])))
        column = fresh
        best = min(best, (*column[-1], place))
    return best
