"""One module for each network, behind the Protocol of `networks.base`."""
