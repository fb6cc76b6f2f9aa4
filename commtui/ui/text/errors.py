"""What the screen itself refuses."""


class NotDone(Exception):
    """A command of the screen was not carried out; `str()` is the sentence."""
