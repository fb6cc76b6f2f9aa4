"""The marketing lane: posts and their drafts."""
