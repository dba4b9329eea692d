"""Challenges: so much in so many days, written together by everyone's own calendar."""
