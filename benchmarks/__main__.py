"""Make every measurement, one after another, each in a process of its own."""

import subprocess
import sys

NAMES = ("start", "engine", "report", "coverage", "episode", "data", "screen")

for name in NAMES:
    print(f"\n{name}", flush=True)
    subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=True)
