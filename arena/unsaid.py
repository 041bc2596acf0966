"""Replies that are still being made, as speeches of their episode: what is heard before it is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from arena.events import Said
from arena.outline import Page
from arena.views import order

_THOUGHT = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_FRAME = re.compile(r"</?(?:argument|part)>|<(belief|choice)>.*?(?:</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_BEGUN = re.compile(r"</?[a-z]{0,12}\Z", re.IGNORECASE)
UNSAID = "speaks"
"""The cue of a speech that is still being made: nobody has logged what was asked."""


class Arriving(Protocol):
    """What was heard of a reply so far."""

    @property
    def seat(self) -> str:
        """Who speaks."""
        ...

    @property
    def text(self) -> str:
        """The words so far."""
        ...


def so_far(text: str) -> str:
    """What of an unfinished reply is meant to be heard: no thinking, no frame around it, no tag that has just begun."""
    return _FRAME.sub("", _THOUGHT.sub("", _BEGUN.sub("", text))).strip()


def hearing(page: Page, heard: Mapping[str, Arriving]) -> Page:
    """The page with what is being said at places where it has nothing yet.

    The log goes before what was heard. A speech that is whole and waits for those that are made at the same moment is
    shown too. Whoever is asked aside (`~`) is heard by nobody.
    """
    if page.over:
        return page
    known = {said.at for said in page.steps}
    whole = {at: calls[-1] for at, calls in page.calls.items()}
    fresh = [
        Said(episode=page.episode, at=at, seat=one.seat, cue=UNSAID, text=so_far(one.text))
        for at, one in {**whole, **heard}.items()
        if at not in known and "~" not in at
    ]
    if not fresh:
        return page
    steps = sorted([*page.steps, *fresh], key=lambda said: order(said.at))
    return replace(page, steps=tuple(steps), unsaid=frozenset(said.at for said in fresh))
