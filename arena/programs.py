"""Which models are programs or people and no language models, known by their specs."""

from __future__ import annotations

FAKE = "fake-"
"""What the id of every model of a fake provider begins with; behind it stands the id of the model that it plays."""


def program(spec: str) -> bool:
    """Whether a program answers to this spec: `sim/…`, or a fake model of any provider, as in `openai/fake-…`."""
    _, _, name = spec.partition("/")
    return spec.startswith("sim/") or name.startswith(FAKE)


def person(spec: str) -> bool:
    """Whether a person answers to this spec, as in `human/ada`."""
    return spec.startswith("human/")
