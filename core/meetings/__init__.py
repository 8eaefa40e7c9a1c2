"""What there is to talk about when parents come: facts with their records, never a score of a child."""
