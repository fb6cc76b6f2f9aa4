"""What both lanes send: the verbs on replies, posts and acts, and the checks before sending."""
