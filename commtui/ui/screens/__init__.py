"""The screens: each mounts widgets and turns their messages into calls."""
