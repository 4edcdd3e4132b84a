"""Commands for those who work on the book: ``python -m tools.NAME``."""
