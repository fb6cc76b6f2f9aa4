"""The widgets: lists whose cost does not grow with their rows, and lines that cost few bytes."""
