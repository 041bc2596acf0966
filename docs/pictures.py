"""Makes the pictures of the README from real output: `python docs/pictures.py` in the root of the repository.

Each is what a command printed on a terminal of 80 columns, and is named after the command.
"""

import asyncio
import io
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from arena.counterfactual import Twist, stage
from arena.models.human import Ask, Human
from arena.tui.app import ArenaApp
from arena.tui.desk.app import DeskApp

DOCS = Path(__file__).parent
FORMAT = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>{lines}</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">{matrix}</g></g>
</svg>
"""


def picture(name: str, title: str, *command: str, lines: slice = slice(None)) -> None:
    """Run a command of the arena and keep its output as `docs/<name>.svg`."""
    arena = [sys.executable, "-m", "arena", *command]
    out = subprocess.run(arena, check=True, capture_output=True, text=True, env={"COLUMNS": "80", "FORCE_COLOR": "1"})
    console = Console(record=True, width=80, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi("\n".join(out.stdout.splitlines()[lines])))
    console.save_svg(str(DOCS / f"{name}.svg"), title=title, code_format=FORMAT, unique_id=name)


def screen(name: str, run: str, episode: str) -> None:
    """Keep the screen over an episode as `docs/<name>.svg`, at its last step."""

    async def look() -> str:
        app = ArenaApp(Path(run), episode=episode)
        async with app.run_test(size=(110, 34)) as pilot:
            await app.workers.wait_for_complete()
            await pilot.press(*["right"] * 8, "r")
            await pilot.pause()
            return app.export_screenshot(title="arena replay")

    _keep(name, asyncio.run(look()))


def desk(name: str, run: str, episode: str) -> None:
    """Keep what a person sees who judges an episode as `docs/<name>.svg`, when the second round was heard."""
    told = stage(Path(run), [Twist(judge="human/ada", orders="forward")], concurrency=1, shadow_judge=True)
    told = told.only([job for wave in told.staged.waves for job in wave.jobs if job.id.endswith(episode)][:1])

    def engine(ask: Ask) -> object:
        for model in told.plan.models.values():
            if isinstance(model, Human):
                model.ask = ask
        return told.play(Path(run).with_name("judged"))

    async def look() -> str:
        app = DeskApp(engine, person="ada", place=lambda: "transcript 3 of 5")
        async with app.run_test(size=(100, 34)) as pilot:
            for keys in (["enter"], ["6", "5", "enter"], ["7", "0"]):
                while app.query_one("#row").disabled or not app.query_one("#answer").display:
                    await pilot.pause(0.01)
                await pilot.press(*keys)
            await pilot.pause()
            return app.export_screenshot(title="arena judge")

    _keep(name, asyncio.run(look()))


def _keep(name: str, drawn: str) -> None:
    drawn = re.sub(r"@font-face \{.*?\}", "", drawn, flags=re.DOTALL)
    drawn = drawn.replace("Fira Code", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono")
    drawn = drawn.replace('-matrix">', '-matrix" xml:space="preserve">')
    (DOCS / f"{name}.svg").write_text(drawn, encoding="utf-8")


def main() -> None:
    """Play a run in a folder of its own, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        run = f"{folder}/run"
        picture("run", "arena run --protocol debate", "run", "--protocol", "debate", "--out", run, lines=slice(0, 30))
        picture("replay", "arena replay", "replay", run, "1", "--plain", lines=slice(0, 44))
        screen("screen", run, "debate~case-0-0004~0")
        desk("judge", run, "case-0-0004~0")


if __name__ == "__main__":
    main()
