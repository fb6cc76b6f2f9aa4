"""What stands between Textual and the terminal: only the cells that changed go over the wire.

`driver.PainterDriver` is given to the App as `driver_class`; `diff` is pure (frames in, text out); `clipboard` makes
the sequences for copying and notices. Nothing here imports anything else of commtui.
"""
