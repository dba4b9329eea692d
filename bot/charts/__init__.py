"""Pictures: data in, PNG bytes out. `data.py` says what they show, `pictures.py` is the way to
them; the other modules load Matplotlib, and are used by that one alone."""
