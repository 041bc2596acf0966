"""Where questions come from. The names below are all that a dataset of your own needs."""

from arena.datasets.base import PASSAGE_LIMIT, Dataset, checked, digest, item, whole_groups

__all__ = ["PASSAGE_LIMIT", "Dataset", "checked", "digest", "item", "whole_groups"]
