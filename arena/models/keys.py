"""Keys: where they are found, and that they are never told.

A key comes from the environment, or from a file `.env` in the current folder. It is kept in a `Secret`, which has no
readable form; whatever a provider or a server says is searched for it before anybody sees it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from arena.errors import UsageError

HIDDEN = "[key]"
_LINE = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*)")
_SHORTEST = 6
"""Shorter keys are placeholders such as `none`: to search for them would spoil ordinary text."""


class Secret:
    """A key. Its text is had by asking for it, and by no way of printing it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The key itself, for the one place that sends it."""
        return self._text

    def hide(self, text: str) -> str:
        """A text with the key taken out of it."""
        return text.replace(self._text, HIDDEN) if len(self._text) >= _SHORTEST else text

    def mask(self) -> Mask:
        """What takes the key out of a text that comes in pieces."""
        return Mask(self._text if len(self._text) >= _SHORTEST else "")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __reduce__(self) -> str:
        raise TypeError("a key is not written anywhere")


class Mask:
    """Takes a key out of a text that comes in pieces, wherever they are cut: what may be its beginning is held back."""

    __slots__ = ("_held", "_key")

    def __init__(self, key: str) -> None:
        self._key, self._held = key, ""

    def feed(self, piece: str) -> str:
        """What may be told after the next piece."""
        if not self._key:
            return piece
        text = (self._held + piece).replace(self._key, HIDDEN)
        begun = range(min(len(self._key) - 1, len(text)), 0, -1)
        held = next((size for size in begun if text.endswith(self._key[:size])), 0)
        self._held = text[len(text) - held :]
        return text[: len(text) - held]

    def end(self) -> str:
        """What was held back, and turned out to be no key."""
        rest, self._held = self._held, ""
        return rest


def environment(env: Mapping[str, str] | None = None, folder: Path | None = None) -> dict[str, str]:
    """The variables that are set: those of the environment, and of the file `.env` what it leaves open."""
    given = os.environ if env is None else env
    return {**_dotenv((folder or Path()) / ".env"), **{name: value for name, value in given.items() if value.strip()}}


def find(variables: Sequence[str], env: Mapping[str, str]) -> Secret | None:
    """The key in the first of the variables that is set; `None` where none is.

    Raises `UsageError` for a value that cannot be a key; the message names the variable and not the value.
    """
    for name in variables:
        if text := env.get(name, "").strip():
            return Secret(_checked(name, text))
    return None


def need(variables: Sequence[str], what: str, env: Mapping[str, str]) -> Secret:
    """The key that `what` needs; raises `UsageError` that says which variable to set."""
    found = find(variables, env)
    if found is None:
        raise UsageError(
            f"{what} needs a key, and {variables[0]} is not set. Put it into the environment, or into a file .env in "
            f"this folder as a line {variables[0]}=…"
        )
    return found


def _checked(name: str, text: str) -> str:
    if not text.isascii() or not text.isprintable() or " " in text:
        raise UsageError(f"the value of {name} is no key: it holds a space, a line break or a letter outside ASCII")
    return text


def _dotenv(path: Path) -> dict[str, str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as why:
        raise UsageError(f"the file {path} cannot be read ({type(why).__name__}); mend it or take it away") from None
    found = {}
    for line in text.splitlines():
        if match := _LINE.fullmatch(line.strip()):
            found[match[1]] = _value(match[2].strip())
    return found


def _value(text: str) -> str:
    """The value of a line: what is inside quotes, or else what comes before a comment."""
    if text[:1] in ("'", '"') and (end := text.find(text[0], 1)) > 0:
        return text[1:end]
    return re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()
