"""What longer commands of `staffroom` do; core/cli.py lists them all."""
