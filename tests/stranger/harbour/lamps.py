"""Which of two lamps was lit: logs of a harbour in which every hour is written down."""

import random
from collections.abc import Iterator

from arena import Item
from arena.datasets.base import Dataset, item


class Lamps(Dataset):
    """Made-up logs of a lighthouse, a question about each. No licence is needed. A group is one log."""

    hours: int = 4

    def items(self, *, limit: int | None, seed: int) -> Iterator[Item]:
        for n in range(limit or 50):
            chance = random.Random(f"{seed}/{n}")
            lit = chance.choice(["north", "south"])
            lines = [f"At {hour} o'clock the {lit} lamp was burning." for hour in range(self.hours)]
            yield item(
                id=f"night-{n}",
                text=f"Which lamp burned in night {n}?",
                right=f"the {lit} lamp",
                wrong="the north lamp" if lit == "south" else "the south lamp",
                passage="\n".join(lines),
                seed=seed,
            )
