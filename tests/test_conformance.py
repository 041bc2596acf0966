"""Every protocol that ships passes the kit that is given to the authors of others."""

import pytest

from arena import plugins
from arena.testing import check
from tests.playthroughs.render import registered


@pytest.mark.parametrize("name", registered())
def test_a_shipped_protocol_passes_the_conformance_kit(name):
    check(plugins.load("protocols", name))
