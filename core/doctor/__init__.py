"""What an operator can get wrong, and what to do about it: `probes` look, `checks` judge what was seen."""
