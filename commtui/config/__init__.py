"""Settings, accounts, secrets and paths."""
