"""The commands as data, and which key does which."""
