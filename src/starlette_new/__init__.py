"""Scaffold Starlette projects that are proven green before they are handed over."""

__version__ = "0.1.0"
