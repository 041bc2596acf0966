"""How the engine is at this moment: calls in flight, their pace, and what a run waits for and until when."""

from __future__ import annotations

from datetime import datetime

from rich.text import Text

from arena.live import Status, Wait, wave
from arena.text import terminal
from arena.tui.widgets.still import Still
from arena.tui.words import duration, rate

STATES = {"playing": ("▶", "green"), "paused": ("‖", "yellow"), "stopping": ("■", "yellow")}
_SAID = {"paused": "paused: p goes on", "stopping": "stopping: the calls under way come back first"}
WAITS = 2
"""How many of the things that are waited for are named."""


class Pulse(Still):
    """One line of figures, and one for each thing that is waited for. Not there where no engine tells."""

    def show(self, status: Status | None, now: float) -> None:
        """Draw it anew; `now` is in seconds since 1970."""
        self.display = status is not None and status.state in STATES
        if status is not None and self.display:
            lines = [figures(status), *waits(status, now)]
            self.tell(Text("\n", no_wrap=True, overflow="ellipsis").join(lines), room=len(lines))


def figures(status: Status) -> Text:
    """The figures on one line, those that are most wanted first."""
    sign, colour = STATES[status.state]
    text = Text().append(f"{sign} {_SAID.get(status.state, status.state)}", f"bold {colour}")
    of = f"/{status.limit:,}" if status.limit else ""
    text.append(f" · {status.in_flight:,}{of} in flight")
    text.append(f" · {rate(status.calls_per_second)} calls/s")
    text.append(f" · {rate(status.tokens_per_second)} tokens/s")
    text.append(f" · {status.refused:,} × 429" if status.refused else "", "yellow")
    text.append(f" · {status.concurrency:,} at once")
    text.append(f" · {wave(status.wave, status.waves)}" if status.wave else "", "dim")
    return text


def waits(status: Status, now: float) -> list[Text]:
    """A line for each thing that is waited for, the longest wait first, and how many more there are."""
    told = sorted(status.waits, key=lambda wait: -(wait.until or 0.0))
    lines = [_wait(wait, now) for wait in told[:WAITS]]
    if len(told) > WAITS:
        lines[-1].append(f"  and {len(told) - WAITS:,} waits more", "dim")
    return lines


def _wait(wait: Wait, now: float) -> Text:
    who = " ".join(dict.fromkeys(" ".join(terminal(part).split())[:60] for part in (wait.account, wait.model) if part))
    calls = f"{wait.calls:,} calls wait" if wait.calls != 1 else "1 call waits"
    text = Text().append(f"  {calls} for {who}: {' '.join(terminal(wait.why).split())[:120]}", "yellow")
    if wait.until is not None and 0 < wait.until < 1e11:  # noqa: PLR2004  # beyond is no date
        clock = datetime.fromtimestamp(wait.until).strftime("%H:%M:%S")  # noqa: DTZ006  # the reader's own clock
        text.append(f", until {clock} (in {duration(max(wait.until - now, 0.0))})", "yellow")
    return text
