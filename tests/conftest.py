"""How hard the tests try: `HYPOTHESIS_PROFILE=nightly` asks for thousands of examples."""

import os

from hypothesis import settings

# An example may take as long as a loaded machine makes it take: no test asserts a time.
settings.register_profile("patient", deadline=None)
settings.register_profile("nightly", max_examples=1_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))
