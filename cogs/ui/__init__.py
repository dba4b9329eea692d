"""What the cogs share: components, who is asking, how things are written."""
