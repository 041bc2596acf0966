"""How long `arena --help` takes beside an interpreter that does nothing, in pairs.

python benchmarks/start.py [--runs N]
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

AIM = 0.3


def timed(*command: str) -> float:
    """Seconds of one run of a command."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Print the medians, and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    pairs = [(timed("-m", "arena", "--help"), timed("-c", "pass")) for _ in range(parser.parse_args().runs)]
    ours, bare = (statistics.median(times) for times in zip(*pairs, strict=True))
    print(f"  arena --help      {ours:8.3f} s    (aim {AIM}; an interpreter that does nothing: {bare:.3f} s)")


if __name__ == "__main__":
    main()
