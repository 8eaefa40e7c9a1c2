"""The sections of the page "School settings", a module or a few for each."""
