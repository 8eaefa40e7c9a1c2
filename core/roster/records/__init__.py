"""What teachers record of their students: the values, what is refused, and who may change which."""
