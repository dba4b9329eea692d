"""What a writer writes: the ledger, projects, goals and streaks."""
