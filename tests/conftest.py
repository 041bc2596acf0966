"""What every test shares: how hypothesis searches."""

import os

from hypothesis import settings

# A slow machine is no counter-example, and what CI has passed once it passes again.
settings.register_profile("arena", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("arena")
