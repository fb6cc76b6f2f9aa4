"""The verbs, undo, rules and views: what keys, commands and rules call."""
