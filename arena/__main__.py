"""The command `arena`, which is `python -m arena` too. An interrupt ends it without a word, even while it loads."""

import sys


def main() -> None:
    """Run one command and leave the process with its exit code."""
    try:
        from arena.cli import verbs  # noqa: PLC0415  # it takes longer to load than a finger needs

        verbs.main()
    except KeyboardInterrupt:
        sys.exit(130)  # as `arena.cli.exits` has it


if __name__ == "__main__":
    main()
