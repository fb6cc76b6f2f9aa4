"""What things are, and the pure rules: ids, states, when, text, limits, Clock. No input or output here."""
