"""Any dataset of the Hugging Face hub, by its name and a mapping of fields."""

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from arena.datasets.records import Records
from arena.datasets.rows import Row
from arena.errors import DataError, UsageError


class Hub(Records):
    """Any dataset of the Hugging Face hub, or one saved in a folder, by a mapping of its fields.

    Source, licence and citation: those of the dataset that `path` names. Passage, group and wrong options: by the
    settings of a file of your own (see `Records`). `path` is a name (`owner/name`) or a local folder; `config` and
    `split` choose a part. The package `datasets` is needed (`pip install "oversight-arena[hub]"`). It looks into its
    cache; with HF_DATASETS_OFFLINE=1 it looks nowhere else.
    """

    config: str | None = None
    split: str = "test"

    def _rows(self) -> Iterator[Row]:
        yield from records(library(), self.path, self.config, self.split)


def library(name: str = "datasets") -> Any:
    """Import the library, once it is needed; raises `UsageError` with the way to install it."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise UsageError(
            "a dataset of the hub needs the package datasets, and it is not installed; get it with "
            'pip install "oversight-arena[hub]"'
        ) from None


def records(library: Any, path: Path, config: str | None, split: str) -> Iterator[Row]:
    """Yield the records of a split, each with its place; whatever the library cannot do is a `DataError`."""
    saved = any((path / name).is_file() for name in ("state.json", "dataset_dict.json"))
    try:
        if saved:
            found = library.load_from_disk(str(path))
            data = found[split] if isinstance(found, Mapping) else found
        else:
            data = library.load_dataset(path.as_posix(), config, split=split)
        for number, record in enumerate(data, 1):
            yield Row(f"{path.as_posix()} ({split}), record {number}", number, record, path.stem)
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise DataError(
            f"{path.as_posix()} ({split}) cannot be read: {error}. Give a name on the hub, or a folder; where there is "
            "no network, one that is in the cache; config=NAME and split=NAME choose a part"
        ) from None
