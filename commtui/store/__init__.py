"""The local cache: TinyDB over SQLite, behind accessors for each kind of record."""
