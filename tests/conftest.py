"""How hard the tests try: `HYPOTHESIS_PROFILE=nightly` asks for thousands of examples."""

import os

from hypothesis import settings

settings.register_profile("nightly", max_examples=1_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))
