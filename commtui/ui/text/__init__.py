"""What stands on the screen as pieces of text: pure functions, without a screen."""
