"""maskline: an open, self-hosted number-masking platform."""
