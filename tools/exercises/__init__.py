"""Exercise sets: from one source notebook to what students and graders need."""
