"""The local cache: TinyDB behind a small interface, and the journal under it."""
