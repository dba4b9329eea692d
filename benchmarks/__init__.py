"""How fast the bot answers, beside a bot that does nothing: `python -m benchmarks`."""
