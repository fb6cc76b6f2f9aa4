"""What the composer writes: a reply, a post, or another text for something of ours. No screen in here."""
