"""The panes: what each one lists, and how."""
