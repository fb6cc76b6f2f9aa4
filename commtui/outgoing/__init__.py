"""What both lanes send: checks, acts, and the verbs on outgoing items."""
