"""What follows the store and the clock, and brings the screen up to date."""
