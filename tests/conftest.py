"""What all tests share."""

from __future__ import annotations

import os

# Some build servers forbid compiled files; then every one of our many processes would compile all of the source again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
