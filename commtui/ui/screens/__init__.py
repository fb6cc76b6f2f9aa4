"""The screens: each turns messages into calls on triage."""
