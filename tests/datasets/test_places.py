"""Where a set that is not shipped is looked for; `test_quality_debates` has the order of the places."""

import pytest

from arena.datasets.places import locate
from arena.errors import UsageError


def test_a_folder_may_have_a_second_name(tmp_path):
    (tmp_path / "second").mkdir()
    assert locate(["first", "second"], None, lambda p: p.is_dir(), needs="", environ={"ARENA_DATA": str(tmp_path)}) == (
        tmp_path / "second"
    )


def test_the_usual_name_is_asked_for(tmp_path):
    with pytest.raises(UsageError, match=r"first needs tea.*ARENA_DATA/first"):
        locate(["first", "second"], None, lambda p: p.is_dir(), needs="tea", environ={"ARENA_CACHE": str(tmp_path)})
