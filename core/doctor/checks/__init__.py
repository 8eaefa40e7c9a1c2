"""One small module for what belongs together; checklist.py names them all."""
