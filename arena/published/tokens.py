"""Text from tokens as a treebank writes them: brackets by name, quotation marks in pairs, punctuation apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate

SIGNS = {
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
    "``": "“",
    "''": "”",
    "`": "‘",
    "--": "—",
}
"""What a token stands for, where it is not itself."""

_OPENING = frozenset("([{“‘$\n—")
_CLOSING = frozenset(".,;:!?)]}”%\n—")
_CLITICS = ("'s", "'d", "'m", "'re", "'ve", "'ll", "n't", "...")


def text(tokens: Sequence[str]) -> str:
    """The tokens as running text.

    Whether a space stands between two tokens depends on these two alone, so the text of a span of tokens is a part of
    the text of all of them.
    """
    return "".join(_pieces(tokens))


def ends(tokens: Sequence[str]) -> list[int]:
    """Where each token ends in the text of all of them, in characters."""
    return list(accumulate(map(len, _pieces(tokens))))


def _pieces(tokens: Sequence[str]) -> Iterator[str]:
    before = "\n"
    for token in tokens:
        sign = SIGNS.get(token, token)
        yield sign if before in _OPENING or _joins(sign) else f" {sign}"
        before = sign


def _joins(sign: str) -> bool:
    """Whether a token stands close to the one before it."""
    return sign in _CLOSING or sign == "'" or sign.lower().startswith(_CLITICS)
