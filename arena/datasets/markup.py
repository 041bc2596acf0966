"""The text of a story in HTML."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(("p", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "pre", "td", "tr", "blockquote"))
_UNSEEN = frozenset(("script", "style", "title"))
_TAG = re.compile(r"<(?:html|body|p|div|br|h[1-6])\b[^<>]{0,300}>", re.IGNORECASE)


def readable(text: str) -> str:
    """Take the text out of HTML, a paragraph a block; a text without HTML's tags comes back as it is."""
    if not _TAG.search(text, 0, 100_000):
        return text
    reader = _Reader()
    reader.feed(text)
    reader.close()
    blocks = (" ".join(block.split()) for block in "".join(reader.parts).split("\0"))
    return "\n\n".join(block for block in blocks if block)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's name for it
        self._hidden += tag in _UNSEEN
        if tag in _BLOCKS:
            self.parts.append("\0")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _UNSEEN and self._hidden > 0
        if tag in _BLOCKS:
            self.parts.append("\0")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data.replace("\0", ""))
