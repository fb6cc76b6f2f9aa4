"""The command line and the linear mode."""
