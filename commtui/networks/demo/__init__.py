"""The demo network: a simulated community, for `commtui --demo`, for tests, and for trying things out."""

from commtui.networks.demo.network import Demo
from commtui.networks.demo.second import SecondDemo

__all__ = ["Demo", "SecondDemo"]
