"""The screen's side of each verb: what it is about, what is asked, what is said afterwards."""
