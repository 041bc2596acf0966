"""Names that are too long for their place."""

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from arena.tui.words import narrow

from .conftest import debate, header, opened, seen, write


def test_a_name_that_fits_is_left_as_it_is():
    assert narrow("amplification[0]", 16) == "amplification[0]"


def test_of_a_longer_one_the_beginning_and_the_end_are_kept():
    assert narrow("amplification[0]", 15) == "amplifica…on[0]"


@given(st.text(), st.integers(2, 40))
def test_it_takes_no_more_cells_than_there_are(name, most):
    assert cell_len(narrow(name, most)) <= max(most, 0)


def test_arms_that_differ_in_their_ends_can_be_told_apart_on_a_small_screen(tmp_path):
    arms = {f"amplification[{n}]": 1 for n in range(3)}
    script = debate("q1")
    text = seen(opened(write(tmp_path / "run", header(**arms), script), size=(80, 24)))
    assert [f"on[{n}]" in text for n in range(3)] == [True, True, True]
