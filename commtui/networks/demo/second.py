"""The second network of the demo, on which some of the same people are: shorter texts, all of them public."""

from __future__ import annotations

from typing import ClassVar

from msgspec.structs import replace

from commtui.model.abilities import Capabilities, Limits, Proofs, Visibility
from commtui.networks.demo.network import Demo
from commtui.networks.demo.script import SECOND, Script


class SecondDemo(Demo):
    """A smaller community. Its login's options are those of `Demo`; nobody writes unasked."""

    name: ClassVar[str] = "demo2"
    script: ClassVar[Script] = SECOND
    limits: ClassVar[Limits] = Limits(characters=300, media=4, image_bytes=2_000_000)
    file: ClassVar[str] = "world2.json"
    title: ClassVar[str] = "Demo, a second network (simulated, nothing leaves this machine)"
    capabilities: ClassVar[Capabilities] = replace(
        Demo.capabilities,
        content_warning=False,
        direct_messages=False,
        visibilities=(Visibility.PUBLIC,),
        proofs=Proofs(key=(Visibility.PUBLIC,), listed=(Visibility.PUBLIC,)),
    )
