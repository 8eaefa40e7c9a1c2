"""The ASGI app round Home.py."""
