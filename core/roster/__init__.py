"""Schools, classes, students and guardians; importing them."""
