"""`python -m commtui` is `commtui`."""

from commtui.main import run

if __name__ == "__main__":
    run()
