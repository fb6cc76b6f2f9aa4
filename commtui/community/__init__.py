"""The community lane: conversations, replies, saved replies and the intake of mentions."""
