"""Pictures: data in, PNG bytes out. To import a module of these loads Matplotlib, which takes a
second: do both, that and drawing, in a thread."""
