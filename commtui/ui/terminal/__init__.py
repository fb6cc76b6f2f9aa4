"""What the program does with its terminal beside painting: keys, job control, $EDITOR."""
