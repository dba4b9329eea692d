"""What a reader may see, and where they are."""
