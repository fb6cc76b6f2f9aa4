"""What every verb stands on: a recorded step (one transaction, one entry of the log), undo, and the log."""
