"""Portraits: prompt, job states, storage."""
