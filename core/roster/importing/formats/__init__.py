"""One module per format: the columns it reads, how it is recognised, how it becomes a neutral roster."""
