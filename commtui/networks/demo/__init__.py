"""The demo network: a simulated community, for `commtui --demo`, for tests, and for trying things out."""

from commtui.networks.demo.network import Demo

__all__ = ["Demo"]
