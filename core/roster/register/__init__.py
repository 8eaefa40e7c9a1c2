"""Classes, their teachers and students, and the students' guardians, as an admin keeps them by hand."""
