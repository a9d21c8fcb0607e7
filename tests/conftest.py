"""What all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

# Some build servers forbid compiled files; then every one of our many processes would compile all of the source again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes says more of the machine than of the code.
settings.register_profile("migrascope", deadline=None)
settings.load_profile("migrascope")
