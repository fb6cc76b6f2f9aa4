"""The commands: one record each, which feeds the key, the palette, the help, the leader's menu and the `:` line."""
