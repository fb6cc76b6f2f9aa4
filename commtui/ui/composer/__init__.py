"""Writing a text: the widget in the reader, its review, and what it writes (a reply, a post, an edit of either)."""
