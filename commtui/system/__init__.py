"""What asks the operating system for something on behalf of several packages: files and programs."""
