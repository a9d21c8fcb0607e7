"""A second opinion on a cloud migration, from facts, with nothing to sell."""

__version__ = "0.1.0"
