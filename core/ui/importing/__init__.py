"""The roster's view that imports a class list: hand in, look at the preview, apply, undo."""
