"""Run every check that a commit must pass: lint, format, types, import contracts, tests.

All of them run whatever the first ones say; the tests come last, so that their count closes the output.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

CHECKS = {
    "lint": ("-m", "ruff", "check", "."),
    "format": ("-m", "ruff", "format", "--check", "."),
    "types": ("-m", "mypy"),
    "import contracts": ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
    "tests": ("-m", "pytest", "-q", "-n", "auto"),
}


def passes(name: str, arguments: tuple[str, ...]) -> bool:
    """Run one check from the root of the repository, its output going where ours goes."""
    sys.stdout.write(f"== {name}\n")
    sys.stdout.flush()
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, check=False).returncode == 0


def main() -> int:
    """Return 0 if every check passed; name on the last line those that did not."""
    failed = [name for name, arguments in CHECKS.items() if not passes(name, arguments)]
    if failed:
        sys.stdout.write(f"failed: {', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
