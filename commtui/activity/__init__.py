"""What every verb uses: a recorded step (one transaction, one log entry), undo, and the log."""
