"""maskline: an open, self-hosted number-masking platform."""

__version__ = "0.1.0.dev0"
