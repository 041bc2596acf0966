"""Exit codes, and the one place where an error becomes a message.

0    done
1    done, and some episodes failed
2    what was asked cannot be done: one line on stderr says why, and what would work
3    the run stopped early (budget, disk); it can be resumed
130  interrupted; a run can be resumed

A verb returns one of the first two by itself; the others are mostly errors that reach `guarded`.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable
from typing import NoReturn

import click

from arena.cli.words import unread
from arena.errors import ArenaError, Stopped

DONE = 0
SOME_FAILED = 1
USAGE = 2
STOPPED = 3
INTERRUPTED = 130


def until_unread(act: Callable[[], int | None]) -> int:
    """Do something that writes to stdout, and stop without a word where nobody reads it any more, as under `head`."""
    try:
        code = act() or DONE
        sys.stdout.flush()
    except BrokenPipeError:
        unread(sys.stdout)
        return DONE
    return code


def guarded(act: Callable[[], int | None]) -> NoReturn:
    """Do something and leave the process: with the code that it returns, or with that of the error it raises."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    sys.exit(_code(act))


def _code(act: Callable[[], int | None]) -> int:
    try:
        return act() or DONE
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except click.NoSuchOption as why:
        near = difflib.get_close_matches(why.option_name, why.possibilities or (), n=1)
        return _refused(_sentence(click.NoSuchOption(why.option_name, possibilities=near).format_message()), USAGE)
    except click.ClickException as why:
        return _refused(_sentence(why.format_message()), USAGE)
    except ArenaError as why:
        return _refused(str(why), STOPPED if isinstance(why, Stopped) else USAGE)
    except OSError as why:
        return _refused(f"{why.filename or 'the output cannot be written'}: {why.strerror or why}", USAGE)


def _refused(message: str, code: int) -> int:
    from arena.text import terminal

    line = " ".join(terminal(message).split())
    click.echo(f"arena: {line}", err=True)
    return code


def _sentence(text: str) -> str:
    """A message of click's in the form of ours."""
    return f"{text[:1].lower()}{text[1:]} `arena --help` and `arena VERB --help` show what there is."
