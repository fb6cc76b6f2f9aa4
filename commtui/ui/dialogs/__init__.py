"""Screens that lie over the inbox: help, and lists to choose from."""
