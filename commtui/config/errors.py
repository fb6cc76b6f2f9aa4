"""The one error of `config`."""

from __future__ import annotations

from pathlib import Path


class ConfigError(ValueError):
    """Something about the home, the config or a secret is wrong. `str()` is one line: what, where, and the way out."""

    def __init__(self, message: str, path: Path | None = None, line: int | None = None) -> None:
        self.path, self.line, self.bare = path, line, message
        place = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(place + message)

    @property
    def brief(self) -> str:
        """The same line with the file's name instead of its path."""
        place = (
            f"{self.path.name}:{self.line}: " if self.path and self.line else f"{self.path.name}: " if self.path else ""
        )
        return place + self.bare
