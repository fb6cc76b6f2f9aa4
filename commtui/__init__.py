"""commtui: a terminal inbox for the people who run communities."""

__version__ = "0.1.0"
