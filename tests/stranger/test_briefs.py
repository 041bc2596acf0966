from harbour.briefs import Briefs

from arena.testing import check


def test_briefs_are_played_by_the_rules():
    check(Briefs)
