"""The screen's side of each verb: what it is applied to, what is asked first, what is shown afterwards."""
