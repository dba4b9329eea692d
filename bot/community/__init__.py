"""What concerns a member or a server in every room at once."""
