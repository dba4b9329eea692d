"""Word sprints: a start, a bell, a few minutes of counting, results."""
